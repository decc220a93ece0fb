import { hasBytes, viewAt, type ByteSource } from '../source.ts'
import type { Contradiction } from './zip-directory.ts'

/** Where a table of contents is. */
export interface DirectoryPlace {
  readonly start: number
  /** Where its records end. */
  readonly end: number
  readonly count: number
  /** What is to be added to the offsets in it. */
  readonly prefix: number
}

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1')
const CENTRAL = 'PK\x01\x02'
const MOST_DIRECTORIES = 8
const U16 = 0xffff
const U32 = 0xffffffff

/** Every end-of-directory record in the last 128 KiB: a reader takes the last one, or the first that it meets. */
export function endRecords(source: ByteSource): number[] {
  const start = Math.max(0, source.size - 65_557 - 65_535)
  const view = source.read(start, source.size - start)
  const tail = Buffer.from(view.buffer, view.byteOffset, view.length)
  const found: number[] = []
  for (
    let at = tail.lastIndexOf(END_OF_DIRECTORY);
    at >= 0 && found.length < MOST_DIRECTORIES;
    at = at === 0 ? -1 : tail.lastIndexOf(END_OF_DIRECTORY, at - 1)
  ) {
    if (isEndRecord(source, start + at)) found.unshift(start + at)
  }
  return found
}

/** The four letters can also stand in data: a record has a directory before it, or is empty. */
function isEndRecord(source: ByteSource, at: number): boolean {
  const view = viewAt(source, at, 22)
  if (!view) return false
  const size = view.getUint32(12, true)
  const count = view.getUint16(10, true)
  return (
    (size === 0 && count === 0 && view.getUint32(16, true) <= at) ||
    size === U32 ||
    hasBytes(source, at - size, CENTRAL) ||
    hasBytes(source, view.getUint32(16, true), CENTRAL) ||
    hasBytes(source, at - 20, 'PK\x06\x07')
  )
}

interface Claim {
  readonly count: number
  readonly size: number
  readonly offset: number
  /** Where the record that claims it begins. */
  readonly at: number
}

/** Where the table of contents is by each way of reading the records at the end; the usual way comes first. */
export function readEndRecord(
  source: ByteSource,
  at: number,
): { places: DirectoryPlace[]; contradictions: Contradiction[]; end: number } {
  const contradictions: Contradiction[] = []
  const view = viewAt(source, at, 22)!
  const classic: Claim = { count: view.getUint16(10, true), size: view.getUint32(12, true), offset: view.getUint32(16, true), at }
  const end = Math.min(source.size, at + 22 + view.getUint16(20, true))
  const wide = readZip64(source, at - 20, contradictions)
  const claims = wide ? [wide] : [classic]
  if (wide && disagrees(classic, wide)) {
    contradictions.push({ message: 'the two records at the end of the archive give different tables of contents', offset: at })
    claims.push({ ...classic, at: wide.at })
  }
  const places: DirectoryPlace[] = []
  for (const claim of claims) {
    const starts = [claim.at - claim.size, claim.offset].filter((start) => start >= 0 && hasBytes(source, start, CENTRAL))
    if (starts.length === 0) starts.push(Math.min(source.size, claim.offset))
    for (const start of new Set(starts)) {
      if (places.some((known) => known.start === start)) continue
      places.push({ start, end: claim.at, count: claim.count, prefix: Math.max(0, start - claim.offset) })
    }
    if (claim.offset + claim.size > claim.at || (starts.length > 1 && starts[0] !== starts[1])) {
      contradictions.push({ message: 'the central directory is not where the end of the archive says', offset: at })
    }
  }
  return { places, contradictions, end }
}

function readZip64(source: ByteSource, locator: number, contradictions: Contradiction[]): Claim | undefined {
  if (!hasBytes(source, locator, 'PK\x06\x07')) return undefined
  const said = Number(viewAt(source, locator + 8, 8)?.getBigUint64(0, true) ?? 0n)
  const found = [said, locator - 56].find((at) => hasBytes(source, at, 'PK\x06\x06'))
  const view = found === undefined ? undefined : viewAt(source, found, 56)
  if (found === undefined || !view) {
    contradictions.push({ message: 'a ZIP64 locator points to no ZIP64 record', offset: locator })
    return undefined
  }
  const number = (offset: number) => Number(view.getBigUint64(offset, true))
  return { count: number(32), size: number(40), offset: number(48), at: found }
}

/** Whether the record of the old format says something else, and not that the new one is to be asked. */
function disagrees(classic: Claim, wide: Claim): boolean {
  return (
    (classic.count !== U16 && classic.count !== wide.count) ||
    (classic.size !== U32 && classic.size !== wide.size) ||
    (classic.offset !== U32 && classic.offset !== wide.offset)
  )
}
