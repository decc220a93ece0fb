import { latin1 } from '../pickle/literals.ts'
import { hasBytes, viewAt, type ByteSource } from '../source.ts'

/** What one header says of a member. */
export interface ZipHeader {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly compressedSize: number
  readonly size: number
}

/** A member as the central directory has it, and as its local header has it. */
export interface ZipEntry extends ZipHeader {
  /** Where its local header is said to be. */
  readonly offset: number
  readonly local: (ZipHeader & { readonly dataOffset: number }) | undefined
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[]
  /** What the bytes of the file begin with, for offsets: more than 0 when something stands before the archive. */
  readonly prefix: number
  readonly directoryStart: number
  readonly directoryEnd: number
  /** Where the end-of-directory record and its comment end. */
  readonly end: number
  /** Things that contradict each other. */
  readonly contradictions: readonly { readonly message: string; readonly offset: number }[]
  /** Set when there were more members than asked for. */
  readonly cut: boolean
}

const LOCAL = 'PK\x03\x04'
const CENTRAL = 'PK\x01\x02'
const U32 = 0xffffffff
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1')
const MOST_DIRECTORIES = 8

/** The local header at an offset. Source: PKWARE APPNOTE 4.3.7. */
export function readLocalHeader(source: ByteSource, offset: number): (ZipHeader & { readonly dataOffset: number }) | undefined {
  const view = viewAt(source, offset, 30)
  if (!view || !hasBytes(source, offset, LOCAL)) return undefined
  const nameLength = view.getUint16(26, true)
  const extraLength = view.getUint16(28, true)
  const extra = source.read(offset + 30 + nameLength, extraLength)
  const sizes = withZip64(extra, [view.getUint32(22, true), view.getUint32(18, true)])
  return {
    name: latin1(source.read(offset + 30, nameLength)),
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    crc: view.getUint32(14, true),
    size: sizes[0]!,
    compressedSize: sizes[1]!,
    dataOffset: offset + 30 + nameLength + extraLength,
  }
}

/** 64-bit values of the extra field 0x0001 in place of those that are all ones. Source: APPNOTE 4.5.3. */
function withZip64(extra: Uint8Array, values: number[]): number[] {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.length)
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === 1) {
      let from = at + 4
      return values.map((value) => {
        if (value !== U32 || from + 8 > Math.min(extra.length, at + 4 + length)) return value
        from += 8
        return Number(view.getBigUint64(from - 8, true))
      })
    }
    at += 4 + length
  }
  return values
}

/** Reads the central directory that the end-of-directory record at `endRecord` points to. */
export function readDirectory(source: ByteSource, endRecord: number, mostEntries: number): ZipDirectory {
  const view = viewAt(source, endRecord, 22)
  const contradictions: { message: string; offset: number }[] = []
  const complain = (message: string, offset: number) => {
    if (contradictions.length < 50) contradictions.push({ message, offset })
  }
  let count = view?.getUint16(10, true) ?? 0
  let size = view?.getUint32(12, true) ?? 0
  let offset = view?.getUint32(16, true) ?? 0
  const end = Math.min(source.size, endRecord + 22 + (view?.getUint16(20, true) ?? 0))
  let directoryEnd = endRecord
  const locator = endRecord - 20
  if (hasBytes(source, locator, 'PK\x06\x07')) {
    const record = Number(viewAt(source, locator + 8, 8)?.getBigUint64(0, true) ?? 0n)
    const at = hasBytes(source, record, 'PK\x06\x06') ? record : locator - 56
    const wide = hasBytes(source, at, 'PK\x06\x06') ? viewAt(source, at, 56) : undefined
    if (wide) {
      count = Number(wide.getBigUint64(32, true))
      size = Number(wide.getBigUint64(40, true))
      offset = Number(wide.getBigUint64(48, true))
      directoryEnd = at
    } else complain('a ZIP64 locator points to no ZIP64 record', locator)
  }
  const prefix = Math.max(0, directoryEnd - size - offset)
  const directoryStart = offset + prefix
  if (directoryStart + size !== directoryEnd)
    complain('the central directory is not where the end of the archive says', endRecord)

  const entries: ZipEntry[] = []
  let at = directoryStart
  while (entries.length < mostEntries && hasBytes(source, at, CENTRAL)) {
    const header = viewAt(source, at, 46)
    if (!header) break
    const nameLength = header.getUint16(28, true)
    const extraLength = header.getUint16(30, true)
    const fields = {
      flags: header.getUint16(8, true),
      method: header.getUint16(10, true),
      crc: header.getUint32(16, true),
      compressed: header.getUint32(20, true),
      size: header.getUint32(24, true),
      offset: header.getUint32(42, true),
    }
    const next = at + 46 + nameLength + extraLength + header.getUint16(32, true)
    const name = latin1(source.read(at + 46, nameLength))
    const extra = source.read(at + 46 + nameLength, extraLength)
    const [full, compressedSize, start] = withZip64(extra, [fields.size, fields.compressed, fields.offset])
    const local = readLocalHeader(source, start! + prefix)
    entries.push({ name, ...fields, size: full!, compressedSize: compressedSize!, offset: start! + prefix, local })
    at = next
  }
  const cut = entries.length >= mostEntries
  if (!cut && entries.length !== count) complain(`the archive announces ${count} members and lists ${entries.length}`, endRecord)
  if (!cut && at !== directoryEnd) complain('bytes stand between the central directory and its end', at)
  return { entries, prefix, directoryStart, directoryEnd, end, contradictions, cut }
}

/** Every end-of-directory record in the last 64 KiB: a reader takes the last one, or the first that it meets. */
export function endRecords(source: ByteSource): number[] {
  const start = Math.max(0, source.size - 65_557 - 65_535)
  const view = source.read(start, source.size - start)
  const tail = Buffer.from(view.buffer, view.byteOffset, view.length)
  const found: number[] = []
  for (
    let at = tail.indexOf(END_OF_DIRECTORY);
    at >= 0 && found.length < MOST_DIRECTORIES;
    at = tail.indexOf(END_OF_DIRECTORY, at + 1)
  ) {
    if (isEndRecord(source, start + at)) found.push(start + at)
  }
  return found
}

/** The four letters can also stand in data: a record has a directory before it, or is empty. */
function isEndRecord(source: ByteSource, at: number): boolean {
  const view = viewAt(source, at, 22)
  if (!view) return false
  const size = view.getUint32(12, true)
  return (
    size === 0 ||
    size === 0xffffffff ||
    hasBytes(source, at - size, 'PK\x01\x02') ||
    hasBytes(source, view.getUint32(16, true), 'PK\x01\x02')
  )
}
