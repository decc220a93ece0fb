import { latin1 } from '../pickle/literals.ts'
import { hasBytes, viewAt, type ByteSource } from '../source.ts'
import { unicodePath, withZip64 } from './zip-extra.ts'
import { readEndRecord, type DirectoryPlace } from './zip-end.ts'

/** What one header says of a member. */
export interface ZipHeader {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly compressedSize: number
  readonly size: number
}

export interface LocalHeader extends ZipHeader {
  readonly dataOffset: number
}

/** A member as the central directory has it, and as its local header has it. */
export interface ZipEntry extends ZipHeader {
  /** Where its local header is said to be. */
  readonly offset: number
  /** Permission bits and kind of file, where a Unix system wrote it; otherwise 0. */
  readonly mode: number
  /** The name in the extra field for Unicode names. */
  readonly unicodeName: string | undefined
  readonly local: LocalHeader | undefined
}

export interface Contradiction {
  readonly message: string
  readonly offset: number
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[]
  /** What the bytes of the file begin with, for offsets: more than 0 when something stands before the archive. */
  readonly prefix: number
  readonly start: number
  /** Where the end-of-directory record and its comment end. */
  readonly end: number
  readonly comment: { readonly offset: number; readonly length: number }
  /** Things that contradict each other. */
  readonly contradictions: readonly Contradiction[]
  /** Set when there were more members than asked for. */
  readonly cut: boolean
}

const LOCAL = 'PK\x03\x04'
const CENTRAL = 'PK\x01\x02'
/** Systems that write Unix permissions into the upper half of the external attributes: Unix, OS X. */
const UNIX_SYSTEMS = new Set([3, 19])

/** The local header at an offset. Source: PKWARE APPNOTE 4.3.7. */
export function readLocalHeader(source: ByteSource, offset: number): LocalHeader | undefined {
  const view = viewAt(source, offset, 30)
  if (!view || view.getUint32(0, true) !== 0x04034b50) return undefined
  const nameLength = view.getUint16(26, true)
  const extraLength = view.getUint16(28, true)
  const rest = source.read(offset + 30, nameLength + extraLength)
  const sizes = withZip64(rest.subarray(nameLength), [view.getUint32(22, true), view.getUint32(18, true)])
  return {
    name: latin1(rest.subarray(0, nameLength)),
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    crc: view.getUint32(14, true),
    size: sizes[0]!,
    compressedSize: sizes[1]!,
    dataOffset: offset + 30 + nameLength + extraLength,
  }
}

/**
 * The tables of contents that an end-of-directory record can be taken to point to: readers count back from the record, or take the
 * offset that it gives, and believe the ZIP64 record or not. There is one, unless the archive is made to be read in two ways.
 */
export function readDirectories(source: ByteSource, endRecord: number, mostEntries: number): ZipDirectory[] {
  const { places, contradictions, end } = readEndRecord(source, endRecord)
  const comment = { offset: endRecord + 22, length: end - endRecord - 22 }
  return places.map((place, index) => {
    const own: Contradiction[] = index === 0 ? [...contradictions] : []
    const { entries, cut } = readEntries(source, place, mostEntries, own, endRecord)
    return { entries, cut, prefix: place.prefix, start: place.start, end, comment, contradictions: own }
  })
}

function readEntries(
  source: ByteSource,
  { start, prefix, end, count }: DirectoryPlace,
  mostEntries: number,
  contradictions: Contradiction[],
  endRecord: number,
): Pick<ZipDirectory, 'entries' | 'cut'> {
  const entries: ZipEntry[] = []
  let at = start
  while (entries.length < mostEntries) {
    const header = viewAt(source, at, 46)
    if (!header || !hasBytes(source, at, CENTRAL)) break
    const nameLength = header.getUint16(28, true)
    const extraLength = header.getUint16(30, true)
    const rest = source.read(at + 46, nameLength + extraLength)
    const extra = rest.subarray(nameLength)
    const [size, compressedSize, offset] = withZip64(extra, [
      header.getUint32(24, true),
      header.getUint32(20, true),
      header.getUint32(42, true),
    ])
    entries.push({
      name: latin1(rest.subarray(0, nameLength)),
      flags: header.getUint16(8, true),
      method: header.getUint16(10, true),
      crc: header.getUint32(16, true),
      compressedSize: compressedSize!,
      size: size!,
      offset: offset! + prefix,
      mode: UNIX_SYSTEMS.has(header.getUint8(5)) ? header.getUint16(40, true) : 0,
      unicodeName: unicodePath(extra),
      local: readLocalHeader(source, offset! + prefix),
    })
    at += 46 + nameLength + extraLength + header.getUint16(32, true)
  }
  const cut = entries.length >= mostEntries
  if (!cut && entries.length !== count) {
    contradictions.push({ message: `the archive announces ${count} members and lists ${entries.length}`, offset: endRecord })
  }
  if (!cut && at !== end) {
    contradictions.push({ message: 'bytes stand between the central directory and its end', offset: at })
  }
  return { entries, cut }
}

/** Whether a local header stands here. */
export const isLocalHeader = (source: ByteSource, offset: number): boolean => hasBytes(source, offset, LOCAL)
/** Whether an entry of a table of contents stands here. */
export const isCentralHeader = (source: ByteSource, offset: number): boolean => hasBytes(source, offset, CENTRAL)
