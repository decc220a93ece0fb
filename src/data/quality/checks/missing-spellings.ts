import { count, listed, percent } from '../../../core/counts.ts'
import type { ColumnFacts } from '../facts.ts'
import { suspectSentinels } from '../facts/sentinels.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'
import { shownValue } from '../shown-value.ts'

interface Spelled {
  readonly column: ColumnFacts
  readonly rows: number
  readonly as: readonly string[]
}

/** Missing values that are written as something: NA, null, ?, blanks, -999. */
export const missingSpellings: QualityRule = {
  name: 'missing-spellings',
  title: 'Spellings of missing',
  summary:
    'No value is written as NA, N/A, null, nan, -, ?, blanks or the like, nor as a number far from all others (-1, 999, 9999, …).',
  severity: 'warn',
  why: 'A spelling of missing is read as a value; but it can be one, as NA is a country and -1 a balance.',
  limits: [],
  judge({ rows, columns }, _limits, over) {
    const found = columns.flatMap((column): Spelled[] => [...inText(column), ...inNumbers(column)])
    const told = found.map(({ column, as, rows }) => `${column.name}: ${as.join(', ')} in ${count(rows, 'row')}`)
    return {
      verdict: found.length > 0 ? over : 'pass',
      message: found.length > 0 ? `${listed(told)}.` : 'No value looks like a spelling of "missing".',
      measurements: found.map(({ column, rows: spelled }) => ({
        name: 'spelled as missing',
        value: spelled / rows,
        unit: 'share',
        n: rows,
        slice: { column: column.name },
      })),
      findings: found.map(({ column, rows: spelled, as }) => ({
        severity: findingSeverity(over),
        message: `"${column.name}" is ${as.join(' or ')} in ${count(spelled, 'row')} (${percent(spelled / rows)}), which is read as a value.`,
        rule: 'missing-spellings',
        evidence: { column: column.name, rows: spelled },
      })),
      ...(found.length > 0 && {
        hint: 'Write missing values as null (an empty field in CSV), or leave the check out if these are values.',
      }),
    }
  },
}

function inText(column: ColumnFacts): Spelled[] {
  const { text } = column
  if (!text) return []
  const { classes } = text
  const rows = (names: readonly (keyof typeof classes)[]) => names.reduce((sum, name) => sum + (classes[name]?.rows ?? 0), 0)
  const values = rows(Object.keys(classes) as (keyof typeof classes)[]) - rows(['missing', 'maybe-missing'])
  const measured = values - rows(['word', 'other'])
  // "none" is a value among words, and none among numbers or dates.
  const names = measured > values / 2 ? (['missing', 'maybe-missing'] as const) : (['missing'] as const)
  const spelled = rows(names)
  const examples = names.flatMap((name) => classes[name]?.examples ?? [])
  return spelled > 0 ? [{ column, rows: spelled, as: examples.slice(0, 4).map((value) => shownValue(column, value)) }] : []
}

function inNumbers(column: ColumnFacts): Spelled[] {
  const sentinels = column.numbers ? suspectSentinels(column.numbers) : []
  if (sentinels.length === 0) return []
  return [{ column, rows: sentinels.reduce((sum, { rows }) => sum + rows, 0), as: sentinels.map(({ value }) => String(value)) }]
}
