import { crc32 } from 'node:zlib'
import { unfoldedFrom, within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { hasBytes, memorySource, slice, type ByteSource } from '../source.ts'
import { unfold } from './unfold.ts'
import { endRecords, readDirectory, readLocalHeader, type ZipDirectory, type ZipEntry, type ZipHeader } from './zip-directory.ts'

const ENCRYPTED = 0x0001 | 0x0040
const HAS_DESCRIPTOR = 0x0008
/** Bits 1, 2: how deflate was tuned; 3: sizes follow the data; 11: names in UTF-8. Others are not used by any model. */
const KNOWN_FLAGS = 0x0006 | HAS_DESCRIPTOR | 0x0800

export const zip: Format = {
  name: 'zip',
  title: 'zip (PyTorch, npz, Keras, skops)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'every member by each way of reading the archive, and what these disagree on',
  recognises: isZip,
  examine: examineZip,
}

/** A local header at the start, or an end of central directory near the end, whatever stands before. */
function isZip(source: ByteSource): boolean {
  return hasBytes(source, 0, 'PK\x03\x04') || endRecords(source).length > 0
}

/**
 * Examines a zip archive in every way that a reader may take it: as its central directory tells it, as its local headers
 * tell it, and the bytes that neither accounts for. Contradictions between them are findings.
 */
async function examineZip(source: ByteSource, part: Part): Promise<void> {
  const spans: Span[] = []
  let directories = 0
  for (const record of endRecords(source).toReversed()) {
    // The table of an archive within a member is met again when that member is examined.
    if (spans.some(([start, end]) => start <= record && record < end)) continue
    if (++directories > 1) report(part, 'container.disagrees', 'the archive has another table of contents', record)
    if (!(await examineDirectory(source, record, spans, part))) return
  }
  if (directories === 0) report(part, 'container.damaged', 'the archive has no table of contents', 0)
  await examineGaps(source, spans, part)
}

/** First byte, and the byte after the last. */
type Span = readonly [number, number]

/** Examines the members of one table of contents; false when a bound was hit. Adds the bytes that it accounts for. */
async function examineDirectory(source: ByteSource, record: number, spans: Span[], part: Part): Promise<boolean> {
  const { budget, formats } = part.examination
  const directory = readDirectory(source, record, budget.limits.members)
  reportDirectory(directory, part)
  spans.push([directory.directoryStart, directory.end])
  const root = torchRoot(directory)
  if (root !== undefined) formats.add('torch')
  const seen = new Set<string>()
  for (const entry of directory.entries) {
    if (!budget.member()) {
      report(part, 'scan.limit', 'the archives have more members than the scan may open', entry.offset)
      return false
    }
    reportEntry(entry, seen, part)
    const span = await examineEntry(source, entry, root, part)
    if (span) spans.push(span)
    await budget.breathe()
  }
  return !directory.cut
}

function report(part: Part, rule: Parameters<Part['examination']['report']>[0], message: string, offset: number): void {
  part.examination.report(rule, { message: `At byte ${offset}, ${message}`, part, offset })
}

function reportDirectory(directory: ZipDirectory, part: Part): void {
  for (const { message, offset } of directory.contradictions) report(part, 'container.disagrees', message, offset)
  if (directory.prefix > 0) report(part, 'container.hidden-data', `${directory.prefix} bytes stand before the archive`, 0)
  if (directory.cut) report(part, 'scan.limit', 'the archive lists more members than the scan may open', directory.directoryStart)
}

function reportEntry(entry: ZipEntry, seen: Set<string>, part: Part): void {
  const { name, local, offset } = entry
  const shown = JSON.stringify(name.slice(0, 100))
  const key = name.toLowerCase()
  if (seen.has(key)) report(part, 'container.disagrees', `the archive has a second member ${shown}`, offset)
  seen.add(key)
  if (/(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|\0/.test(name))
    report(part, 'container.unsafe-name', `the member ${shown} leads out of the folder`, offset)
  if ((entry.flags & ENCRYPTED) !== 0 || (local && (local.flags & ENCRYPTED) !== 0)) {
    report(part, 'container.encrypted', `the member ${shown} is marked as encrypted`, offset)
  }
  if (!local) {
    report(part, 'container.disagrees', `the member ${shown} has no local header where the table of contents says`, offset)
    return
  }
  for (const difference of differences(entry, local)) {
    report(part, 'container.disagrees', `the member ${shown} has another ${difference} in its local header`, offset)
  }
  if (((entry.flags | local.flags) & ~(KNOWN_FLAGS | ENCRYPTED)) !== 0) {
    report(part, 'container.disagrees', `the member ${shown} has flags that no model archive has`, offset)
  }
}

function differences(entry: ZipHeader, local: ZipHeader): string[] {
  const found: string[] = []
  if (entry.name !== local.name) found.push('name')
  if (entry.method !== local.method) found.push('compression method')
  if ((entry.flags & ~0x0800) !== (local.flags & ~0x0800)) found.push('set of flags')
  // With a data descriptor, the local header may leave sizes and checksum at zero.
  const open = (local.flags & HAS_DESCRIPTOR) !== 0
  const differs = (a: number, b: number) => a !== b && !(open && b === 0)
  if (differs(entry.compressedSize, local.compressedSize) || differs(entry.size, local.size)) found.push('size')
  if (differs(entry.crc, local.crc)) found.push('checksum')
  return found
}

/** Examines what an entry points to, and answers the bytes that it accounts for. */
async function examineEntry(
  source: ByteSource,
  entry: ZipEntry,
  root: string | undefined,
  part: Part,
): Promise<Span | undefined> {
  const { local } = entry
  if (!local) return undefined
  await examineMember(source, entry, local.dataOffset, root, part)
  const agrees = entry.method === local.method && (entry.compressedSize === local.compressedSize || local.compressedSize === 0)
  if (!agrees || entry.name !== local.name) await examineMember(source, local, local.dataOffset, root, part)
  const dataEnd = local.dataOffset + entry.compressedSize
  return [entry.offset, dataEnd + descriptorLength(source, entry, dataEnd)]
}

/** Checksum and sizes after the data, with or without a signature, of 32 or 64 bits. */
function descriptorLength(source: ByteSource, entry: ZipEntry, dataEnd: number): number {
  if (((entry.flags | (entry.local?.flags ?? 0)) & HAS_DESCRIPTOR) === 0) return 0
  const signed = hasBytes(source, dataEnd, 'PK\x07\x08') ? 4 : 0
  const follows = (length: number) => hasBytes(source, dataEnd + length, 'PK')
  return [signed + 12, signed + 20].find(follows) ?? signed + 12
}

async function examineMember(
  source: ByteSource,
  header: ZipHeader,
  dataOffset: number,
  root: string | undefined,
  part: Part,
): Promise<void> {
  if (header.name.endsWith('/') && header.size === 0 && header.compressedSize === 0) return
  if (isTorchStorage(header.name, root)) return
  const packed = slice(source, dataOffset, header.compressedSize)
  const inner = within(part, header.name, dataOffset)
  if (packed.size < header.compressedSize) report(inner, 'container.damaged', 'the member is longer than the archive', 0)
  if (header.method === 0) {
    checkCrc(packed, header, inner)
    await part.examination.examine(packed, inner)
    return
  }
  if (header.method !== 8) {
    report(inner, 'container.unopened', `the member is compressed by method ${header.method}, which is not opened`, 0)
    // Some readers ignore the method of a stored member.
    if (header.compressedSize === header.size) await part.examination.examine(packed, inner)
    return
  }
  const unfolded = await unfold(packed, 'deflate', part.examination.budget)
  if (unfolded.stopped === 'limit') report(inner, 'scan.limit', 'the member unfolds to more than the scan may read', 0)
  if (unfolded.stopped === 'damaged') report(inner, 'container.damaged', 'the compressed data break off', 0)
  if (unfolded.stopped === undefined && unfolded.bytes.length !== header.size) {
    report(inner, 'container.disagrees', `the member unfolds to ${unfolded.bytes.length} bytes and not to ${header.size}`, 0)
  }
  const content = memorySource(unfolded.bytes)
  if (unfolded.stopped === undefined) checkCrc(content, header, inner)
  await part.examination.examine(content, unfoldedFrom(part, header.name))
  if (unfolded.stopped === 'damaged') await part.examination.examine(packed, inner)
}

const CRC_LARGEST = 64 * 2 ** 20

function checkCrc(content: ByteSource, header: ZipHeader, part: Part): void {
  if (content.size > CRC_LARGEST || ((header.flags & HAS_DESCRIPTOR) !== 0 && header.crc === 0)) return
  if (crc32(Buffer.from(content.read(0, content.size))) !== header.crc) {
    report(part, 'container.disagrees', 'the content does not have the checksum that the archive gives', 0)
  }
}

/** A record `data.pkl` in one root folder: PyTorch's format since 1.6. It looks records up without regard to case. */
function torchRoot(directory: ZipDirectory): string | undefined {
  for (const { name } of directory.entries) {
    const root = /^([^/]+)\/data\.pkl$/i.exec(name)?.[1]
    if (root !== undefined) return root
  }
  return undefined
}

/** Raw numbers of a tensor: there is nothing in them that a loader would interpret. */
function isTorchStorage(name: string, root: string | undefined): boolean {
  if (root === undefined || !name.startsWith(`${root}/`)) return false
  return /^(data|constants|tensors|xl_model_weights)\/\d+$/.test(name.slice(root.length + 1))
}

/** Bytes that no entry accounts for may hold members of their own: readers exist that walk local headers. */
async function examineGaps(source: ByteSource, spans: readonly Span[], part: Part): Promise<void> {
  let covered = 0
  const ordered = spans.toSorted((a, b) => a[0] - b[0])
  for (const [start, end] of [...ordered, [source.size, source.size] as const]) {
    if (start > covered) await examineGap(source, covered, start, part)
    else if (start < covered && end > start) report(part, 'container.disagrees', 'members of the archive overlap', start)
    covered = Math.max(covered, end)
  }
}

async function examineGap(source: ByteSource, start: number, end: number, part: Part): Promise<void> {
  report(part, 'container.hidden-data', `${end - start} bytes belong to no member of the archive`, start)
  let at = start
  for (let header = readLocalHeader(source, at); header && at < end; header = readLocalHeader(source, at)) {
    if (!part.examination.budget.member()) return
    await examineMember(source, header, header.dataOffset, undefined, part)
    at = header.dataOffset + header.compressedSize
  }
  if (at < end) await part.examination.examine(slice(source, at, end - at), within(part, `bytes ${at} to ${end}`, at), 'stray')
}
