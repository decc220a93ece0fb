import type { ByteSource } from '../source.ts'
import { bzip2 } from './codecs/bzip2.ts'
import { deflate } from './codecs/deflate.ts'
import { xz } from './codecs/xz.ts'
import { zstd } from './codecs/zstd.ts'
import type { Decoder } from './decoder.ts'
import { decodeWith7Zip } from './seven-zip/program.ts'
import type { ZipHeader } from './zip-directory.ts'

const with7Zip = decodeWith7Zip('zip')

/** Methods for which an archive of the one member is made, and given to 7-Zip: Deflate64, LZMA, PPMd. */
const BY_7ZIP = new Set([9, 14, 98])
const DECODERS: Readonly<Record<number, Decoder>> = { 8: deflate, 12: bzip2, 20: zstd, 93: zstd, 95: xz }

/** The decoder of a compression method; undefined when the method is not known. Source: APPNOTE 4.4.5. */
export function decoderOf(header: ZipHeader): Decoder | undefined {
  if (BY_7ZIP.has(header.method)) return (source) => with7Zip(archiveOf(source, header))
  return DECODERS[header.method]
}

/** An archive of one member, whose compressed data are these. */
function archiveOf(source: ByteSource, { method, crc, size, flags }: ZipHeader): ByteSource {
  const common = Buffer.alloc(24)
  common.writeUInt16LE(63, 0)
  // Of the flags, only those that say how the method was tuned.
  common.writeUInt16LE(flags & 0x0006, 2)
  common.writeUInt16LE(method, 4)
  common.writeUInt32LE(crc, 10)
  common.writeUInt32LE(source.size % 2 ** 32, 14)
  common.writeUInt32LE(size % 2 ** 32, 18)
  common.writeUInt16LE(1, 22)
  const name = Buffer.from('x')
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.alloc(2), name])
  const central = Buffer.concat([Buffer.from('PK\x01\x02?\0', 'latin1'), common, Buffer.alloc(16), name])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE((local.length + source.size) % 2 ** 32, 16)
  const tail = Buffer.concat([central, end])
  return {
    size: local.length + source.size + tail.length,
    read(offset, length) {
      const parts = [
        local.subarray(offset, Math.max(offset, offset + length)),
        sliceOf(source, offset - local.length, length),
        sliceOf(
          { size: tail.length, read: (at, count) => tail.subarray(at, at + count) },
          offset - local.length - source.size,
          length,
        ),
      ]
      return Buffer.concat(parts)
    },
  }
}

/** What of a range that may begin before a source lies in it. */
function sliceOf(source: ByteSource, from: number, length: number): Uint8Array {
  const start = Math.max(0, from)
  return from + length <= start ? new Uint8Array(0) : source.read(start, from + length - start)
}
