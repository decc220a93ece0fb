import { displayPath } from '../drivers/files.ts'
import { filesBefore, type FilesBefore } from '../drivers/written-since.ts'

/** A file, folder or glob that a command is to write, with what was there before. */
export interface WatchedFiles {
  readonly pattern: string
  readonly before: FilesBefore
}

/** What stands at each of these paths before a command runs. */
export async function filesBeforeEach(cwd: string, patterns: readonly string[]): Promise<WatchedFiles[]> {
  return Promise.all(patterns.map(async (pattern) => ({ pattern, before: await filesBefore(cwd, [pattern]) })))
}

/** The files that were written, and for each path under which none was, a sentence that says so: an old file is no answer. */
export async function writtenFiles(
  cwd: string,
  watched: readonly WatchedFiles[],
): Promise<{ paths: string[]; missing: string[] }> {
  const paths = new Set<string>()
  const missing: string[] = []
  for (const { pattern, before } of watched) {
    const written = await before.written()
    for (const path of written) paths.add(path)
    if (written.length > 0) continue
    const old = (await before.untouched()).map((path) => displayPath(cwd, path))
    missing.push(
      old.length > 0
        ? `${old.join(', ')} is from an earlier run: the command did not write it.`
        : `The command did not write ${pattern}.`,
    )
  }
  return { paths: [...paths], missing }
}
