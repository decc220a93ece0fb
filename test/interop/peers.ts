import { execFileSync } from 'node:child_process'

function works(program: string, parameters: readonly string[]): boolean {
  try {
    execFileSync(program, parameters, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** An interpreter with scikit-learn, pandas and joblib: the one that is named, Debian's, or whatever is on the path. */
export const python = [process.env['PLIMSOLL_PYTHON'], '/usr/bin/python3', 'python3'].find(
  (candidate) => candidate !== undefined && works(candidate, ['-c', 'import sklearn, pandas, joblib']),
)

export const CHROMIUM = '/usr/bin/chromium'

/** What the interop tests measure Plimsoll against, by the Debian package that brings it, and whether it is here. */
export const PEERS = {
  'python3-sklearn': python !== undefined,
  skopeo: works('skopeo', ['--version']),
  chromium: works(CHROMIUM, ['--version']),
  'redis-server': works('redis-server', ['--version']),
  postgresql: works('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb || command -v initdb']),
} as const

/** For `test.skipIf` and `describe.skipIf`; the title of what is skipped names the peer. */
export const lacks = (peer: keyof typeof PEERS): boolean => !PEERS[peer]
