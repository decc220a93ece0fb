import type { Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { utf8 } from '../pickle/literals.ts'
import { byteAt, viewAt, type ByteSource } from '../source.ts'

/** As in the reference implementation (`MAX_HEADER_SIZE`). */
const LONGEST_HEADER = 100_000_000
const ITEM_SIZE: Readonly<Record<string, number>> = {
  BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1, F8_E8M0: 1, I16: 2, U16: 2, F16: 2, BF16: 2, I32: 4, U32: 4, F32: 4, F64: 8, I64: 8, U64: 8, C64: 8,
} // prettier-ignore

export const safetensors: Format = {
  name: 'safetensors',
  title: 'safetensors',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'a header that is exactly the file: no holes, no overlaps, nothing behind',
  recognises: isSafetensors,
  examine: examineSafetensors,
}

function isSafetensors(source: ByteSource): boolean {
  const length = viewAt(source, 0, 8)?.getBigUint64(0, true)
  return length !== undefined && length >= 2n && length < 2n ** 40n && byteAt(source, 8) === 0x7b
}

/** Checks that a safetensors file is exactly its header and its tensors: no holes, no overlaps, nothing behind. */
async function examineSafetensors(source: ByteSource, part: Part): Promise<void> {
  const complain = (message: string) => part.examination.report('safetensors.header', { message, part, offset: 0 })
  const length = Number(viewAt(source, 0, 8)?.getBigUint64(0, true) ?? 0n)
  if (length > LONGEST_HEADER || 8 + length > source.size)
    return complain(`The header is said to have ${length} bytes, more than there are`)
  const text = utf8(source.read(8, length))
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    return complain('The header is not JSON')
  }
  const tensors = Object.entries(header as Record<string, unknown>).filter(([name]) => name !== '__metadata__')
  const keys = [...text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*\{/g)].length
  if (keys > tensors.length + ('__metadata__' in (header as object) ? 1 : 0)) complain('A name stands in the header twice')
  const ranges: [number, number][] = []
  for (const [name, tensor] of tensors) {
    const { dtype, shape, data_offsets: offsets } = (tensor ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
    const itemSize = typeof dtype === 'string' && Object.hasOwn(ITEM_SIZE, dtype) ? ITEM_SIZE[dtype] : undefined
    if (itemSize === undefined || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
      return complain(`The tensor ${JSON.stringify(name.slice(0, 80))} is not described as the format asks`)
    }
    const bytes = shape.reduce((product, size) => product * size, itemSize)
    if (offsets[1]! - offsets[0]! !== bytes)
      return complain(`The tensor ${JSON.stringify(name.slice(0, 80))} has another size than its shape`)
    ranges.push([offsets[0]!, offsets[1]!])
  }
  let at = 0
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== at) return complain(`Tensors overlap or leave a hole at byte ${8 + length + Math.min(at, start)}`)
    at = end
  }
  if (8 + length + at !== source.size) complain(`${source.size - 8 - length - at} bytes follow the tensors`)
}

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
