import type { Part } from '../examination.ts'
import type { Format } from '../format.ts'
import { NotJson, readJson } from './json/read-json.ts'
import { quote } from './quote.ts'
import { utf8 } from '../pickle/literals.ts'
import { byteAt, viewAt, type ByteSource } from '../source.ts'

/** As in the reference implementation (`MAX_HEADER_SIZE`). */
const LONGEST_HEADER = 100_000_000
/** Bits of one number. Source: dtype.rs of the reference implementation. */
const ITEM_BITS: Readonly<Record<string, number>> = {
  BOOL: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6, U8: 8, I8: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8, I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, F64: 64, I64: 64, U64: 64, C64: 64,
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
  reportPickleBeside(part)
  const complain = (message: string) => part.examination.report('safetensors.header', { message, part, offset: 0 })
  const length = Number(viewAt(source, 0, 8)?.getBigUint64(0, true) ?? 0n)
  if (length > LONGEST_HEADER || 8 + length > source.size)
    return complain(`The header is said to have ${length} bytes, more than there are`)
  const text = utf8(source.read(8, length))
  let header: Record<string, unknown>
  let duplicateKey: string | undefined
  try {
    // Twice, because the built-in reader hides keys that stand twice and the other one does not keep numbers.
    duplicateKey = readJson(text).duplicateKey
    header = JSON.parse(text) as Record<string, unknown>
  } catch (error) {
    if (!(error instanceof NotJson || error instanceof SyntaxError)) throw error
    return complain('The header is not JSON')
  }
  if (duplicateKey !== undefined) complain(`${quote(duplicateKey)} stands in the header twice`)
  const { __metadata__: metadata = {}, ...rest } = header
  if (typeof metadata !== 'object' || metadata === null || Object.values(metadata).some((value) => typeof value !== 'string'))
    complain('The metadata are not texts by name')
  const tensors = Object.entries(rest)
  const ranges: [number, number][] = []
  for (const [name, tensor] of tensors) {
    const { dtype, shape, data_offsets: offsets } = (tensor ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
    const bits = typeof dtype === 'string' && Object.hasOwn(ITEM_BITS, dtype) ? ITEM_BITS[dtype] : undefined
    if (bits === undefined || !isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
      return complain(`The tensor ${quote(name)} is not described as the format asks`)
    }
    const bytes = shape.reduce((product, size) => product * size, bits) / 8
    if (offsets[1]! - offsets[0]! !== bytes) return complain(`The tensor ${quote(name)} has another size than its shape`)
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

/** The same weights as a pickle, under one of the names that training programs and Hugging Face give them. */
function reportPickleBeside(part: Part): void {
  const { neighbours, place } = part.examination
  if (part.name.includes('!') || !place.endsWith('.safetensors')) return
  const stem = place.slice(0, -'.safetensors'.length)
  const stems = [stem, stem.replace(/(^|\/)model(?=(-\d+-of-\d+)?$)/, '$1pytorch_model')]
  for (const pickle of new Set(stems.flatMap((name) => ['bin', 'pt', 'pth', 'ckpt', 'pkl'].map((end) => `${name}.${end}`)))) {
    if (!neighbours.has(pickle)) continue
    part.examination.report('folder.pickle-beside', { message: `The weights are also in ${quote(pickle)}, a pickle`, part })
  }
}
