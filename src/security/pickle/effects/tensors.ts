import { intOf, Kind, kindOf, payloadOf, PERSISTENT, pack, type Value } from '../values.ts'
import { textOfLiteral } from '../literals.ts'
import { describeValue } from './describe.ts'
import type { Ledger } from './ledger.ts'
import { bytesOf, storageOf } from './torch-storages.ts'

/** BINPERSID: PyTorch's way to refer to the storage of a tensor. */
export function persistentId(ledger: Ledger, offset: number, id: Value): Value {
  const { problems, storages } = ledger
  const layer = layerClass(ledger, id)
  if (layer !== undefined) return layer
  const storage = storageOf(ledger, id)
  if (!storage) {
    problems.add(
      'pickle.persistent-id',
      offset,
      `the loader is asked for an object that is not in the file: ${describeValue(ledger, id)}`,
    )
    return PERSISTENT
  }
  const { index, known } = storages.add(storage)
  if (bytesOf(known) !== bytesOf(storage)) {
    const message = `storage ${JSON.stringify(storage.key)} has ${bytesOf(storage)} bytes here and ${bytesOf(known)} before`
    problems.add('pickle.tensor-bounds', offset, message)
  }
  return pack(Kind.persistent, index + 1)
}

/** `('module', class, file, source)`: a layer in the format before 1.6 is written with its source, and loaded as the class alone. */
function layerClass(ledger: Ledger, id: Value): Value | undefined {
  if (kindOf(id) !== Kind.tuple || ledger.containers.count(id) !== 4) return undefined
  const [tag, layer] = ledger.containers.values(id)!
  if (kindOf(tag!) !== Kind.text || kindOf(layer!) !== Kind.import) return undefined
  return textOfLiteral(ledger.source, payloadOf(tag!)) === 'module' ? layer : undefined
}

/**
 * What is wrong with the arguments of `_rebuild_tensor(storage, storage_offset, size, stride, …)`: a tensor that reaches beyond its
 * storage lets the loader read, and write, the memory behind it (CVE-2026-24747).
 */
export function checkTensor(ledger: Ledger, args: Value): string | undefined {
  const { containers, storages } = ledger
  const given = containers.values(args)
  const storageValue = given?.[0]
  if (!given || storageValue === undefined || kindOf(storageValue) !== Kind.persistent) return undefined
  const [offset, size, stride] = [given[1], given[2], given[3]]
  const storage = storages.at(payloadOf(storageValue) - 1)
  const sizes = numbers(ledger, size)
  const strides = numbers(ledger, stride)
  const first = offset === undefined ? undefined : intOf(offset)
  if (!storage || !sizes || !strides || first === undefined || sizes.length !== strides.length) return undefined
  if (sizes.includes(0)) return undefined
  const last = sizes.reduce((sum, items, axis) => sum + (items - 1) * strides[axis]!, first)
  return last < storage.items
    ? undefined
    : `a tensor reaches to item ${last} of storage ${JSON.stringify(storage.key)}, which has ${storage.items}`
}

function numbers(ledger: Ledger, tuple: Value | undefined): number[] | undefined {
  const values = tuple === undefined || kindOf(tuple) !== Kind.tuple ? undefined : ledger.containers.values(tuple)
  if (!values || values.length !== ledger.containers.count(tuple!)) return undefined
  const known: number[] = []
  for (const value of values) {
    const number = intOf(value)
    if (number === undefined) return undefined
    known.push(number)
  }
  return known
}
