import { byteAt, slice, type ByteSource } from '../../source.ts'
import { latin1 } from '../../pickle/literals.ts'
import type { Decoder } from '../decoder.ts'
import { zlib } from './deflate.ts'

/** `ZF`, then the length in hexadecimal, padded to the width of 2⁶⁴. Source: `read_zfile` in joblib's `numpy_pickle_compat.py`. */
const HEADER = 21

export const isJoblibZf = (source: ByteSource): boolean => /^ZF0x[0-9a-f]{1,17}L? *$/i.test(latin1(source.read(0, HEADER)))

export const joblibZf: Decoder = async function* (source) {
  // Python 2 wrote one space more.
  const start = byteAt(source, HEADER) === 0x20 ? HEADER + 1 : HEADER
  return start + (yield* zlib(slice(source, start, source.size - start)))
}
