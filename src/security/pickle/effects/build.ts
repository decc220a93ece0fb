import type { Dtype } from '../dtypes.ts'
import { textOfLiteral } from '../literals.ts'
import { importIndexOf, intOf, isFlagged, Kind, kindOf, payloadOf, type Value } from '../values.ts'
import { callView, stateView } from './call-view.ts'
import { describeArguments, describeValue } from './describe.ts'
import { producer } from './import-name.ts'
import { arrayAfter, textFields, type ArrayAfter } from './joblib-array.ts'
import type { Ledger } from './ledger.ts'
import { checkTarget, keptAsValue } from './targets.ts'

const ARRAY_WRAPPER = /^(?:joblib|sklearn\.externals\.joblib)\.numpy_pickle NumpyArrayWrapper$/
const FILE_WRAPPER = /^(?:joblib|sklearn\.externals\.joblib)\.numpy_pickle(?:_compat)? Z?NDArrayWrapper$/

/** BUILD; answers the joblib array that follows in the stream, if one does. */
export function build(ledger: Ledger, offset: number, target: Value, state: Value): ArrayAfter | undefined {
  checkTarget(ledger, offset, 'BUILD', target)
  if (isFlagged(state) && kindOf(state) !== Kind.text) keptAsValue(ledger, offset, 'BUILD', state)
  const kind = kindOf(target)
  if (kind === Kind.dtype) setDtypeState(ledger, ledger.dtypes[payloadOf(target)]!, state)
  if (kind !== Kind.result) return undefined
  const from = producer(ledger, target)
  if (!from) return undefined
  if (from.name === 'partial') setPartialState(ledger, offset, target, state)
  if (from.judgement.state) checkState(ledger, offset, target, from.judgement.state(stateView(ledger, state)), state)
  const name = `${from.module} ${from.name}`
  if (FILE_WRAPPER.test(name)) checkFileName(ledger, offset, state)
  return ARRAY_WRAPPER.test(name) ? arrayAfter(ledger, state) : undefined
}

/** State of a dtype: (version, byte order, subarray, names, fields, itemsize, alignment, flags). Source: NumPy `descriptor.c`. */
function setDtypeState(ledger: Ledger, dtype: Dtype, state: Value): void {
  const parts = kindOf(state) === Kind.tuple ? ledger.containers.values(state) : undefined
  const itemSize = parts?.[5] === undefined ? undefined : intOf(parts[5])
  const flags = parts?.[7] === undefined ? undefined : intOf(parts[7])
  if (itemSize !== undefined && itemSize > 0) dtype.itemSize = itemSize
  if (flags !== undefined) dtype.hasObject = dtype.hasObject === true || (flags & 1) === 1
}

/** State of a `functools.partial`: (function, arguments, keywords, attributes). It replaces the function that was given before. */
function setPartialState(ledger: Ledger, offset: number, target: Value, state: Value): void {
  const index = importIndexOf(target)
  const { condition, level } = ledger.imports.records[index]!.judgement
  if (level !== 'allowed' || !condition) return
  const objection = condition(callView(ledger, 'BUILD', state, undefined))
  if (objection !== undefined)
    ledger.imports.addCall(index, offset, 'BUILD', objection, () => describeArguments(ledger, state, undefined))
}

function checkState(ledger: Ledger, offset: number, target: Value, objection: string | undefined, state: Value): void {
  if (objection === undefined) return
  ledger.imports.addCall(importIndexOf(target), offset, 'BUILD', objection, () => `(${describeValue(ledger, state)})`)
}

/** joblib before 0.10 keeps each array in a file of its own beside the pickle, and loads it by name. */
function checkFileName(ledger: Ledger, offset: number, state: Value): void {
  const value = textFields(ledger, state).get('filename')
  const name = value !== undefined && kindOf(value) === Kind.text ? textOfLiteral(ledger.source, payloadOf(value)) : undefined
  if (name !== undefined && !/[/\\]|^\.\.?$|\0/.test(name)) return
  const shown = name === undefined ? 'a computed name' : JSON.stringify(name.slice(0, 100))
  ledger.problems.add('pickle.outside-file', offset, `an array is loaded from another folder: ${shown}`)
}
