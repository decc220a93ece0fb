import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { glob, isDynamicPattern } from 'tinyglobby'
import { digestOf, type Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
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
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    const handle = await open(temporary, 'w', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
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
