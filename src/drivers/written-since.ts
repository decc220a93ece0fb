import { stat } from 'node:fs/promises'
import { expandFiles } from './files.ts'

/** The files of some paths, folders and globs as they are at one moment, to tell later which were written since. */
export interface FilesBefore {
  /** The files that are new or were written again since then, also with the same content: absolute, sorted. */
  written(): Promise<string[]>
  /** Those that are still as they were. */
  untouched(): Promise<string[]>
}

export async function filesBefore(cwd: string, patterns: readonly string[]): Promise<FilesBefore> {
  const before = await stamps(cwd, patterns)
  const select = async (isWanted: (path: string, stamp: string) => boolean) =>
    [...(await stamps(cwd, patterns))].flatMap(([path, stamp]) => (isWanted(path, stamp) ? [path] : [])).toSorted()
  return {
    written: () => select((path, stamp) => before.get(path) !== stamp),
    untouched: () => select((path, stamp) => before.get(path) === stamp),
  }
}

/** What changes whenever a file is written, replaced or touched. */
async function stamps(cwd: string, patterns: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const pattern of patterns) {
    for (const path of await expandFiles(cwd, pattern)) {
      const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
      found.set(path, [ino, size, mtimeNs, ctimeNs].join(':'))
    }
  }
  return found
}
