import { within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { hasBytes, slice, type ByteSource } from '../source.ts'
import { leadsOut } from './member-name.ts'
import { isNpy } from './npy.ts'
import { isZeros } from './padding.ts'
import { isTorchStorage, torchRoot } from './torch-zip.ts'
import { readDirectories, readLocalHeader, type ZipDirectory, type ZipEntry } from './zip-directory.ts'
import { endRecords } from './zip-end.ts'
import { descriptorLength, report, reportEntry } from './zip-entry.ts'
import { examineMember } from './zip-member.ts'

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
    if (directories++ > 0) report(part, 'container.disagrees', 'the archive has another table of contents', record)
    for (const directory of readDirectories(source, record, part.examination.budget.limits.members * STORAGES_PER_MEMBER)) {
      if (!(await examineDirectory(source, directory, spans, part))) return
    }
  }
  if (directories === 0) report(part, 'container.damaged', 'the archive has no table of contents', 0)
  await examineGaps(source, spans, part)
}

/** First byte, and the byte after the last. */
type Span = readonly [number, number]

/** Raw tensors are stepped over and cost next to nothing: an archive may list more of them than members that are opened. */
const STORAGES_PER_MEMBER = 20

/** Examines the members of one table of contents; false when a bound was hit. Adds the bytes that it accounts for. */
async function examineDirectory(source: ByteSource, directory: ZipDirectory, spans: Span[], part: Part): Promise<boolean> {
  const { budget, formats } = part.examination
  for (const { message, offset } of directory.contradictions) report(part, 'container.disagrees', message, offset)
  if (directory.prefix > 0) report(part, 'container.hidden-data', `${directory.prefix} bytes stand before the archive`, 0)
  if (directory.cut) reportTooMany(part, directory.start)
  spans.push([directory.start, directory.end])
  const root = torchRoot(directory)
  if (root !== undefined) formats.add('torch')
  const seen = new Set<string>()
  for (const entry of directory.entries) {
    // NumPy loads any member that begins as its arrays do, whatever it is called.
    const isStorage = isTorchStorage(entry.name, root) && !(entry.local && isNpy(source, entry.local.dataOffset))
    if (!isStorage && !budget.member()) {
      reportTooMany(part, entry.offset)
      return false
    }
    reportEntry(entry, root !== undefined, seen, part)
    await examineEntry(source, entry, isStorage, spans, part)
    await budget.breathe()
  }
  await examineComment(source, directory, part)
  return !directory.cut
}

function reportTooMany(part: Part, offset: number): void {
  report(part, 'scan.limit', 'the archive has more members than the scan may open', offset)
}

/** Examines what an entry points to, by both of its headers, and adds the bytes that it accounts for. */
async function examineEntry(source: ByteSource, entry: ZipEntry, isStorage: boolean, spans: Span[], part: Part): Promise<void> {
  const { local } = entry
  if (!local) return
  if (!isStorage || entry.name !== local.name) {
    await examineMember(source, entry, local.dataOffset, part)
    const agrees =
      entry.method === local.method &&
      entry.name === local.name &&
      (entry.compressedSize === local.compressedSize || local.compressedSize === 0)
    if (!agrees) await examineMember(source, local, local.dataOffset, part)
    reportMode(source, entry, local.dataOffset, part)
  }
  const dataEnd = local.dataOffset + entry.compressedSize
  const descriptor = descriptorLength(source, entry, dataEnd)
  if (descriptor === undefined) {
    report(
      part,
      'container.disagrees',
      `what follows the member ${JSON.stringify(entry.name.slice(0, 100))} gives other sizes`,
      dataEnd,
    )
  }
  spans.push([entry.offset, dataEnd + (descriptor ?? 16)])
}

const KIND = 0o170000
const LINK = 0o120000
/** Not said, pipe (what Info-ZIP calls its standard input), folder, regular file. */
const USUAL_KINDS = new Set([0, 0o010000, 0o040000, 0o100000])

/** Links and devices, as Unix writes them. A link that stays in the folder harms nobody. */
function reportMode(source: ByteSource, entry: ZipEntry, dataOffset: number, part: Part): void {
  const kind = entry.mode & KIND
  if (USUAL_KINDS.has(kind)) return
  const shown = JSON.stringify(entry.name.slice(0, 100))
  if (kind !== LINK) return report(part, 'container.unsafe-name', `the member ${shown} is a device`, entry.offset)
  const target = Buffer.from(source.read(dataOffset, Math.min(entry.compressedSize, 4096))).toString('latin1')
  if (entry.method !== 0 || leadsOut(entry.name, target)) {
    report(part, 'container.unsafe-name', `the member ${shown} is a link that leads out of the folder`, entry.offset)
  }
}

async function examineComment(source: ByteSource, { comment }: ZipDirectory, part: Part): Promise<void> {
  if (comment.length === 0) return
  const bytes = slice(source, comment.offset, comment.length)
  await part.examination.examine(bytes, within(part, 'comment', comment.offset), 'stray')
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
  if (isZeros(slice(source, start, end - start))) return
  report(part, 'container.hidden-data', `${end - start} bytes belong to no member of the archive`, start, end - start)
  let at = start
  for (let header = readLocalHeader(source, at); header && at < end; header = readLocalHeader(source, at)) {
    if (!part.examination.budget.member()) return reportTooMany(part, at)
    await examineMember(source, header, header.dataOffset, part)
    at = Math.max(at + 1, header.dataOffset + header.compressedSize)
    await part.examination.budget.breathe()
  }
  if (at < end) await part.examination.examine(slice(source, at, end - at), within(part, `bytes ${at} to ${end}`, at), 'stray')
}
