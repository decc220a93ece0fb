import { dtypeOf } from '../dtypes.ts'
import { textOfLiteral } from '../literals.ts'
import { isFlagged, Kind, kindOf, OPAQUE, pack, packResult, payloadOf, type Value } from '../values.ts'
import { callView } from './call-view.ts'
import { describeArguments, describeValue } from './describe.ts'
import { importName, producer } from './import-name.ts'
import type { ImportRecord } from './imports.ts'
import type { Ledger } from './ledger.ts'
import { addNested } from './nested.ts'
import { checkTensor } from './tensors.ts'

const MOST_DTYPES = 1 << 16
const MAKES_OBJECT = /^(copyreg|copy_reg)\.(_reconstructor|__newobj__)$/

/** `__generator_ctor(bit_generator, bit_generator_ctor)`. */
const CALLS_SECOND = /^numpy\.random\._pickle\.__(generator|randomstate)_ctor$/
/** Its condition lets through one constant alone. */
const NAMES_TYPE = 'dill._dill _load_type'
const NO_VALUES = new Float64Array(0)

export type CallOpcode = 'REDUCE' | 'NEWOBJ' | 'NEWOBJ_EX' | 'INST' | 'OBJ'

/** REDUCE, NEWOBJ, NEWOBJ_EX, INST, OBJ: `args` should be a tuple, `keywords` a dict. Answers what the call answers. */
export function call(ledger: Ledger, offset: number, opcode: CallOpcode, callee: Value, args: Value, keywords?: Value): Value {
  const { imports } = ledger
  if (!mayBeArguments(args)) {
    ledger.problems.add('pickle.anomaly', offset, `${opcode} gives arguments that are no tuple: ${describeValue(ledger, args)}`)
  }
  if (kindOf(callee) !== Kind.import) return computedCall(ledger, offset, opcode, callee, args, keywords)
  const index = payloadOf(callee)
  const record = imports.records[index]!
  const { level, condition } = record.judgement
  if (level === 'allowed' && !condition && !record.loads && !isFlagged(args)) {
    if (record.module === 'numpy' && record.name === 'dtype') return newDtype(ledger, args)
    if (record.module === 'torch._utils') checkTensorOf(ledger, offset, record, args)
    return packResult(index, args)
  }
  return judgedCall(ledger, { offset, opcode, record, index, args, ...(keywords !== undefined && { keywords }) })
}

interface JudgedCall {
  readonly offset: number
  readonly opcode: CallOpcode
  readonly record: ImportRecord
  readonly index: number
  readonly args: Value
  readonly keywords?: Value
}

/** A call that is allowed under a condition, or not at all. */
function judgedCall(ledger: Ledger, made: JudgedCall): Value {
  const { record, index, args, keywords } = made
  if (record.name === 'getattr') {
    const attribute = allowedAttribute(ledger, made)
    if (attribute !== undefined) return attribute
  }
  const loader = `${record.module}.${record.name}`
  const found = record.loads ? addNested(ledger, [args, keywords], loader) : 0
  const allowed = record.judgement.level === 'allowed'
  const objection = allowed ? objectionTo(ledger, made, record.loads && found === 0) : undefined
  if (allowed && objection === undefined) {
    checkTensorOf(ledger, made.offset, record, args)
    if (record.present === NAMES_TYPE) return namedType(ledger, made)
    return MAKES_OBJECT.test(loader) ? instanceOf(ledger, args) : packResult(index, args)
  }
  ledger.imports.addCall(index, made.offset, made.opcode, objection, () => describeArguments(ledger, args, keywords))
  return packResult(index, args)
}

/** What is wrong with a call of an allowed name; undefined when it is as models make it. */
function objectionTo(ledger: Ledger, { opcode, record, args, keywords }: JudgedCall, loadsUnknown: boolean): string | undefined {
  if (loadsUnknown) return 'what it loads is not in the file as it is, so it cannot be examined'
  const given = handedOn(ledger, args, record)
  if (given !== undefined) return `it is given ${given}, which is allowed in certain calls alone`
  return record.judgement.condition?.(callView(ledger, opcode, args, keywords))
}

