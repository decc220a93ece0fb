import type { CallView, StateView } from '../../policy/judgement.ts'
import { textOfLiteral } from '../literals.ts'
import { Kind, kindOf, MISSING, payloadOf, type Value } from '../values.ts'
import { producer } from './import-name.ts'
import { textFields } from './joblib-array.ts'
import type { Ledger } from './ledger.ts'

/** What a condition of the policy sees of a call with these arguments. */
export function callView(ledger: Ledger, opcode: string, args: Value, keywords: Value | undefined): CallView {
  const known = kindOf(args) === Kind.tuple ? ledger.containers.values(args) : undefined
  const at = (index: number): Value => known?.[index] ?? MISSING
  const imported = (index: number) => {
    const value = at(index)
    return kindOf(value) === Kind.import ? ledger.imports.records[payloadOf(value)] : undefined
  }
  const withoutKeywords = keywords === undefined || ledger.containers.count(keywords) === 0
  return {
    opcode,
    count: withoutKeywords && known ? ledger.containers.count(args) : undefined,
    kind: (index) => kindOf(at(index)),
    text: (index) => (kindOf(at(index)) === Kind.text ? textOfLiteral(ledger.source, payloadOf(at(index))) : undefined),
    producer: (index) => producer(ledger, at(index))?.present,
    isAllowedImport: (index) => {
      const record = imported(index)
      return record?.judgement.level === 'allowed' && !record.guarded
    },
    importedName: (index) => imported(index)?.present,
  }
}

/** What a condition of the policy sees of a state. */
export function stateView(ledger: Ledger, state: Value): StateView {
  const fields = textFields(ledger, state)
  const text = (key: string): string | undefined => {
    const value = fields.get(key)
    return value !== undefined && kindOf(value) === Kind.text ? textOfLiteral(ledger.source, payloadOf(value)) : undefined
  }
  // A key that stands twice, or is no text, is not in the fields: such a dict is not known.
  const count = kindOf(state) === Kind.dict ? ledger.containers.count(state) : undefined
  return { isKnownDict: count !== undefined && fields.size * 2 === count, has: (key) => fields.has(key), text }
}
