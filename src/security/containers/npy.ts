import { within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { dtypeOf } from '../pickle/dtypes.ts'
import { latin1 } from '../pickle/literals.ts'
import { byteAt, hasBytes, slice, viewAt, type ByteSource } from '../source.ts'

export const npy: Format = {
  name: 'npy',
  title: 'NumPy array (.npy)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'arrays of objects, which are pickles, and headers that disagree with the file',
  recognises: (source) => hasBytes(source, 0, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]),
  examine: examineNpy,
}

/** Examines a NumPy array file: numbers are stepped over, an array of objects is a pickle. Source: NumPy `lib/format.py`. */
async function examineNpy(source: ByteSource, part: Part): Promise<void> {
  const wide = byteAt(source, 6) >= 2
  const length = wide ? viewAt(source, 8, 4)?.getUint32(0, true) : viewAt(source, 8, 2)?.getUint16(0, true)
  const start = (wide ? 12 : 10) + (length ?? 0)
  const header = latin1(source.read(wide ? 12 : 10, Math.min(length ?? 0, 1 << 20)))
  const complain = (message: string) => part.examination.report('numpy.header', { message, part, offset: 0 })
  if (length === undefined || start > source.size) return complain('The header is longer than the file')
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(header)?.[1]
  const simple = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1]
  const hasObject = simple === undefined ? /'[<>|=]?O\d*'/.test(header) : dtypeOf(simple).hasObject
  const data = slice(source, start, source.size - start)
  if (hasObject === true) return part.examination.examine(data, within(part, 'objects', start))

  const items = shape
    ?.split(',')
    .filter((size) => size.trim() !== '')
    .reduce((product, size) => product * Number.parseInt(size, 10), 1)
  const itemSize = simple === undefined ? structureSize(header) : dtypeOf(simple).itemSize
  if (items === undefined || itemSize === undefined) {
    complain('The header does not say how large the array is')
    return part.examination.examine(data, within(part, 'data', start), 'stray')
  }
  if (items * itemSize !== data.size) {
    complain(`The header announces ${items * itemSize} bytes, and ${data.size} follow`)
    // A reader that takes the header as it is leaves the rest, which another one loads.
    await part.examination.examine(data, within(part, 'data', start), 'stray')
    const rest = slice(data, items * itemSize, data.size)
    return part.examination.examine(rest, within(part, 'rest', start + items * itemSize), 'stray')
  }
}

/** Bytes of one item of a structured dtype without sub-arrays: the sum of its fields. */
function structureSize(header: string): number | undefined {
  const fields = /'descr'\s*:\s*\[(.*?)\]\s*,\s*'fortran_order'/s.exec(header)?.[1]
  if (fields === undefined) return undefined
  let size = 0
  for (const field of fields.matchAll(/\(\s*'[^']*'\s*,\s*'([^']*)'\s*(?:,\s*\(([\d\s,]*)\)\s*)?\)/g)) {
    const one = dtypeOf(field[1]!).itemSize
    const count = (field[2] ?? '')
      .split(',')
      .filter((n) => n.trim() !== '')
      .reduce((product, n) => product * Number.parseInt(n, 10), 1)
    if (one === undefined) return undefined
    size += one * count
  }
  return size === 0 ? undefined : size
}
