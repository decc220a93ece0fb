import { recordsOf } from './b-tree-2.ts'
import { BrokenHdf5, type Hdf5File } from './file.ts'
import { FractalHeap } from './fractal-heap.ts'
import { MESSAGE, type HeaderMessage } from './object-header.ts'

/** An attribute whose value is text or bytes. Numbers are not read. */
export interface Attribute {
  readonly name: string
  /** Where each of its values lies in the file. */
  readonly values: readonly { readonly start: number; readonly length: number }[]
}

const MOST_VALUES = 100_000
const LONGEST = 64 * 2 ** 20

/** The attributes of an object that are text, in its header or in a heap. @throws BrokenHdf5 */
export function* attributesOf(file: Hdf5File, messages: readonly HeaderMessage[]): Generator<Attribute> {
  for (const message of messages) {
    if (message.type === MESSAGE.attribute) {
      if (message.isShared) throw new BrokenHdf5('an attribute is kept in a heap that all objects share')
      yield attributeAt(file, message.start, message.end)
    }
    if (message.type !== MESSAGE.attributeInfo) continue
    const at = message.start + 2 + ((file.number(message.start + 1, 1) & 1) === 0 ? 0 : 2)
    const heapAt = file.address(at)
    const index = file.address(at + file.offsetSize)
    if (heapAt === undefined || index === undefined) continue
    const heap = new FractalHeap(file, heapAt)
    for (const record of recordsOf(file, index)) {
      const { start, length } = heap.object(record)
      yield attributeAt(file, start, start + length)
    }
  }
}

function attributeAt(file: Hdf5File, start: number, end: number): Attribute {
  const version = file.number(start, 1)
  if (version < 1 || version > 3) throw new BrokenHdf5(`an attribute has the version ${version}`)
  const sizes = [2, 4, 6].map((at) => file.number(start + at, 2))
  const [nameSize = 0, typeSize = 0, spaceSize = 0] = version === 1 ? sizes.map((size) => Math.ceil(size / 8) * 8) : sizes
  const nameAt = start + (version === 3 ? 9 : 8)
  const name = file.text(nameAt, nameSize)
  const type = nameAt + nameSize
  const space = type + typeSize
  const data = space + spaceSize
  if (data > end) throw new BrokenHdf5('an attribute is longer than its message')
  // The type may be one that the file names once for all: then it is not text of Keras.
  const isShared = version > 1 && (file.number(start + 1, 1) & 1) !== 0
  return { name, values: isShared ? [{ start: data, length: end - data }] : valuesAt(file, { type, data, end }) }
}

function valuesAt(file: Hdf5File, at: { type: number; data: number; end: number }): Attribute['values'] {
  const kind = file.number(at.type, 1) & 15
  const size = file.number(at.type + 4, 4)
  // Texts of a fixed length, and opaque bytes.
  if (kind === 3 || kind === 5) {
    if (size === 0) return []
    const count = Math.min(MOST_VALUES, Math.floor((at.end - at.data) / size))
    return Array.from({ length: count }, (_, i) => ({ start: at.data + i * size, length: size }))
  }
  if (kind !== 9) return []
  const width = 8 + file.offsetSize
  const count = Math.min(MOST_VALUES, Math.floor((at.end - at.data) / width))
  const values: { start: number; length: number }[] = []
  for (let i = 0; i < count; i++) {
    const reference = at.data + i * width
    const heap = file.address(reference + 4)
    const found = heap === undefined ? undefined : globalObject(file, heap, file.number(reference + 4 + file.offsetSize, 4))
    if (found) values.push({ ...found, length: Math.min(found.length, file.number(reference, 4)) })
  }
  return values
}

/** An object of a collection that values of variable length are kept in. */
function globalObject(file: Hdf5File, heap: number, index: number): { start: number; length: number } | undefined {
  if (index === 0) return undefined
  file.expect(heap, 'GCOL')
  const end = Math.min(file.source.size, heap + file.length(heap + 8))
  for (let at = heap + 8 + file.lengthSize; at + 8 + file.lengthSize <= end;) {
    const found = file.number(at, 2)
    const length = file.length(at + 8)
    const start = at + 8 + file.lengthSize
    if (found === index) {
      if (start + length > file.source.size || length > LONGEST) throw new BrokenHdf5('a text is longer than the scan may read')
      return { start, length }
    }
    if (found === 0) break
    at = start + Math.ceil(length / 8) * 8
  }
  throw new BrokenHdf5('a text is missing from its heap')
}
