import { compressionRegistry, CompressionType } from 'apache-arrow'
import { decompress as unzstd } from 'fzstd'
import lz4 from 'lz4js'

/** A buffer of one column of one record batch; writers keep batches far below this. */
const MOST_BUFFER_BYTES = 2 ** 30

/** Has apache-arrow, which brings no codecs, read record batches that are compressed with LZ4 or Zstandard. */
export function registerCodecs(): void {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: (bytes) => exactly(bytes, (size) => lz4.decompress(bytes, size)) })
  compressionRegistry.set(CompressionType.ZSTD, {
    decode: (bytes) => exactly(bytes, (size) => unzstd(bytes, new Uint8Array(size))),
  })
}

/**
 * A buffer says before its data how long it is unpacked (Arrow columnar format, "Compressed body buffers"). apache-arrow reads this but does not
 * pass it on; the codec's bytes lie behind it in the same memory. Nothing is unpacked beyond that length, and nothing less.
 */
function exactly(bytes: Uint8Array, unpack: (size: number) => Uint8Array): Uint8Array {
  const size = Number(new DataView(bytes.buffer, bytes.byteOffset - 8, 8).getBigInt64(0, true))
  if (size < 0 || size > MOST_BUFFER_BYTES) throw new Error(`a buffer says that it unpacks to ${size} bytes`)
  const unpacked = unpack(size)
  if (unpacked.length !== size) throw new Error(`a buffer unpacks to ${unpacked.length} bytes and not to ${size}`)
  return unpacked
}
