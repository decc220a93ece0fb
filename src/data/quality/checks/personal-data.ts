import { count, listed, percent } from '../../../core/counts.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'

/** E-mail addresses, telephone, card, account and national numbers, by their form and checksum. */
export const personalData: QualityRule = {
  name: 'personal-data',
  title: 'Personal data',
  summary:
    'No column holds e-mail addresses, telephone numbers, payment-card numbers, bank accounts or national numbers, told by form and checksum. Values are never shown.',
  severity: 'warn',
  why: 'Some data are about persons; whether they may be here is not for a program to say.',
  limits: ['sensitive'],
  judge({ rows, columns }, _limits, over) {
    const found = columns.flatMap((column) => column.personalData.map((one) => ({ column, ...one })))
    return {
      verdict: found.length > 0 ? over : 'pass',
      message:
        found.length > 0
          ? `${listed(found.map(({ column, title, rows }) => `${column.name}: ${title} in ${count(rows, 'row')}`))}.`
          : 'No value has the form and checksum of personal data.',
      measurements: found.map(({ column, kind, rows: found }) => ({
        name: kind,
        value: found,
        unit: 'rows',
        n: rows,
        slice: { column: column.name },
      })),
      findings: found.map(({ column, title, kind, rows: found, example, candidates, valid }) => ({
        severity: findingSeverity(over),
        message: `"${column.name}" has ${title} in ${count(found, 'row')} (${percent(found / rows)}), of the form ${example}.`,
        rule: kind,
        evidence: { column: column.name, kind, rows: found, candidates, valid },
      })),
      ...(found.length > 0 && {
        hint: 'Leave the column out, or replace it by a keyed hash. Its values are masked in this report.',
      }),
    }
  },
}