/**
 * A name among the arguments that may be called in certain ways only: whoever is given it may call it in others. Conditions judge
 * the names that a function is known to call: the first argument, and the second where `CALLS_SECOND` has it.
 */
function handedOn(ledger: Ledger, args: Value, { module, name, judgement }: ImportRecord): string | undefined {
  if (!isFlagged(args)) return undefined
  const members = ledger.containers.values(args) ?? NO_VALUES
  const judged = judgement.condition ? (CALLS_SECOND.test(`${module}.${name}`) ? 2 : 1) : 0
  for (let i = 0; i < members.length; i++) {
    const member = members[i]!
    if (!isFlagged(member) || kindOf(member) === Kind.text) continue
    if (kindOf(member) === Kind.import && i < judged) continue
    return describeValue(ledger, member)
  }
  return members.length > 0 && members.length === ledger.containers.count(args) ? undefined : 'a function'
}

function computedCall(ledger: Ledger, offset: number, opcode: CallOpcode, callee: Value, args: Value, keywords?: Value): Value {
  const { problems } = ledger
  const from = producer(ledger, callee)
  if (problems.wants('pickle.computed-call')) {
    const shown = `${describeValue(ledger, callee)}${describeArguments(ledger, args, keywords)}`
    problems.add('pickle.computed-call', offset, `${opcode} calls something that is not an imported name: ${shown}`)
  }
  // Whatever was called, what it was given to load is looked at.
  addNested(ledger, [args, keywords], from ? `${from.module}.${from.name}(…)` : 'a computed function')
  return packResult(-1, args)
}

/** `getattr(cls, 'name')` is the name `cls.name`, where the policy has that on its list. */
function allowedAttribute(ledger: Ledger, { offset, opcode, args }: JudgedCall): Value | undefined {
  const [owner, name] = ledger.containers.values(args) ?? []
  if (ledger.containers.count(args) !== 2 || kindOf(owner!) !== Kind.import || kindOf(name!) !== Kind.text) return undefined
  const { module, name: outer } = ledger.imports.records[payloadOf(owner!)]!
  const full = `${outer}.${textOfLiteral(ledger.source, payloadOf(name!))}`
  return ledger.imports.judge(module, full).level === 'allowed' ? importName(ledger, offset, opcode, module, full) : undefined
}

/** dill writes a type of Python by its name: `_load_type('slice')` is `slice`. */
function namedType(ledger: Ledger, { offset, opcode, args }: JudgedCall): Value {
  const name = textOfLiteral(ledger.source, payloadOf(ledger.containers.values(args)![0]!))
  return importName(ledger, offset, opcode, 'builtins', name)
}

/** `copyreg._reconstructor(cls, …)` answers an object of the class that it is given. */
function instanceOf(ledger: Ledger, args: Value): Value {
  const first = ledger.containers.values(args)?.[0]
  return packResult(first !== undefined && kindOf(first) === Kind.import ? payloadOf(first) : -1, args)
}

function newDtype(ledger: Ledger, args: Value): Value {
  const { dtypes } = ledger
  if (dtypes.length >= MOST_DTYPES) return OPAQUE
  const first = ledger.containers.values(args)?.[0]
  const known = first !== undefined && kindOf(first) === Kind.text
  dtypes.push(known ? dtypeOf(textOfLiteral(ledger.source, payloadOf(first))) : { itemSize: undefined, hasObject: undefined })
  return pack(Kind.dtype, dtypes.length - 1)
}

function checkTensorOf(ledger: Ledger, offset: number, record: ImportRecord, args: Value): void {
  const { module, name } = record
  if (module !== 'torch._utils' || (name !== '_rebuild_tensor_v2' && name !== '_rebuild_tensor')) return
  const contradiction = checkTensor(ledger, args)
  if (contradiction !== undefined) ledger.problems.add('pickle.tensor-bounds', offset, contradiction)
}

/** Whether a value can be what a pickler writes before REDUCE: a tuple, or an object that is one to Python (a named tuple). */
const mayBeArguments = (args: Value): boolean => {
  const kind = kindOf(args)
  return kind === Kind.tuple || kind === Kind.result || kind === Kind.missing || kind === Kind.opaque
}
