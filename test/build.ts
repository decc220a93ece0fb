import { execFileSync } from 'node:child_process'

/** Builds dist/. Type errors are the business of `npm run types`, so that one room's mistake does not hide another's tests. */
export default function build(): void {
  try {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'ignore' })
  } catch {
    // tsc has written what it could.
  }
}
