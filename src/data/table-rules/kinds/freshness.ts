import { z } from 'zod'
import { formatDuration, parseDuration } from '../../../core/duration.ts'
import { newest } from '../aggregates/newest.ts'
import { fields, severity, short } from '../fields.ts'
import { tableRuleKind } from '../kind.ts'
import { unmeasured } from '../range-verdict.ts'
import type { TableRule, TableVerdict } from '../rule.ts'

const DAY = 86_400_000

const maxAge = z.union([z.string(), z.number()], 'it must be a duration, such as "24h" or "7d"').transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== undefined) return { ms, text: String(text) }
  context.issues.push({ code: 'custom', input: text, message: `"${text}" is not a duration; write 90m, 24h or 7d` })
  return z.NEVER
})
const value = short(fields({ maxAge, severity }), (value) => (typeof value === 'string' ? { maxAge: value } : value))

export const freshness = tableRuleKind<z.output<typeof value>>({
  kind: 'freshness',
  where: 'column',
  summary: 'How long ago the latest date or time of the column is.',
  example: '"freshness": { "maxAge": "24h" }',
  value,
  rules({ maxAge, severity }, site) {
    const { column } = site
    const rule: TableRule = {
      kind: site.kind,
      columns: [column],
      ...site.at([]),
      severity: severity ?? site.severity,
      phrase: `newest at most ${maxAge.text} old`,
      bind(scan) {
        const aggregate = newest(column, scan.cell(column)!)
        return {
          rule,
          aggregates: [aggregate],
          judge: (states, { now }) => judgeFreshness(column, states.of(aggregate), maxAge, now),
        }
      },
    }
    return [rule]
  },
})

/** @param latest milliseconds since 1970, or null when the column has no dates or times */
export function judgeFreshness(
  column: string,
  latest: number | null,
  maxAge: { readonly ms: number; readonly text: string },
  now: Date,
): TableVerdict {
  const expected = `at most ${maxAge.text} old`
  if (latest === null)
    return unmeasured(expected, 'no dates or times', `The age of ${column} cannot be measured: it has no dates or times.`)
  const age = now.getTime() - latest
  const at = new Date(latest).toISOString()
  // One date in the future would hide that the rest is old. A day is let through: a date alone is ahead by its time zone.
  const isAhead = age < -DAY
  const actual = age < 0 ? `${span(-age)} ahead` : `${span(age)} old`
  const isFresh = !isAhead && age <= maxAge.ms
  const why = isAhead ? ', in the future, which tells nothing of its age' : isFresh ? '' : `, but ${expected} is asked`
  return {
    verdict: isFresh ? 'pass' : 'fail',
    message: `The latest of ${column} is ${at}, ${actual}${why}.`,
    expected,
    actual,
    measurements: [
      { name: `latest of ${column}`, value: at },
      { name: `age of ${column}`, value: age, unit: 'ms', threshold: { value: maxAge.ms, good: 'at-most' } },
    ],
    ...(isAhead && { hint: 'Look for placeholder dates such as 9999-12-31, and write null for them.' }),
  }
}

/** Hours say little beyond a few days. */
const span = (ms: number): string =>
  ms < 3 * DAY ? formatDuration(ms) : `${(ms / DAY).toLocaleString('en-US', { maximumFractionDigits: 1 })} days`
