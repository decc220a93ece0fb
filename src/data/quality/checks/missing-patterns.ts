import { count, listed, percent } from '../../../core/counts.ts'
import type { Finding } from '../../../core/check.ts'
import { differenceInterval } from '../../../stats/two-proportions.ts'
import type { MissingByLabel } from '../facts/missing-patterns.ts'
import { findingSeverity, type QualityRule } from '../rule.ts'

/** A smaller difference between the labels of rows with and without a value is not worth a word. */
const LEAST_DIFFERENCE = 0.1
/** Over all columns and classes together, a difference is called one by chance this often. */
const ERROR_RATE = 0.01

/** How missing values go together: whole rows, several columns, and with the label. */
export const missingPatterns: QualityRule = {
  name: 'missing-pattern',
  title: 'Pattern of missing values',
  summary:
    'No row is empty as a whole, and whether a value is missing does not tell the label. Columns that are missing together are noted.',
  severity: 'warn',
  why: 'What is missing for a reason biases a model, but some of it is how the data came to be.',
  limits: [],
  judge({ rows, emptyRows, missingPatterns: patterns }, _limits, over) {
    const measurements = [{ name: 'empty rows', value: emptyRows, unit: 'rows', n: rows }]
    const severity = findingSeverity(over)
    const findings: Finding[] = []
    if (emptyRows > 0) {
      findings.push({
        severity,
        message: `${count(emptyRows, 'row')} (${percent(emptyRows / rows)}) without any value.`,
        rule: 'missing-pattern',
      })
    }
    const telling = (patterns?.byLabel ?? []).flatMap((one) => difference(one, patterns!.byLabel.length) ?? [])
    for (const { column, label, inMissing, inPresent, missing } of telling) {
      findings.push({
        severity,
        message: `Where "${column}" is missing (${count(missing, 'row')}), ${percent(inMissing)} have the label "${label}"; where it is not, ${percent(inPresent)}.`,
        rule: 'missing-pattern',
        evidence: { column, label, inMissing, inPresent, missing },
      })
    }
    const bad = findings.length
    for (const { columns, rows: together } of patterns?.together ?? []) {
      findings.push({
        severity: 'note',
        message: `${listed(columns)} are missing together, in the same ${count(together, 'row')}.`,
        rule: 'missing-pattern',
        evidence: { columns, rows: together },
      })
    }
    const parts = [
      ...(emptyRows > 0 ? [`${count(emptyRows, 'row')} without any value`] : []),
      ...(telling.length > 0 ? [`missingness tells the label: ${listed(telling.map(({ column }) => column))}`] : []),
      ...(patterns?.together ?? []).slice(0, 2).map(({ columns }) => `missing together: ${listed(columns)}`),
    ]
    return {
      verdict: bad > 0 ? over : 'pass',
      message: parts.length > 0 ? `${parts.join('; ')}.` : patterns ? 'Missing values show no pattern.' : 'No column has gaps.',
      measurements,
      findings,
      ...(telling.length > 0 && {
        hint: 'Was the value filled in only after the outcome was known? Then the gap gives the label away.',
      }),
    }
  },
}

/** The class that rows without a value have more often, if by more than chance and more than little. */
function difference({ column, classes }: MissingByLabel, columns: number) {
  const sum = (part: 'missing' | 'present') => classes.reduce((total, one) => total + one[part], 0)
  const [missing, present] = [sum('missing'), sum('present')]
  if (missing === 0 || present === 0) return undefined
  const confidence = 1 - ERROR_RATE / (columns * classes.length)
  const found = classes.flatMap((one) => {
    const [a, b] = [
      { successes: one.missing, trials: missing },
      { successes: one.present, trials: present },
    ]
    const { lower, upper } = differenceInterval(a, b, confidence)
    const [inMissing, inPresent] = [one.missing / missing, one.present / present]
    const isReal = (lower > 0 || upper < 0) && Math.abs(inMissing - inPresent) >= LEAST_DIFFERENCE
    return isReal ? [{ column, label: one.label, inMissing, inPresent, missing }] : []
  })
  return found.toSorted((a, b) => b.inMissing - b.inPresent - (a.inMissing - a.inPresent))[0]
}
