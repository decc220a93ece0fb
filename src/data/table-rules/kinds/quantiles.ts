import { z } from 'zod'
import { formatCount, percent } from '../../../core/counts.ts'
import { wilson } from '../../../stats/proportion.ts'
import { and, double, type CellSql } from '../../scan/cell.ts'
import { countWhere } from '../aggregates/count-where.ts'
import { number, range, type Range } from '../fields.ts'
import { tableRuleKind, type RuleSite } from '../kind.ts'
import { rangeText, unmeasured } from '../range-verdict.ts'
import type { Severity, TableRule, TableVerdict } from '../rule.ts'

const probability = z
  .string()
  .refine((text) => Number(text) > 0 && Number(text) < 1, 'a quantile lies above 0 and below 1, such as "0.5"')
const value = z
  .record(probability, range(number), {
    error: (issue) =>
      issue.code === 'invalid_key' ? 'a quantile lies above 0 and below 1, such as "0.5"' : 'it must be an object',
  })
  .refine((value) => Object.keys(value).length > 0, 'it must hold a quantile, such as "0.5"')

/**
 * The q-quantile is the smallest value that at least q·n of n values do not exceed: the inverse of the empirical distribution function,
 * type 1 of Hyndman and Fan, "Sample quantiles in statistical packages" (1996). So it is a value of the data, and whether it lies in
 * a range is told exactly by two counts, which merge:
 *
 * - it is at most b exactly when the values ≤ b are at least q·n;
 * - it is at least a exactly when the values < a are fewer than q·n.
 */
export const quantiles = tableRuleKind<z.output<typeof value>>({
  kind: 'quantiles',
  where: 'column',
  summary: 'Quantiles of the numbers of the column, by their probability; "0.5" is the median.',
  example: '"quantiles": { "0.5": { "min": 20, "max": 60 }, "0.99": { "max": 500 } }',
  value,
  rules: (value, site) =>
    Object.entries(value).map(([q, range]) => quantileRule(q, range, range.severity ?? site.severity, site)),
})

function quantileRule(q: string, range: Range, severity: Severity, site: RuleSite): TableRule {
  const { column } = site
  const rule: TableRule = {
    kind: site.kind,
    columns: [column],
    ...site.at([q]),
    severity,
    phrase: `${q} quantile ${rangeText(range)}`,
    bind(scan) {
      const counts = quantileCounts(column, scan.cell(column)!, range, site)
      return {
        rule,
        aggregates: [
          counts.numbers,
          counts.others,
          ...(counts.below ? [counts.below] : []),
          ...(counts.atMost ? [counts.atMost] : []),
        ],
        judge: (states) =>
          judgeQuantile(column, Number(q), range, {
            n: states.of(counts.numbers),
            others: states.of(counts.others),
            below: counts.below && states.of(counts.below),
            atMost: counts.atMost && states.of(counts.atMost),
          }),
      }
    },
  }
  return rule
}

function quantileCounts(column: string, cell: CellSql, { min, max }: Range, { types }: RuleSite) {
  const isNumber = and(cell.number.when, `((${cell.key}) IS NOT NULL)`)
  const detail = [...types(column)].toSorted()
  const count = (name: string, condition: string) => countWhere({ name, columns: [column], detail, condition })
  const against = (operator: '<' | '<=', bound: number) =>
    and(isNumber, `coalesce(${cell.number.value} ${operator} ${double(bound)}, FALSE)`)
  return {
    numbers: count('numbers', isNumber),
    others: count('values that are no numbers', `((${cell.key}) IS NOT NULL AND NOT ${isNumber})`),
    below: min === undefined ? undefined : count(`numbers < ${min}`, against('<', min)),
    atMost: max === undefined ? undefined : count(`numbers <= ${max}`, against('<=', max)),
  }
}

export interface QuantileCounts {
  /** Numbers, infinities among them. */
  readonly n: number
  /** Values that are there and are no numbers. */
  readonly others: number
  /** Numbers below the range's min, and at most its max. */
  readonly below: number | undefined
  readonly atMost: number | undefined
}

/** The place of the q-quantile among n values in order, from 1; what rounding added to q·n does not count. */
export const quantileRank = (q: number, n: number): number => Math.max(1, Math.ceil(Number((q * n).toPrecision(15))))

export function judgeQuantile(
  column: string,
  q: number,
  range: Range,
  { n, others, below, atMost }: QuantileCounts,
): TableVerdict {
  const expected = rangeText(range)
  const name = `${q} quantile of ${column}`
  if (n === 0) return unmeasured(expected, 'no numbers', `The ${name} cannot be measured: there are no numbers.`)
  const rank = quantileRank(q, n)
  const isLow = below !== undefined && below >= rank
  const isHigh = atMost !== undefined && atMost < rank
  const share = (part: number, of: string) => `${formatCount(part)} of ${formatCount(n)} numbers (${percent(part / n)}) are ${of}`
  const told = [
    below === undefined ? '' : share(below, `below ${range.min}`),
    atMost === undefined ? '' : share(n - atMost, `above ${range.max}`),
  ].filter(Boolean)
  const isInside = !isLow && !isHigh && others === 0
  const actual = isLow ? `below ${range.min}` : isHigh ? `above ${range.max}` : expected
  const strangers = others === 0 ? '' : ` ${formatCount(others)} values are no numbers, so the column as a whole has none.`
  const message = `The ${name} is ${actual}${isLow || isHigh ? `, but ${expected} is asked` : ', as asked'}: ${told.join(', ')}.${strangers}`
  const measure = (part: number, label: string, good: 'at-least' | 'at-most') => ({
    name: label,
    value: part / n,
    unit: 'share',
    n,
    interval: wilson(part, n),
    threshold: { value: q, good },
  })
  return {
    verdict: isInside ? 'pass' : 'fail',
    message,
    expected,
    actual,
    measurements: [
      ...(below === undefined ? [] : [measure(below, `share of ${column} below ${range.min}`, 'at-most')]),
      ...(atMost === undefined ? [] : [measure(atMost, `share of ${column} at most ${range.max}`, 'at-least')]),
    ],
  }
}
