import { execFileSync } from 'node:child_process'

/** Brings dist/ up to date, since tests start our own commands and workers as processes. */
export default function build(): void {
  execFileSync(process.execPath, ['scripts/setup.mjs', '--quiet'], { stdio: 'inherit' })
}
