import type { CallView } from '../../policy/judgement.ts'
import { textOfLiteral } from '../literals.ts'
import { Kind, kindOf, MISSING, payloadOf, type Value } from '../values.ts'
import { producer } from './import-name.ts'
import type { Ledger } from './ledger.ts'

/** What a condition of the policy sees of a call with these arguments. */
export function callView(ledger: Ledger, args: Value, keywords: Value | undefined): CallView {
  const known = kindOf(args) === Kind.tuple ? ledger.containers.values(args) : undefined
  const at = (index: number): Value => known?.[index] ?? MISSING
  const imported = (index: number) => {
    const value = at(index)
    return kindOf(value) === Kind.import ? ledger.imports.records[payloadOf(value)] : undefined
  }
  const withoutKeywords = keywords === undefined || ledger.containers.count(keywords) === 0
  return {
    count: withoutKeywords && known ? ledger.containers.count(args) : undefined,
    kind: (index) => kindOf(at(index)),
    text: (index) => (kindOf(at(index)) === Kind.text ? textOfLiteral(ledger.source, payloadOf(at(index))) : undefined),
    producer: (index) => {
      const record = producer(ledger, at(index))
      return record && `${record.module} ${record.name}`
    },
    isAllowedImport: (index) => {
      const record = imported(index)
      return record?.judgement.level === 'allowed' && !record.guarded
    },
    importedName: (index) => {
      const record = imported(index)
      return record && `${record.module} ${record.name}`
    },
  }
}
