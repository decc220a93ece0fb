import { z } from 'zod'
import { and, double, not, or, type CellSql } from '../../scan/cell.ts'
import { keyword, plain, type Keyword } from './keyword.ts'

const Num = z.number('it must be a number')

/** A demand on numbers. NaN and infinities are not numbers of JSON: they break it. */
const onNumbers = (
  name: string,
  summary: string,
  example: number,
  holds: (number: CellSql['number'], bound: number) => string,
): Keyword =>
  keyword<number>({
    name,
    about: 'numbers',
    summary,
    example,
    read: plain(Num),
    broken: ({ number }, bound) => and(number.when, not(and(number.finite, holds(number, bound)))),
    phrase: (bound) => `${name} ${bound}`,
  })

export const NUMBER_KEYWORDS: readonly Keyword[] = [
  onNumbers('minimum', 'A number is at least this.', 0, (number, bound) => number.compare('>=', bound)),
  onNumbers('maximum', 'A number is at most this.', 120, (number, bound) => number.compare('<=', bound)),
  onNumbers('exclusiveMinimum', 'A number is above this.', 0, (number, bound) => number.compare('>', bound)),
  onNumbers('exclusiveMaximum', 'A number is below this.', 1, (number, bound) => number.compare('<', bound)),
  keyword<number>({
    name: 'multipleOf',
    about: 'numbers',
    summary: 'A number is a whole number of these.',
    example: 0.01,
    read: plain(Num.positive('it must be above zero')),
    broken: ({ number }, divisor) => and(number.when, not(and(number.finite, isMultiple(number.value, divisor)))),
    phrase: (divisor) => `multipleOf ${divisor}`,
  }),
]

/**
 * The value is a whole number of divisors. A fraction such as 0.1 is not exact in binary (0.3 / 0.1 is 2.9999999999999996), so with
 * one the quotient may miss by the rounding of the division, as long as it is small enough for that to mean anything.
 */
function isMultiple(value: string, divisor: number): string {
  const exact = `(${value} % ${double(divisor)} = 0)`
  if (Number.isInteger(divisor)) return exact
  const quotient = `(${value} / ${double(divisor)})`
  return or(exact, `(abs(${quotient}) < 1e12 AND abs(${quotient} - round(${quotient})) <= abs(${quotient}) * 1e-15)`)
}
