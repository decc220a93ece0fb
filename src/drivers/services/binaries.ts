import { access, constants, realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { glob } from 'tinyglobby'

const SUFFIX = process.platform === 'win32' ? '.exe' : ''

/** The folder that has all of these programs: on PATH first, then in these places (globs), the highest version first. */
export async function folderWith(
  programs: readonly [string, ...string[]],
  path: string,
  places: readonly string[],
): Promise<string | undefined> {
  const elsewhere = await glob([...places], { onlyDirectories: true, absolute: true, expandDirectories: false })
  const byVersion = elsewhere.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
  for (const folder of [...path.split(delimiter).filter(Boolean), ...byVersion]) {
    // A link on PATH leads to the folder where the others are.
    const first = await realpath(join(folder, programs[0] + SUFFIX)).catch(() => undefined)
    if (first === undefined) continue
    const home = join(first, '..')
    if (await allRunnable(home, programs)) return home
  }
  return undefined
}

async function allRunnable(folder: string, programs: readonly string[]): Promise<boolean> {
  const checks = programs.map((program) => access(join(folder, program + SUFFIX), constants.X_OK))
  return (await Promise.allSettled(checks)).every(({ status }) => status === 'fulfilled')
}
