import { count, listed } from '../../../core/counts.ts'
import type { IdentifierFacts } from '../facts/identifiers.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'

const KINDS: Readonly<Record<IdentifierFacts['kind'], string>> = {
  'row-number': 'a row number',
  uuid: 'a UUID',
  code: 'text that is different in nearly every row',
  number: 'a number that is different in nearly every row',
}

/** Columns that tell rows apart, which a model can only learn by heart. */
export const identifiers: QualityRule = {
  name: 'identifiers',
  title: 'Identifier-like columns',
  summary: 'Columns that are different in nearly every row (row numbers, UUIDs, codes) are named.',
  severity: 'note',
  why: 'Data may well carry the identifiers of its rows; only as features they do harm.',
  limits: [],
  judge({ columns, label }, _limits, over) {
    const found = columns.flatMap(({ identifier, name }) => (identifier && name !== label?.column ? [identifier] : []))
    return {
      verdict: found.length > 0 ? over : 'pass',
      message:
        found.length > 0
          ? `${listed(found.map(({ column, kind }) => `${column} (${KINDS[kind]})`))}.`
          : 'No column is different in nearly every row.',
      findings: found.map(({ column, kind, distinct, present }) => ({
        severity: findingSeverity(over),
        message: `"${column}" is ${KINDS[kind]}: ${count(distinct, 'different value')} in ${count(present, 'row')}.`,
        rule: 'identifiers',
        evidence: { column, kind, distinct, present },
      })),
      ...(found.length > 0 && { hint: 'Leave it out of the features, and name it under --ignore so that equal rows are found.' }),
    }
  },
}
