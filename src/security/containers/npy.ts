import { within, type Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { dtypeOf } from '../pickle/dtypes.ts'
import { latin1 } from '../pickle/literals.ts'
import { byteAt, hasBytes, slice, viewAt, type ByteSource } from '../source.ts'
import { parseHeader, type Literal } from './npy-header.ts'

export const npy: Format = {
  name: 'npy',
  title: 'NumPy array (.npy)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'arrays of objects, which are pickles, and headers that disagree with the file',
  recognises: (source) => isNpy(source),
  examine: examineNpy,
}

export const isNpy = (source: ByteSource, at = 0): boolean => hasBytes(source, at, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])

const LONGEST_HEADER = 4 * 2 ** 20
const MOST_ARRAYS = 10_000

/** Examines all arrays of a file: several `numpy.save` into one open file write one behind the other. Source: NumPy `lib/format.py`. */
async function examineNpy(source: ByteSource, part: Part): Promise<void> {
  let at = 0
  for (let arrays = 0; arrays < MOST_ARRAYS; arrays++) {
    const array = await examineArray(slice(source, at, source.size - at), at, part)
    if (!array || at + array.end === source.size) return
    const data = at + array.start
    at += array.end
    await part.examination.budget.breathe()
    if (isNpy(source, at)) continue
    complain(part, at, `${source.size - at} bytes follow the array`)
    // A reader that takes the header as it is leaves the rest, which another one loads; or all of it is no array.
    await part.examination.examine(slice(source, data, source.size - data), within(part, 'data', data), 'stray')
    return part.examination.examine(slice(source, at, source.size - at), within(part, 'rest', at), 'stray')
  }
  const message = `Not examined: more than ${MOST_ARRAYS} arrays`
  part.examination.report('scan.limit', { message, part, offset: at, length: source.size - at })
}

function complain(part: Part, offset: number, message: string): void {
  part.examination.report('numpy.header', { message, part, offset })
}

/**
 * Examines the array that the source begins with, which stands at `base` in the part. Answers where its numbers begin and end;
 * undefined when all that follows was examined.
 */
async function examineArray(source: ByteSource, base: number, part: Part): Promise<{ start: number; end: number } | undefined> {
  const { examination } = part
  const wide = byteAt(source, 6) >= 2
  const length = wide ? viewAt(source, 8, 4)?.getUint32(0, true) : viewAt(source, 8, 2)?.getUint16(0, true)
  const start = (wide ? 12 : 10) + (length ?? 0)
  if (length === undefined || start > source.size) {
    complain(part, base, 'The header is longer than the file')
    return undefined
  }
  const data = slice(source, start, source.size - start)
  /** When it is not clear what the bytes are, a loader may take them for a pickle. */
  const examineAll = async (message: string) => {
    complain(part, base, message)
    await examination.examine(data, within(part, 'data', base + start), 'stray')
    return undefined
  }
  if (byteAt(source, 6) < 1 || byteAt(source, 6) > 3) await examineAll('The header is of no known version')
  if (length > LONGEST_HEADER) return examineAll('The header is longer than any array needs')
  const header = parseHeader(latin1(source.read(start - length, length)))
  const shape = header?.get('shape')
  if (!header || header.size !== 3 || typeof header.get('fortran_order') !== 'boolean' || !isShape(shape)) {
    return examineAll('The header is not one that NumPy writes')
  }
  const { size: itemSize, hasObject } = layoutOf(header.get('descr') ?? null)
  if (hasObject) {
    // Called a pickle, so that it is followed as one even where it does not look like one.
    await examination.examine(data, within(part, 'objects.pkl', base + start))
    return undefined
  }
  if (itemSize === undefined) return examineAll('The header does not say how large the items are')
  const bytes = shape.reduce((product, count) => product * count, itemSize)
  if (bytes > data.size) return examineAll(`The header announces ${bytes} bytes, and ${data.size} follow`)
  // Bytes that begin as a pickle does: a program may hand them to a loader.
  if (itemSize === 1 && byteAt(data, 0) === 0x80) await examination.examine(slice(data, 0, bytes), within(part, 'data', base + start), 'stray') // prettier-ignore
  return { start, end: start + bytes }
}

const isShape = (value: Literal | undefined): value is number[] =>
  Array.isArray(value) && value.every((size) => typeof size === 'number')

interface Layout {
  /** Bytes of one item; undefined when it is not known. */
  readonly size: number | undefined
  readonly hasObject: boolean
}

/** Of a type as the header describes it: its name, a list of fields, or a type with a shape. Source: `descr_to_dtype`. */
function layoutOf(descr: Literal): Layout {
  if (typeof descr === 'string') {
    const { itemSize, hasObject } = dtypeOf(descr)
    return { size: itemSize, hasObject: hasObject === true || /^[<>|=]?O\d*$/.test(descr) }
  }
  if (!Array.isArray(descr)) return { size: undefined, hasObject: true }
  const [first, second] = descr
  // A tuple of a type and a shape, which has no fields.
  if (descr.length === 2 && isShape(second) && !Array.isArray(first)) return repeated(layoutOf(first!), second)
  let size: number | undefined = 0
  let hasObject = false
  for (const field of descr) {
    if (!Array.isArray(field) || field.length < 2 || field.length > 3) return { size: undefined, hasObject: true }
    const shape = field[2] ?? []
    if (!isShape(shape)) return { size: undefined, hasObject: true }
    const one = repeated(layoutOf(field[1]!), shape)
    hasObject ||= one.hasObject
    size = size === undefined || one.size === undefined ? undefined : size + one.size
  }
  return { size, hasObject }
}

function repeated({ size, hasObject }: Layout, shape: readonly number[]): Layout {
  return { size: size === undefined ? undefined : shape.reduce((product, count) => product * count, size), hasObject }
}
