// The process's entry. Asking for the version must not wait for anything to be loaded.
import { version } from '../drivers/self.ts'

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.write(`${version()}\n`)
} else {
  const { runCli } = await import('./program.ts')
  process.exit(await runCli(argv))
}
