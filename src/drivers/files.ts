import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { digestOf, type Digest } from '../core/digest.ts'
import { messageOf, UserError } from '../core/errors.ts'
import type { Artifact } from '../core/report.ts'

/** The SHA-256 of a file, read as a stream. */
export async function digestFile(path: string): Promise<Digest> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return `sha256:${hash.digest('hex')}`
}

/**
 * Writes a file so that a reader, or a crash, sees the old content or the new, never a part. Makes the folder.
 *
 * @param mode permissions, for a file that others must not read; by default the usual ones
 * @throws UserError E_FILE_WRITE when the system refuses
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  await writeAtomic(path, async (temporary) => {
    const handle = await open(temporary, 'w', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
  })
}

/**
 * The same for a file that `write` makes under another name, which is then moved to its place.
 *
 * @throws UserError E_FILE_WRITE when the system refuses
 */
export async function writeAtomic(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await makeFolder(dirname(path))
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await write(temporary)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}) // what went wrong first is what is told
    throw writeError(path, error)
  }
}

/**
 * Makes a folder and those above it, unless they are there.
 *
 * @throws UserError E_FILE_WRITE when the system refuses
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    throw writeError(path, error)
  }
}

const REFUSALS: Readonly<Record<string, string>> = {
  EISDIR: 'a folder stands there',
  ENOTEMPTY: 'a folder stands there',
  EEXIST: 'a file stands where a folder should be',
  ENOTDIR: 'a file stands where a folder should be',
  EACCES: 'it may not be written by this user',
  EPERM: 'it may not be written by this user',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
}

/** What the system refuses is for the user to put right; anything else is passed on as it is. */
function writeError(path: string, error: unknown): unknown {
  const refusal = REFUSALS[(error as NodeJS.ErrnoException).code ?? '']
  if (refusal === undefined) return error
  return new UserError('E_FILE_WRITE', `${path} cannot be written: ${refusal}`, {
    hint: 'Make room for it, or name another place.',
    cause: error,
  })
}

/** `stat` that answers undefined for what does not exist. */
export async function statIfExists(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return undefined
    throw error
  }
}

/** The absolute path of a file or folder that must exist; `what` names it in the error, for example "the model". */
export async function requirePath(cwd: string, path: string, what: string): Promise<string> {
  const absolute = resolve(cwd, path)
  if (!(await statIfExists(absolute))) {
    throw new UserError('E_FILE_MISSING', `${what} does not exist: ${path}`, { hint: `Looked for ${absolute}.` })
  }
  return absolute
}

/**
 * The absolute path of a file that must exist, and be no folder.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT
 */
export async function requireFile(cwd: string, path: string, what: string): Promise<string> {
  const absolute = await requirePath(cwd, path, what)
  if ((await stat(absolute)).isDirectory()) {
    throw new UserError('E_FILE_FORMAT', `${what} is a folder: ${path}`, { hint: 'Name the file itself.' })
  }
  return absolute
}

/**
 * The JSON value in a file.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT
 */
export async function readJsonFile(cwd: string, path: string, what: string): Promise<unknown> {
  const absolute = await requireFile(cwd, path, what)
  try {
    return JSON.parse(await readFile(absolute, 'utf8')) as unknown
  } catch (error) {
    throw new UserError('E_FILE_FORMAT', `${what} is not JSON: ${path}: ${messageOf(error)}`, {
      location: { file: displayPath(cwd, absolute) },
      cause: error,
    })
  }
}

/** A path as it is written in reports: relative to the project folder, with forward slashes; absolute when outside it. */
export function displayPath(cwd: string, path: string): string {
  const inside = relative(cwd, resolve(cwd, path))
  if (inside === '') return '.'
  return inside.startsWith('..') || isAbsolute(inside) ? resolve(cwd, path) : inside.split(sep).join('/')
}

/** The files that a path, a folder or a glob stands for: absolute, sorted; none when nothing is there. */
export async function expandFiles(cwd: string, pattern: string): Promise<string[]> {
  const absolute = resolve(cwd, pattern)
  const found = await statIfExists(absolute)
  if (found?.isFile()) return [absolute]
  const options = { cwd, absolute: true, dot: true, onlyFiles: true, followSymbolicLinks: false } as const
  if (found?.isDirectory()) return (await glob('**', { ...options, cwd: absolute })).toSorted()
  return isDynamicPattern(pattern) ? (await glob(pattern, options)).toSorted() : []
}

/** Digest of each file that a path, folder or glob stands for, by its path relative to `cwd`. */
export async function digestFiles(cwd: string, pattern: string): Promise<Record<string, Digest>> {
  const digests: Record<string, Digest> = {}
  for (const path of await expandFiles(cwd, pattern)) digests[displayPath(cwd, path)] = await digestFile(path)
  return digests
}

/** One digest for a file, or for all files of a folder or glob with their names. */
export async function digestPath(cwd: string, pattern: string): Promise<Digest> {
  const absolute = resolve(cwd, pattern)
  if ((await statIfExists(absolute))?.isFile()) return digestFile(absolute)
  return digestOf(await digestFiles(cwd, pattern))
}

/** A file as a report's artifact. */
export async function artifactOf(cwd: string, path: string, mediaType?: string): Promise<Artifact> {
  const absolute = resolve(cwd, path)
  const [digest, { size }] = await Promise.all([digestFile(absolute), stat(absolute)])
  return { path: displayPath(cwd, absolute), digest, bytes: size, ...(mediaType && { mediaType }) }
}
