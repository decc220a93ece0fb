import { textOfLiteral } from '../literals.ts'
import { flagged, importIndexOf, Kind, kindOf, OPAQUE, pack, payloadOf, type Value } from '../values.ts'
import { describeValue } from './describe.ts'
import type { ImportRecord } from './imports.ts'
import type { Ledger } from './ledger.ts'

/** Functions whose answer can be a text. */
const ANSWERS_TEXT = new Set([
  'builtins getattr',
  'builtins type',
  'builtins str',
  'numpy.core _ufunc_reconstruct',
  'numpy._core _ufunc_reconstruct',
  '_codecs encode',
])

/** GLOBAL, STACK_GLOBAL, INST: the name that is imported. */
export function importName(ledger: Ledger, offset: number, opcode: string, module: string, name: string): Value {
  const { imports, problems } = ledger
  const index = imports.add(module, name, offset, opcode)
  if (index >= 0) return imports.records[index]!.guarded ? flagged(pack(Kind.import, index)) : pack(Kind.import, index)
  problems.add('scan.limit', offset, 'it imports more names than the scanner holds')
  return OPAQUE
}

export function stackGlobal(ledger: Ledger, offset: number, module: Value, name: Value): Value {
  const { source, problems } = ledger
  if (kindOf(module) === Kind.text && kindOf(name) === Kind.text) {
    const [moduleText, nameText] = [textOfLiteral(source, payloadOf(module)), textOfLiteral(source, payloadOf(name))]
    return importName(ledger, offset, 'STACK_GLOBAL', moduleText, nameText)
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
  return from !== undefined && ANSWERS_TEXT.has(from.present)
}

/** The name whose call answered a value. */
export function producer(ledger: Pick<Ledger, 'imports'>, value: Value): ImportRecord | undefined {
  return kindOf(value) === Kind.result ? ledger.imports.records[importIndexOf(value)] : undefined
}
