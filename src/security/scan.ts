import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { sha256, type Digest } from '../core/digest.ts'
import { Budget, DEFAULT_LIMITS, type Limits } from './budget.ts'
import { Examination, type Observe, type Part } from './examination.ts'
import { examine } from './examine.ts'
import type { FileScan, UndigestedScan } from './file-scan.ts'
import { NotRegular, openFileSource, type FileSource } from './file-source.ts'
import { entriesOf, targetOf, type FolderEntry } from './folder.ts'
import type { Level } from './level.ts'
import { judgeBeside } from './policy/neighbours.ts'
import { judge, policyWith, type Allowance } from './policy/policy.ts'
import { verdictOf, type RuleId } from './rules.ts'
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
  readonly observe?: Observe
}

/**
 * Scans bytes, a file, or every file of a folder, and answers one scan per file. Nothing is loaded, imported or run.
 *
 * @param input bytes in memory, or the path of a file or folder
 * @throws the file system's error when the path cannot be read
 */
export async function scan(input: Uint8Array | string, options: ScanOptions & { name?: string } = {}): Promise<FileScan[]> {
  return typeof input === 'string' ? scanPath(input, options) : [await scanBytes(input, options.name ?? 'bytes', options)]
}

/** Scans bytes in memory; `name` stands for a file name in findings, and its extension is compared with the content. */
export async function scanBytes(bytes: Uint8Array, name: string, options: ScanOptions = {}): Promise<FileScan> {
  const started = performance.now()
  const examination = newExamination(name, options)
  await examineWhole(memorySource(bytes), examination, name, true)
  return result(examination, { path: name, digest: sha256(bytes), bytes: bytes.length, started })
}

/**
 * Scans one file. It is opened once, and the digest is that of what was read.
 *
 * @throws the file system's error when the file cannot be read
 */
export async function scanFile(path: string, options?: ScanOptions): Promise<FileScan>
/** Scans one file, and does not read what the scan itself has no need of. */
export async function scanFile(path: string, options: ScanOptions & { digest: false }): Promise<UndigestedScan>
export async function scanFile(path: string, options: ScanOptions & { digest?: false } = {}): Promise<UndigestedScan> {
  const started = performance.now()
  const file = openFileSource(path, { hashes: options.digest !== false })
  return scanOpen(file, path, newExamination(basename(path), options), { ...options, started, isAlone: true })
}

/**
 * Scans a file, or every file in a folder and below, in order of their paths. Links are not followed.
 *
 * @throws the file system's error when the path cannot be read
 */
export async function scanPath(path: string, options: ScanOptions = {}): Promise<FileScan[]> {
  if (!statSync(path).isDirectory()) return [await scanFile(path, options)]
  const entries = [...entriesOf(path)]
  const neighbours = new Set(entries.filter(({ kind }) => kind === 'file').map(({ place }) => place))
  const scans: FileScan[] = []
  for (const entry of entries) {
    options.signal?.throwIfAborted()
    scans.push(await scanEntry(entry, newExamination(entry.place, options, neighbours), options))
  }
  return scans
}

async function scanEntry(entry: FolderEntry, examination: Examination, options: ScanOptions): Promise<FileScan> {
  const started = performance.now()
  const { path } = entry
  const name = options.display?.(path) ?? path
  const unread = (rule: RuleId, message: string, bytes: Uint8Array = new Uint8Array(0)) => {
    examination.report(rule, { message, part: wholeOf(examination, name) })
    return result(examination, { path: name, digest: sha256(bytes), bytes: bytes.length, started })
  }
  if (entry.kind === 'link') {
    const target = targetOf(path)
    return unread(
      'scan.link',
      `Not examined: a link to ${JSON.stringify(target)}, which is not in the folder`,
      Buffer.from(target),
    )
  }
  if (entry.kind === 'special') return unread('scan.special-file', 'A pipe, a socket or a device')
  if (entry.kind === 'history') return unread('scan.skipped', 'The history of the folder, which is not scanned')
  if (entry.kind === 'unreadable') return unread('scan.unreadable', 'Not examined: the folder cannot be listed')
  let file: FileSource
  try {
    file = openFileSource(path, { followsLinks: false })
  } catch (error) {
    // Whatever it was when the folder was listed, it is something else now.
    if (error instanceof NotRegular) return unread('scan.special-file', 'A pipe, a socket or a device')
    return unread('scan.unreadable', `Not examined: the file cannot be opened (${(error as NodeJS.ErrnoException).code})`)
  }
  return (await scanOpen(file, path, examination, { ...options, started, isAlone: false })) as FileScan
}

interface OpenOptions extends ScanOptions {
  readonly started: number
  readonly digest?: false
  /** Whether the file is all that is scanned. */
  readonly isAlone: boolean
}

async function scanOpen(file: FileSource, path: string, examination: Examination, options: OpenOptions): Promise<UndigestedScan> {
  const name = options.display?.(path) ?? path
  const part = wholeOf(examination, name)
  try {
    await examineWhole(file, examination, name, options.isAlone)
    const digest = options.digest === false ? undefined : await file.digest()
    if (!file.unchanged()) {
      const message = 'The file changed while it was read: scan it again'
      examination.report('scan.changed', { message, part, offset: 0, length: file.size })
    }
    if (file.links > 1) {
      examination.report('scan.hard-links', { message: `The file has ${file.links} names, of which this is one`, part })
    }
    return result(examination, { path: name, digest, bytes: file.size, started: options.started })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'read') throw error
    examination.report('scan.unreadable', { message: `Not examined to its end: reading failed (${(error as NodeJS.ErrnoException).code})`, part }) // prettier-ignore
    return result(examination, { path: name, digest: sha256(new Uint8Array(0)), bytes: file.size, started: options.started })
  } finally {
    file.close()
  }
}

function newExamination(place: string, options: ScanOptions, neighbours: ReadonlySet<string> = new Set()): Examination {
  return new Examination({
    budget: new Budget({ ...DEFAULT_LIMITS, ...options.limits }, options.signal),
    examine,
    level: options.level ?? 'framework',
    judge: judgeBeside(policyWith(options.allow ?? [], new Date()), neighbours, judge),
    neighbours,
    place,
    observe: options.observe,
  })
}

async function examineWhole(source: ByteSource, examination: Examination, name: string, isAlone: boolean): Promise<void> {
  const part = wholeOf(examination, name)
  await examine(source, part)
  // Among others, an empty file is no model; alone, it is to be one.
  if (source.size === 0 && isAlone && examination.findings.length === 0) {
    examination.report('format.unknown', { message: 'Not examined: there is nothing in it', part })
  }
}

const wholeOf = (examination: Examination, name: string): Part => ({ examination, name, depth: 0, base: 0, stream: undefined })

interface Scanned {
  readonly path: string
  readonly digest: Digest | undefined
  readonly bytes: number
  readonly started: number
}

function result(examination: Examination, scanned: Scanned & { digest: Digest }): FileScan
function result(examination: Examination, scanned: Scanned): UndigestedScan
function result(examination: Examination, { path, digest, bytes, started }: Scanned): UndigestedScan {
  return {
    path,
    ...(digest !== undefined && { digest }),
    bytes,
    formats: [...examination.formats],
    verdict: verdictOf(examination.rules, examination.level),
    findings: examination.findings,
    unexamined: examination.unexamined,
    durationMs: performance.now() - started,
  }
}
