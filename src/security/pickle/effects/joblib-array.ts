import type { Ledger } from './ledger.ts'
import { textOfLiteral } from '../literals.ts'
import { intOf, Kind, kindOf, payloadOf, type Value } from '../values.ts'

/**
 * What joblib reads from the file right after the BUILD of a NumpyArrayWrapper. Source: joblib `numpy_pickle.py`,
 * `NumpyArrayWrapper.read_array`.
 *
 * - `raw`: so many bytes of the array; with `aligned`, a byte before them that tells how many padding bytes follow it.
 * - `pickle`: an array of objects, as a pickle of its own.
 * - `unknown`: the size cannot be told, so what follows cannot be read as joblib would.
 */
export type ArrayAfter =
  | { readonly kind: 'raw'; readonly bytes: number; readonly aligned: boolean }
  | { readonly kind: 'pickle' }
  | { readonly kind: 'unknown'; readonly why: string }

/** The array that a wrapper with this state announces. */
export function arrayAfter(ledger: Ledger, state: Value): ArrayAfter {
  const count = kindOf(state) === Kind.dict ? ledger.containers.count(state) : undefined
  if (count === undefined || ledger.containers.values(state)?.length !== count)
    return { kind: 'unknown', why: 'its state is not known' }
  const fields = textFields(ledger, state)
  const dtypeValue = fields.get('dtype')
  const dtype = dtypeValue !== undefined && kindOf(dtypeValue) === Kind.dtype ? ledger.dtypes[payloadOf(dtypeValue)] : undefined
  if (dtype?.hasObject === true) return { kind: 'pickle' }
  if (dtype?.hasObject === undefined || dtype.itemSize === undefined) return { kind: 'unknown', why: 'its dtype is not known' }
  const items = itemCount(ledger, fields.get('shape'))
  if (items === undefined) return { kind: 'unknown', why: 'its shape is not known' }
  const alignment = fields.get('numpy_array_alignment_bytes')
  const aligned = alignment !== undefined && kindOf(alignment) !== Kind.none
  return { kind: 'raw', bytes: items * dtype.itemSize, aligned }
}

/** The values of a dict by those of its keys that are texts, as far as they are remembered. */
export function textFields(ledger: Ledger, dict: Value): Map<string, Value> {
  const fields = new Map<string, Value>()
  const pairs = kindOf(dict) === Kind.dict ? (ledger.containers.values(dict) ?? []) : []
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    if (kindOf(pairs[i]!) === Kind.text) fields.set(textOfLiteral(ledger.source, payloadOf(pairs[i]!)), pairs[i + 1]!)
  }
  return fields
}

function itemCount(ledger: Ledger, shape: Value | undefined): number | undefined {
  const count = shape === undefined ? undefined : ledger.containers.count(shape)
  const sizes = shape === undefined ? undefined : ledger.containers.values(shape)
  if (!sizes || sizes.length !== count) return undefined
  let items = 1
  for (const value of sizes) {
    const size = intOf(value)
    if (size === undefined) return undefined
    items *= size
  }
  return items
}
