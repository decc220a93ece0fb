import type { CallView, Condition } from '../../policy/judgement.ts'
import { judge } from '../../policy/policy.ts'
import { describeArguments, describeValue } from './describe.ts'
import { dtypeOf, type Dtype } from '../dtypes.ts'
import type { ImportRecord } from './imports.ts'
import { arrayAfter, type ArrayAfter } from './joblib-array.ts'
import type { Ledger } from './ledger.ts'
import { extentOfLiteral, textOfLiteral } from '../literals.ts'
import { storageOf } from './torch-storages.ts'
import { intOf, Kind, kindOf, MISSING, OPAQUE, pack, payloadOf, PERSISTENT, type Value } from '../values.ts'

const MOST_DTYPES = 1 << 16
const MOST_NESTED = 64
const ARRAY_WRAPPER = /^(?:joblib|sklearn\.externals\.joblib)\.numpy_pickle NumpyArrayWrapper$/
const MAKES_OBJECT = /^(copyreg|copy_reg)\.(_reconstructor|__newobj__)$/
/** Functions that answer an attribute or a class, so that what is done to their answer is done to a class. */
const ANSWERS_CLASS = new Set([
  'builtins getattr',
  'builtins type',
  'numpy.core _ufunc_reconstruct',
  'numpy._core _ufunc_reconstruct',
])
const ANSWERS_TEXT = new Set([...ANSWERS_CLASS, '_codecs encode', 'builtins str'])

/** GLOBAL, STACK_GLOBAL, INST: the name that is imported. */
export function importName(ledger: Ledger, offset: number, opcode: string, module: string, name: string): Value {
  const index = ledger.imports.add(module, name, offset, opcode)
  if (index >= 0) return pack(Kind.import, index)
  ledger.problems.add('scan.limit', offset, 'it imports more names than the scanner holds')
  return OPAQUE
}

export function stackGlobal(ledger: Ledger, offset: number, module: Value, name: Value): Value {
  const { source, problems } = ledger
  if (kindOf(module) === Kind.text && kindOf(name) === Kind.text) {
    return importName(
      ledger,
      offset,
      'STACK_GLOBAL',
      textOfLiteral(source, payloadOf(module)),
      textOfLiteral(source, payloadOf(name)),
    )
  }
  if (!ledger.strict || (mayBeText(ledger, module) && mayBeText(ledger, name))) {
    const shown = `${describeValue(ledger, module)}, ${describeValue(ledger, name)}`
    problems.add('pickle.computed-import', offset, `STACK_GLOBAL imports a name that is computed while loading: ${shown}`)
  }
  return OPAQUE
}

function mayBeText(ledger: Ledger, value: Value): boolean {
  if (kindOf(value) === Kind.text) return true
  const from = producer(ledger, value)
  return from !== undefined && ANSWERS_TEXT.has(`${from.module} ${from.name}`)
}

/** The name whose call answered a value. */
function producer(ledger: Ledger, value: Value): ImportRecord | undefined {
  return kindOf(value) === Kind.result ? ledger.imports.records[payloadOf(value) - 1] : undefined
}

/** REDUCE, NEWOBJ, NEWOBJ_EX, INST, OBJ. `args` is undefined when the arguments are not known. */
export function call(
  ledger: Ledger,
  offset: number,
  opcode: string,
  callee: Value,
  args: Float64Array | undefined,
  keywords?: Value,
): Value {
  const { imports, problems } = ledger
  if (kindOf(callee) !== Kind.import) {
    if (problems.wants('pickle.computed-call')) {
      const shown = `${describeValue(ledger, callee)}${describeArguments(ledger, args, keywords)}`
      problems.add('pickle.computed-call', offset, `${opcode} calls something that is not an imported name: ${shown}`)
    }
    return pack(Kind.result, 0)
  }
  const index = payloadOf(callee)
  const record = imports.records[index]!
  const answer = pack(Kind.result, index + 1)
  const { level, condition } = record.judgement
  if (level === 'allowed' && !condition && !handsOn(ledger, args)) {
    return record.name === 'dtype' && record.module === 'numpy' ? newDtype(ledger, args) : answer
  }
  const loader = `${record.module}.${record.name}`
  const objection = level === 'allowed' ? objectionTo(ledger, condition, args, keywords) : undefined
  if (record.name === 'getattr') {
    const attribute = allowedAttribute(ledger, offset, opcode, args)
    if (attribute !== undefined) return attribute
  }
  addNested(ledger, args, loader)
  if (level === 'allowed' && objection === undefined) return MAKES_OBJECT.test(loader) ? instanceOf(args) : answer
  imports.addCall(index, offset, opcode, objection, () => describeArguments(ledger, args, keywords))
  return answer
}

/** `getattr(cls, 'name')` is the name `cls.name`, where the policy has that on its list. */
function allowedAttribute(ledger: Ledger, offset: number, opcode: string, args: Float64Array | undefined): Value | undefined {
  const [owner, name] = args ?? []
  if (args?.length !== 2 || kindOf(owner!) !== Kind.import || kindOf(name!) !== Kind.text) return undefined
  const { module, name: outer } = ledger.imports.records[payloadOf(owner!)]!
  const full = `${outer}.${textOfLiteral(ledger.source, payloadOf(name!))}`
  return judge(module, full).level === 'allowed' ? importName(ledger, offset, opcode, module, full) : undefined
}

