import { stat } from 'node:fs/promises'
import { digestOf, type Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import { digestFile, displayPath } from '../../drivers/files.ts'

/** What tells a file from what stood at its path before, without reading it. */
export interface FileMark {
  readonly path: string
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
  readonly inode: bigint
}

export async function markOf(path: string): Promise<FileMark> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true })
  return { path, size, mtimeNs, ctimeNs, inode: ino }
}

/** Where digests of files are kept from one run to the next. */
export interface DigestStore {
  known(mark: FileMark): Digest | undefined
  /** @param hashedAt milliseconds since 1970: when reading the file began */
  learn(mark: FileMark, digest: Digest, hashedAt: number): void
}

/** The digests of the files of a data set. A file is read for its digest once, and not at all when it is known from before. */
export interface FileDigests {
  /** Without reading the file. */
  known(file: string): Digest | undefined
  /** As far as it has come up already. */
  seen(file: string): Digest | undefined
  of(file: string): Promise<Digest>
  /** @throws UserError E_CONFLICT when a file is another than it was at first */
  requireUnchanged(): Promise<void>
}

export async function fileDigests(cwd: string, files: readonly string[], store: () => DigestStore | null): Promise<FileDigests> {
  const marks = new Map<string, FileMark>()
  for (const file of files) marks.set(file, await markOf(file))
  const digests = new Map<string, Digest>()
  const known = (file: string): Digest | undefined => {
    const digest = digests.get(file) ?? store()?.known(marks.get(file)!)
    if (digest !== undefined) digests.set(file, digest)
    return digest
  }
  return {
    known,
    seen: (file) => digests.get(file),
    async of(file) {
      let digest = known(file)
      if (digest === undefined) {
        const hashedAt = Date.now()
        digest = await digestFile(file)
        store()?.learn(marks.get(file)!, digest, hashedAt)
      }
      digests.set(file, digest)
      return digest
    },
    async requireUnchanged() {
      for (const [file, before] of marks) {
        const after = await markOf(file).catch(() => undefined)
        if (after?.size === before.size && after.mtimeNs === before.mtimeNs && after.inode === before.inode) continue
        const display = displayPath(cwd, file)
        throw new UserError('E_CONFLICT', `${display} was changed while it was read`, {
          hint: 'Run again when nothing writes to the data.',
          location: { file: display },
        })
      }
    },
  }
}

/** The digest of a unit of several files: of theirs, in reading order. */
export const digestOfAll = (digests: readonly Digest[]): Digest => (digests.length === 1 ? digests[0]! : digestOf(digests))
