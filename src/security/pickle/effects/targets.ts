import { textOfLiteral } from '../literals.ts'
import { isFlagged, Kind, kindOf, payloadOf, type Value } from '../values.ts'
import { describeValue } from './describe.ts'
import { producer } from './import-name.ts'
import type { Ledger } from './ledger.ts'

export type ChangeOpcode = 'APPEND' | 'APPENDS' | 'ADDITEMS' | 'SETITEM' | 'SETITEMS' | 'BUILD'

/** Functions that answer an attribute or a class, so that what is done to their answer is done to a class. */
const ANSWERS_CLASS = new Set([
  'builtins getattr',
  'builtins type',
  'numpy.core _ufunc_reconstruct',
  'numpy._core _ufunc_reconstruct',
])
/** Functions whose answer can be called. */
const ANSWERS_FUNCTION = /^(getattr|type|partial|partialmethod|itemgetter|attrgetter|methodcaller|_ufunc_reconstruct)$/
const MAKES_TENSOR = /^torch\._(utils _rebuild_\w*tensor|tensor _rebuild_from_type)/
/** What Python looks up on an object, or on its class, and calls. */
const SPECIAL =
  /^__(class|setstate|getstate|reduce|reduce_ex|init|new|del|call|getattr|getattribute|setattr|delattr|get|bases|mro|globals|code|builtins|import|array_function|array_ufunc|torch_function)__$/

/** The plain kinds that an opcode changes, beside objects that a call has made. */
const CHANGES: Readonly<Record<ChangeOpcode, readonly Kind[]>> = {
  APPEND: [Kind.list],
  APPENDS: [Kind.list],
  ADDITEMS: [Kind.set],
  SETITEM: [Kind.dict],
  SETITEMS: [Kind.dict],
  BUILD: [Kind.dtype],
}

/** SETITEM(S), APPEND(S), ADDITEMS and BUILD on a class, a function or a module change the program, not the model. */
export function checkTarget(ledger: Ledger, offset: number, opcode: ChangeOpcode, target: Value): void {
  const kind = kindOf(target)
  if (CHANGES[opcode].includes(kind) || kind === Kind.missing || kind === Kind.opaque) return
  const { problems } = ledger
  if (kind === Kind.import || kind === Kind.result) {
    const from = producer(ledger, target)
    const name = from?.present
    if (kind === Kind.import || (name !== undefined && ANSWERS_CLASS.has(name))) {
      problems.add('pickle.changed-class', offset, `${opcode} changes ${describeValue(ledger, target)} itself, not an object`)
    } else if (opcode !== 'BUILD' && name !== undefined && MAKES_TENSOR.test(name)) {
      problems.add('pickle.anomaly', offset, `${opcode} writes into a tensor while it is loaded, which no pickler does`)
    }
    return
  }
  if (!problems.wants('pickle.anomaly')) return
  problems.add('pickle.anomaly', offset, `${opcode} changes ${describeValue(ledger, target)}, which cannot be changed so`)
}

/**
 * Members that are put in a list, a dict (keys and values in turn) or a set, from `from` to `to` in an array: a function that is allowed in
 * certain calls alone is not to be kept, and a special attribute is not to be set to something that can be called.
 */
export function checkMembers(
  ledger: Ledger,
  offset: number,
  opcode: string,
  values: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (!isFlagged(value)) continue
    if (kindOf(value) !== Kind.text) keptAsValue(ledger, offset, opcode, value)
    else if (i + 1 < to) checkAttribute(ledger, offset, value, values[i + 1]!)
  }
}

export function keptAsValue(ledger: Ledger, offset: number, opcode: string, value: Value): void {
  if (!ledger.problems.wants('pickle.kept-function')) return
  const message = `${opcode} keeps ${describeValue(ledger, value)}, which is allowed in certain calls alone, where others can call it`
  ledger.problems.add('pickle.kept-function', offset, message)
}

/** A text that may name a special attribute, and what stands behind it. */
export function checkAttribute(ledger: Ledger, offset: number, name: Value, value: Value): void {
  if (!mayBeCalled(ledger, value)) return
  const text = textOfLiteral(ledger.source, payloadOf(name), 64)
  if (!SPECIAL.test(text)) return
  ledger.problems.add('pickle.special-attribute', offset, `the attribute ${text} is set to ${describeValue(ledger, value)}`)
}

/** Words and numbers under such a name are words: a vocabulary of Python code has them all. */
function mayBeCalled(ledger: Ledger, value: Value): boolean {
  const kind = kindOf(value)
  if (kind !== Kind.result) return kind === Kind.import || kind === Kind.opaque
  const from = producer(ledger, value)
  return from === undefined || from.judgement.level !== 'allowed' || ANSWERS_FUNCTION.test(from.name)
}
