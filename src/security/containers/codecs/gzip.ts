import { crc32 } from 'node:zlib'
import { hasBytes, slice, viewAt, type ByteSource } from '../../source.ts'
import { damaged, type Decoder } from '../decoder.ts'
import { deflate } from './deflate.ts'

/** All members of a gzip file, one after the other, as gzip readers join them. Source: RFC 1952. */
export const gzip: Decoder = async function* (source) {
  let at = 0
  while (hasBytes(source, at, [0x1f, 0x8b])) {
    const start = dataStart(source, at)
    const chunks = deflate(slice(source, start, source.size - start))
    let crc = 0
    let size = 0
    for (;;) {
      const next = await chunks.next()
      if (next.done === true) {
        at = start + next.value
        break
      }
      crc = crc32(next.value, crc)
      size += next.value.length
      yield next.value
    }
    const trailer = viewAt(source, at, 8)
    if (!trailer) throw damaged('it has no checksum at its end', at)
    if (trailer.getUint32(0, true) !== crc) throw damaged('its checksum is wrong', at)
    if (trailer.getUint32(4, true) !== size % 2 ** 32) throw damaged('its length is wrong', at)
    at += 8
  }
  return at
}

const HAS_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16

/** Where the deflated data begin, behind the optional fields of the header. */
function dataStart(source: ByteSource, at: number): number {
  const header = viewAt(source, at, 10)
  if (!header || header.getUint8(2) !== 8) throw damaged('its header is not that of deflated data', at)
  const flags = header.getUint8(3)
  let start = at + 10
  if ((flags & HAS_EXTRA) !== 0) start += 2 + (viewAt(source, start, 2)?.getUint16(0, true) ?? 0)
  for (const flag of [HAS_NAME, HAS_COMMENT]) if ((flags & flag) !== 0) start = behindText(source, start)
  if ((flags & HAS_CRC) !== 0) start += 2
  return start
}

const LONGEST_TEXT = 1 << 20

function behindText(source: ByteSource, start: number): number {
  const end = source.read(start, LONGEST_TEXT).indexOf(0)
  if (end < 0) throw damaged('its header does not end', start)
  return start + end + 1
}
