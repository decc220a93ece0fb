import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'

/** Hashes that a model signature may use; blake3 is not in node:crypto. */
export const HASHES = { sha256: 'sha256', blake2b: 'blake2b512' } as const
export type HashName = keyof typeof HASHES

/** Git's own files, at the top of a folder, are no part of a model. */
const GIT_PATHS: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore']

/** One file of a model, or a piece of one. */
export interface ManifestEntry {
  /** Relative to the model's folder, with forward slashes; `.` for a model that is one file; `path:start:end` for a piece. */
  readonly name: string
  readonly algorithm: HashName
  /** In hex. */
  readonly digest: string
}

/** Every file of a model with its digest, in the order of the OpenSSF Model Signing specification. */
export interface Manifest {
  /** The last part of the model's path. */
  readonly name: string
  readonly entries: readonly ManifestEntry[]
  /** Paths in the folder that are no part of the model. */
  readonly ignored: readonly string[]
}

export interface ManifestOptions {
  /** Files in the folder that are no part of the model: its signature. Absolute paths. */
  readonly except?: readonly string[]
  readonly hash?: HashName
  /** Bytes of a piece; whole files when not given. */
  readonly shardSize?: number
}

/**
 * Hashes a model now: one file, or every file of a folder and below.
 *
 * @throws UserError E_FILE_FORMAT for a symbolic link or anything else that is neither file nor folder: what it stands for can
 *   be changed without changing the folder
 */
export async function manifestOf(
  path: string,
  { except = [], hash = 'sha256', shardSize }: ManifestOptions = {},
): Promise<Manifest> {
  const absolute = resolve(path)
  const name = basename(await realpath(absolute))
  const isFolder = (await stat(absolute)).isDirectory()
  const inside = except
    .map((file) => relative(absolute, resolve(file)).split(sep).join('/'))
    .filter((file) => file !== '' && !file.startsWith('..'))
  const ignored = isFolder ? [...GIT_PATHS, ...inside] : []
  const files = isFolder ? await filesOf(absolute, ignored) : ['.']
  const entries: ManifestEntry[] = []
  for (const file of files) {
    const full = file === '.' && !isFolder ? absolute : join(absolute, file)
    for (const piece of await piecesOf(full, file, shardSize)) {
      entries.push({ name: piece.name, algorithm: hash, digest: await hashOf(full, hash, piece.range) })
    }
  }
  return { name, entries, ignored }
}

/** The digest of all digests, in order: what stands for the model in its signature. */
export function rootDigest(entries: readonly Pick<ManifestEntry, 'digest'>[]): Digest {
  const hash = createHash('sha256')
  for (const { digest } of entries) hash.update(digest, 'hex')
  return `sha256:${hash.digest('hex')}`
}

/** The digest by which statements name a model: of the file itself, of the manifest of a folder. */
export async function modelDigest(path: string, options: ManifestOptions = {}): Promise<Digest> {
  const { entries } = await manifestOf(path, options)
  return entries.length === 1 && entries[0]!.name === '.' ? `sha256:${entries[0]!.digest}` : rootDigest(entries)
}

async function filesOf(folder: string, ignored: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const skip = new Set(ignored)
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (skip.has(path)) continue
      if (entry.isDirectory()) await walk(path)
      else if (entry.isFile()) found.push(path)
      else {
        throw new UserError(
          'E_FILE_FORMAT',
          `${join(folder, path)} is ${entry.isSymbolicLink() ? 'a symbolic link' : 'neither a file nor a folder'}, and cannot be part of a signed model`,
          {
            hint: 'Put the file itself there: what a link leads to can be changed without changing the model.',
          },
        )
      }
    }
  }
  await walk('')
  return found.toSorted(byParts)
}

/** Folder by folder, by code points: `a/x` before `a-b`. UTF-8 has the order of the code points. */
export function byParts(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = Buffer.compare(Buffer.from(left[i]!), Buffer.from(right[i]!))
    if (order !== 0) return order
  }
  return left.length - right.length
}

interface Piece {
  readonly name: string
  /** First and last byte; null for the whole file, however long it is. */
  readonly range: { readonly start: number; readonly end: number } | null
}

async function piecesOf(path: string, name: string, shardSize: number | undefined): Promise<Piece[]> {
  if (shardSize === undefined) return [{ name, range: null }]
  const { size } = await stat(path)
  const pieces: Piece[] = []
  for (let start = 0; start < size; start += shardSize) {
    const end = Math.min(start + shardSize, size)
    pieces.push({ name: `${name}:${start}:${end}`, range: { start, end: end - 1 } })
  }
  return pieces
}

async function hashOf(path: string, name: HashName, range: Piece['range']): Promise<string> {
  const hash = createHash(HASHES[name])
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...range })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
