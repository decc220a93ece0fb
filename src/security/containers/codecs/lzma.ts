import { byteAt, viewAt, type ByteSource } from '../../source.ts'
import { decodeWith7Zip } from '../seven-zip/program.ts'

/**
 * The format of `lzma` before xz, which has no signature: properties, a dictionary size that is a power of two or one and a half of
 * it, the length or that it is not known, and the first byte of the range coder, which is zero.
 * Source: `lzma-file-format.txt` of XZ Utils, and what its `alone_decoder.c` accepts.
 */
export function isLzmaAlone(source: ByteSource): boolean {
  const header = viewAt(source, 0, 14)
  if (!header || header.getUint8(0) >= 225 || byteAt(source, 13) !== 0) return false
  const dictionary = header.getUint32(1, true)
  const power = 2 ** Math.floor(Math.log2(dictionary))
  const isUsual = dictionary === power || dictionary === power * 1.5 || dictionary === 2 ** 32 - 1
  const length = header.getBigUint64(5, true)
  return isUsual && dictionary >= 4096 && (length === 2n ** 64n - 1n || length < 2n ** 38n)
}

export const lzmaAlone = decodeWith7Zip('lzma')
