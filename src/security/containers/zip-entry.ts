import type { Part } from '../examination.ts'
import type { RuleId } from '../rules.ts'
import { viewAt, type ByteSource } from '../source.ts'
import { isOutside } from './member-name.ts'
import { isCentralHeader, isLocalHeader, type ZipEntry, type ZipHeader } from './zip-directory.ts'

export const ENCRYPTED = 0x0001 | 0x0040
export const HAS_DESCRIPTOR = 0x0008
/** Bits 1, 2: how deflate was tuned; 3: sizes follow the data; 11: names in UTF-8. Others are not used by any model. */
const KNOWN_FLAGS = 0x0006 | HAS_DESCRIPTOR | 0x0800

export function report(part: Part, rule: RuleId, message: string, offset: number, length?: number): void {
  part.examination.report(rule, {
    message: `At byte ${part.base + offset}, ${message}`,
    part,
    offset,
    ...(length !== undefined && { length }),
  })
}

/**
 * Reports what is wrong with an entry by itself, and what its two headers disagree on.
 *
 * @param foldsCase whether the archive's loader looks names up without regard to case
 * @param seen the names before it
 */
export function reportEntry(entry: ZipEntry, foldsCase: boolean, seen: Set<string>, part: Part): void {
  const { name, local, offset, unicodeName } = entry
  const shown = JSON.stringify(name.slice(0, 100))
  const key = foldsCase ? name.toLowerCase() : name
  if (seen.has(key)) report(part, 'container.disagrees', `the archive has a second member ${shown}`, offset)
  seen.add(key)
  const isPlain = (local === undefined || local.name === name) && unicodeName === undefined
  for (const each of isPlain ? [name] : new Set([name, local?.name ?? name, unicodeName ?? name])) {
    if (isOutside(each)) {
      report(part, 'container.unsafe-name', `the member ${JSON.stringify(each.slice(0, 100))} leads out of the folder`, offset)
    }
  }
  // Names that are not ASCII are written in two encodings for good reason.
  if (unicodeName !== undefined && unicodeName !== name && isAscii(name)) {
    report(part, 'container.disagrees', `the member ${shown} has another name for some readers: ${JSON.stringify(unicodeName.slice(0, 100))}`, offset) // prettier-ignore
  }
  if (name.endsWith('/') && entry.size > 0) report(part, 'container.disagrees', `the folder ${shown} has content`, offset)
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

const isAscii = (name: string) => /^[\x20-\x7e]*$/.test(name)

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

const numberAt = (view: DataView, at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32

/**
 * Bytes of the data descriptor after the data: checksum and sizes, with or without a signature, of 32 or 64 bits. Undefined when what
 * stands there is none that agrees with the table of contents.
 */
export function descriptorLength(source: ByteSource, entry: ZipEntry, dataEnd: number): number | undefined {
  if (((entry.flags | (entry.local?.flags ?? 0)) & HAS_DESCRIPTOR) === 0) return 0
  for (const signature of [4, 0]) {
    const view = viewAt(source, dataEnd, signature + 12)
    if (!view || (signature === 4 && view.getUint32(0, true) !== 0x08074b50)) continue
    if (view.getUint32(signature, true) !== entry.crc) continue
    const wide = viewAt(source, dataEnd + signature + 4, 16)
    if (wide && numberAt(wide, 0) === entry.compressedSize && numberAt(wide, 8) === entry.size) return signature + 20
    if (
      view.getUint32(signature + 4, true) === entry.compressedSize % 2 ** 32 &&
      view.getUint32(signature + 8, true) === entry.size % 2 ** 32
    ) {
      return signature + 12
    }
  }
  // Some writers set the flag, fill the local header in afterwards, and write no descriptor.
  const isWhole = entry.local?.crc === entry.crc && entry.local.compressedSize === entry.compressedSize
  return isWhole && (isLocalHeader(source, dataEnd) || isCentralHeader(source, dataEnd)) ? 0 : undefined
}
