import type { Interval } from '../../core/check.ts'
import { formatCount } from '../../core/counts.ts'
import type { Range } from './fields.ts'
import type { TableVerdict } from './rule.ts'

export interface RangedValue {
  /** `mean of income`. */
  readonly name: string
  readonly value: number
  readonly range: Range
  readonly unit?: string
  readonly n: number
  readonly interval?: Interval
  /** How the value and its bounds are written; digits by default. */
  readonly format?: (value: number) => string
  /** A further sentence. */
  readonly note?: string | undefined
}

/** A value of the data set against its range. All rows were looked at, so the value itself is compared. */
export function rangeVerdict({ name, value, range, unit, n, interval, format = digits, note }: RangedValue): TableVerdict {
  const isInside = !Number.isNaN(value) && value >= (range.min ?? -Infinity) && value <= (range.max ?? Infinity)
  const expected = rangeText(range, format)
  const actual = format(value)
  const message = `The ${name} is ${actual}, ${isInside ? 'and' : 'but'} ${expected} is asked.`
  const measurement = { name, value, n, ...(unit && { unit }), ...(interval && { interval }) }
  return {
    verdict: isInside ? 'pass' : 'fail',
    message: note ? `${message} ${note}` : message,
    expected,
    actual,
    measurements: [measurement],
    ...(interval && { interval }),
  }
}

/** Nothing was measured, which never passes. */
export function unmeasured(expected: string, actual: string, message: string): TableVerdict {
  return { verdict: 'error', message, expected, actual, measurements: [] }
}

/** `between 1 and 2`, `at least 1`, `at most 2`, `exactly 2`. */
export function rangeText({ min, max }: Range, format: (value: number) => string = digits): string {
  if (min === undefined) return `at most ${format(max!)}`
  if (max === undefined) return `at least ${format(min)}`
  return min === max ? `exactly ${format(min)}` : `between ${format(min)} and ${format(max)}`
}

/** All digits that tell a value from its neighbours, or thousands set apart in a whole number. */
export function digits(value: number): string {
  return Number.isSafeInteger(value) ? formatCount(value) : String(Number(value.toPrecision(10)))
}
