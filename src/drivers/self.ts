import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the installed package. The same from `src/` (tests) and from `dist/`. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url))

/** The built JavaScript of one of our own modules, to start as a process or a worker: `builtModule('cli/main')`. */
export function builtModule(name: string): string {
  return join(packageRoot, 'dist', `${name}.js`)
}

/** Plimsoll's version. */
export function version(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version
}
