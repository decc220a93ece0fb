import type { Finding } from '../../../core/check.ts'
import { count, percent } from '../../../core/counts.ts'
import type { KeyFacts } from '../facts/keys.ts'
import { groupFinding } from '../group-finding.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'

/** The key that the user named identifies every row. */
export const key: QualityRule = {
  name: 'key',
  title: 'Key',
  summary: 'The columns of --key together have a different value in every row, and one in every row.',
  severity: 'fail',
  why: 'Naming a key is saying that it identifies rows.',
  limits: ['key'],
  needs: 'key',
  judge({ rows, keys }, _limits, over) {
    const given = keys.find((one) => one.given)
    if (!given) return { verdict: 'skip', message: 'Not judged: no key is named (--key COLUMNS).' }
    const name = given.columns.join(', ')
    const without = rows - given.present
    const isBad = given.repeated > 0 || without > 0
    const lacking = without > 0 ? `; ${count(without, 'row')} without a value in it` : ''
    return {
      verdict: isBad ? over : 'pass',
      message: isBad
        ? `${count(given.repeated, 'row')} with a key (${name}) that an earlier row has${lacking}.`
        : `${name} identifies each of ${count(rows, 'row')}.`,
      measurements: [
        { name: 'repeated keys', value: given.repeated, unit: 'rows', n: given.present },
        { name: 'rows without key', value: without, unit: 'rows', n: rows },
      ],
      findings: keyFindings(given, 'key', findingSeverity(over)),
      ...(isBad && { hint: 'Are rows loaded twice, or is another column part of the key?' }),
    }
  },
}

/** Columns that look like a key, and nearly are one. */
export const guessedKeys: QualityRule = {
  name: 'guessed-keys',
  title: 'Guessed keys',
  summary: 'Columns that look like an identifier and are nearly unique do not repeat a value.',
  severity: 'warn',
  why: 'That the column is a key is a guess from its name and values.',
  limits: ['key'],
  judge({ keys }, _limits, over) {
    const guessed = keys.filter((one) => !one.given)
    const repeated = guessed.filter((one) => one.repeated > 0)
    const told = repeated.map(
      (one) => `${one.columns[0]} repeats in ${count(one.repeated, 'row')} (${percent(one.repeated / one.present)})`,
    )
    return {
      verdict: repeated.length > 0 ? over : 'pass',
      message:
        repeated.length > 0
          ? `${told.join('; ')}.`
          : guessed.length === 0
            ? 'No column looks like a key.'
            : `${guessed.map(({ columns }) => columns[0]).join(', ')}: no value repeats.`,
      findings: repeated.flatMap((one) => keyFindings(one, 'guessed-keys', findingSeverity(over))),
      ...(repeated.length > 0 && {
        hint: 'If it is a key, name it with --key; if not, leave the check out with --skip guessed-keys.',
      }),
    }
  },
}

function keyFindings({ columns, groups }: KeyFacts, rule: string, severity: Finding['severity']): Finding[] {
  return groups.map((group) => ({ ...groupFinding(group, `rows with the same ${columns.join(', ')}`), rule, severity }))
}
