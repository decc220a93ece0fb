import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../core/digest.ts'
import { Budget, DEFAULT_LIMITS, type Limits } from './budget.ts'
import { Examination, type Part } from './examination.ts'
import type { FileScan } from './file-scan.ts'
import { openFileSource } from './file-source.ts'
import { examine } from './examine.ts'
import type { Level } from './level.ts'
import { judge, type Allowance } from './policy/policy.ts'
import { verdictOf } from './rules.ts'
import { memorySource, type ByteSource } from './source.ts'

export interface ScanOptions {
  readonly signal?: AbortSignal
  /** How a path is written in findings; as it is, when not given. */
  readonly display?: (path: string) => string
  readonly limits?: Partial<Limits>
  /** `framework` when not given. */
  readonly level?: Level
  /** Names that the project allows beside the allow-list. */
  readonly allow?: readonly Allowance[]
}

/** Scans bytes in memory; `name` stands for a file name in findings, and its extension is compared with the content. */
export async function scanBytes(bytes: Uint8Array, name: string, options: ScanOptions = {}): Promise<FileScan> {
  const started = performance.now()
  const examination = await examineAll(memorySource(bytes), name, options)
  return result(examination, { path: name, digest: sha256(bytes), bytes: bytes.length, started })
}

/** Scans one file. It is opened once, and the digest is that of what was read. */
export async function scanFile(path: string, options: ScanOptions = {}): Promise<FileScan> {
  const started = performance.now()
  const name = options.display?.(path) ?? path
  const file = openFileSource(path)
  try {
    const examination = await examineAll(file, name, options)
    const digest = file.digest()
    if (!file.unchanged())
      examination.report('scan.changed', {
        message: 'The file changed while it was read: scan it again',
        part: wholeOf(examination, name),
      })
    return result(examination, { path: name, digest, bytes: file.size, started })
  } finally {
    file.close()
  }
}

/**
 * Scans a file, or every regular file in a folder and below, in order of their paths. Symbolic links are not followed.
 *
 * @throws the file system's error when the path cannot be read
 */
export async function scanPath(path: string, options: ScanOptions = {}): Promise<FileScan[]> {
  if (!(await stat(path)).isDirectory()) return [await scanFile(path, options)]
  const scans: FileScan[] = []
  for (const file of await filesBelow(path)) {
    options.signal?.throwIfAborted()
    scans.push(await scanFile(file, options))
  }
  return scans
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await filesBelow(path)))
    else if (entry.isFile()) found.push(path)
  }
  return found
}

async function examineAll(source: ByteSource, name: string, options: ScanOptions): Promise<Examination> {
  const examination = new Examination({
    budget: new Budget({ ...DEFAULT_LIMITS, ...options.limits }, options.signal),
    examine,
    level: options.level ?? 'framework',
    judge,
    neighbours: new Set(),
  })
  await examine(source, wholeOf(examination, name))
  return examination
}

const wholeOf = (examination: Examination, name: string): Part => ({ examination, name, depth: 0, base: 0, stream: undefined })

function result(examination: Examination, file: Pick<FileScan, 'path' | 'digest' | 'bytes'> & { started: number }): FileScan {
  const { path, digest, bytes, started } = file
  return {
    path,
    digest,
    bytes,
    formats: [...examination.formats],
    verdict: verdictOf(examination.rules, examination.level),
    findings: examination.findings,
    durationMs: performance.now() - started,
  }
}
