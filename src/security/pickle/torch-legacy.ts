import { viewAt, type ByteSource } from '../source.ts'
import { bytesOf, type Storages } from './effects/torch-storages.ts'

/** Pickles of a file: magic number, protocol, system, object, keys of the storages. Source: PyTorch `serialization.py`, `_legacy_save`. */
export const LEGACY_PICKLES = 5

export interface StorageWalk {
  /** The byte after the last storage that is as the pickle says. */
  readonly end: number
  /** What disagrees with the pickle at `end`; undefined when all storages are there. */
  readonly contradiction: string | undefined
}

/**
 * Steps over the raw storages behind the pickles of a PyTorch file of the old format: in the order of their keys, for each the number
 * of its items in 8 bytes, then the items. Another order is accepted as long as each storage has a size that the pickle names.
 */
export function walkStorages(source: ByteSource, start: number, storages: Storages): StorageWalk {
  const ordered = storages.all.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  let end = start
  for (const storage of ordered) {
    const items = viewAt(source, end, 8)?.getBigInt64(0, true)
    if (items === undefined) return { end, contradiction: `storage ${JSON.stringify(storage.key)} is missing` }
    if (items !== BigInt(storage.items)) {
      const contradiction = `storage ${JSON.stringify(storage.key)} has ${items} items, and its tensors ask for ${storage.items}`
      return { end, contradiction }
    }
    if (end + 8 + bytesOf(storage) > source.size)
      return { end, contradiction: `storage ${JSON.stringify(storage.key)} breaks off` }
    end += 8 + bytesOf(storage)
  }
  return { end, contradiction: undefined }
}
