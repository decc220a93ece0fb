import type { ByteSource } from '../../source.ts'
import { textOfLiteral } from '../literals.ts'
import type { Containers } from '../machine/containers.ts'
import { intOf, Kind, kindOf, payloadOf, type Value } from '../values.ts'
import type { ImportTable } from './imports.ts'

/** The storage of one or more tensors, kept outside of the pickle. */
export interface Storage {
  readonly key: string
  readonly items: number
  readonly itemSize: number
}

const MOST_STORAGES = 1 << 20

/** The storages that a PyTorch pickle refers to, by key. */
export class Storages {
  readonly #list: Storage[] = []
  readonly #indexOf = new Map<string, number>()

  /** The index of a storage; -1 when there are more than any model has. `known` has another size when the file contradicts itself. */
  add(storage: Storage): { index: number; known: Storage } {
    const index = this.#indexOf.get(storage.key)
    if (index !== undefined) return { index, known: this.#list[index]! }
    if (this.#list.length >= MOST_STORAGES) return { index: -1, known: storage }
    this.#indexOf.set(storage.key, this.#list.length)
    this.#list.push(storage)
    return { index: this.#list.length - 1, known: storage }
  }

  at(index: number): Storage | undefined {
    return this.#list[index]
  }

  get all(): readonly Storage[] {
    return this.#list
  }
}

export const bytesOf = ({ items, itemSize }: Storage): number => items * itemSize

const ITEM_SIZE: Readonly<Record<string, number>> = {
  DoubleStorage: 8, FloatStorage: 4, HalfStorage: 2, BFloat16Storage: 2, LongStorage: 8, IntStorage: 4, ShortStorage: 2, CharStorage: 1,
  ByteStorage: 1, BoolStorage: 1, ComplexDoubleStorage: 16, ComplexFloatStorage: 8, QInt8Storage: 1, QUInt8Storage: 1, QInt32Storage: 4,
  QUInt4x2Storage: 1, QUInt2x4Storage: 1, UntypedStorage: 1,
} // prettier-ignore

/** The storage that a persistent id names: `('storage', storage class, key, location, number of items, …)`. Source: PyTorch `serialization.py`. */
export function storageOf(
  { source, containers, imports }: { source: ByteSource; containers: Containers; imports: ImportTable },
  id: Value,
): Storage | undefined {
  const parts = kindOf(id) === Kind.tuple ? containers.values(id) : undefined
  if (!parts || parts.length < 5) return undefined
  const text = (value: Value) => (kindOf(value) === Kind.text ? textOfLiteral(source, payloadOf(value)) : undefined)
  const [tag, type, key, location, size] = [parts[0], parts[1], parts[2], parts[3], parts[4]]
  if (text(tag!) !== 'storage' || kindOf(type!) !== Kind.import || text(location!) === undefined) return undefined
  const record = imports.records[payloadOf(type!)]!
  const itemSize = record.judgement.level === 'allowed' ? ITEM_SIZE[record.name] : undefined
  const name = text(key!)
  const items = intOf(size!)
  return itemSize === undefined || name === undefined || items === undefined ? undefined : { key: name, items, itemSize }
}