/** `copyreg._reconstructor(cls, …)` answers an object of the class that it is given. */
function instanceOf(args: Float64Array | undefined): Value {
  const first = args?.[0]
  return pack(Kind.result, first !== undefined && kindOf(first) === Kind.import ? payloadOf(first) + 1 : 0)
}

function objectionTo(ledger: Ledger, condition: Condition | undefined, args: Float64Array | undefined, keywords?: Value) {
  if (condition) return condition(callView(ledger, args, keywords))
  return `it is given ${handsOn(ledger, args)}, which is allowed in certain calls alone`
}

/** A name among the arguments that may be called in certain ways only: whoever is given it may call it in others. */
function handsOn(ledger: Ledger, args: Float64Array | undefined): string | undefined {
  if (!args) return undefined
  for (let i = 0; i < args.length; i++) {
    if (kindOf(args[i]!) !== Kind.import) continue
    const { module, name, judgement } = ledger.imports.records[payloadOf(args[i]!)]!
    if (judgement.condition && judgement.valueOnly !== true) return `${module}.${name}`
  }
  return undefined
}

function callView(ledger: Ledger, args: Float64Array | undefined, keywords: Value | undefined): CallView {
  const at = (index: number): Value => args?.[index] ?? MISSING
  const imported = (index: number) => {
    const value = at(index)
    return kindOf(value) === Kind.import ? ledger.imports.records[payloadOf(value)] : undefined
  }
  const withoutKeywords = keywords === undefined || ledger.containers.count(keywords) === 0
  return {
    count: withoutKeywords ? args?.length : undefined,
    kind: (index) => kindOf(at(index)),
    text: (index) => (kindOf(at(index)) === Kind.text ? textOfLiteral(ledger.source, payloadOf(at(index))) : undefined),
    producer: (index) => {
      const record = producer(ledger, at(index))
      return record && `${record.module} ${record.name}`
    },
    isAllowedImport: (index) => {
      const judgement = imported(index)?.judgement
      return judgement?.level === 'allowed' && (!judgement.condition || judgement.valueOnly === true)
    },
    importedName: (index) => {
      const record = imported(index)
      return record && `${record.module} ${record.name}`
    },
  }
}

/** Bytes among the arguments of a loader are a pickle or an archive of their own. */
function addNested(ledger: Ledger, args: Float64Array | undefined, loader: string): void {
  for (const value of args ?? []) {
    if (kindOf(value) !== Kind.bytes || ledger.nested.length >= MOST_NESTED) continue
    const extent = extentOfLiteral(ledger.source, payloadOf(value))
    if (extent) ledger.nested.push({ ...extent, loader })
  }
}

function newDtype(ledger: Ledger, args: Float64Array | undefined): Value {
  const { dtypes } = ledger
  if (dtypes.length >= MOST_DTYPES) return OPAQUE
  const first = args?.[0]
  const known = first !== undefined && kindOf(first) === Kind.text
  dtypes.push(known ? dtypeOf(textOfLiteral(ledger.source, payloadOf(first))) : { itemSize: undefined, hasObject: undefined })
  return pack(Kind.dtype, dtypes.length - 1)
}

/** SETITEM(S), APPEND(S), ADDITEMS and BUILD on a class, a function or a module change the program, not the model. */
export function checkTarget(ledger: Ledger, offset: number, opcode: string, target: Value): void {
  const kind = kindOf(target)
  if (kind !== Kind.import && kind !== Kind.result) return
  const from = producer(ledger, target)
  if (kind === Kind.result && !(from && ANSWERS_CLASS.has(`${from.module} ${from.name}`))) return
  ledger.problems.add('pickle.changed-class', offset, `${opcode} changes ${describeValue(ledger, target)} itself, not an object`)
}

/** BUILD; answers the joblib array that follows in the stream, if one does. */
export function build(ledger: Ledger, offset: number, target: Value, state: Value): ArrayAfter | undefined {
  checkTarget(ledger, offset, 'BUILD', target)
  const kind = kindOf(target)
  if (kind === Kind.dtype) setDtypeState(ledger, ledger.dtypes[payloadOf(target)]!, state)
  if (kind !== Kind.result) return undefined
  const from = producer(ledger, target)
  return from && ARRAY_WRAPPER.test(`${from.module} ${from.name}`) ? arrayAfter(ledger, state) : undefined
}

/** State of a dtype: (version, byte order, subarray, names, fields, itemsize, alignment, flags). Source: NumPy `descriptor.c`. */
function setDtypeState(ledger: Ledger, dtype: Dtype, state: Value): void {
  const parts = ledger.containers.values(state)
  const itemSize = parts?.[5] === undefined ? undefined : intOf(parts[5])
  const flags = parts?.[7] === undefined ? undefined : intOf(parts[7])
  if (itemSize !== undefined && itemSize > 0) dtype.itemSize = itemSize
  if (flags !== undefined) dtype.hasObject = dtype.hasObject === true || (flags & 1) === 1
}

/** BINPERSID: PyTorch's way to refer to the storage of a tensor. */
export function persistentId(ledger: Ledger, offset: number, id: Value): Value {
  const storage = storageOf(ledger, id)
  if (storage) ledger.storages.add(storage)
  else {
    const shown = describeValue(ledger, id)
    ledger.problems.add('pickle.persistent-id', offset, `the loader is asked for an object that is not in the file: ${shown}`)
  }
  return PERSISTENT
}
