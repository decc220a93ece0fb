import { z } from 'zod'
import { didYouMean } from '../../core/suggest.ts'

// What may stand in a rule, with messages that say how it has to be.

/** An object with these members and no others. */
export function fields<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return 'it must be an object'
      return `it is not known here. ${didYouMean(issue.keys[0]!, Object.keys(shape))}`
    },
  })
}

/** A rule in its object form, or in a shorter one that stands for it. */
export function short<Schema extends z.ZodType>(
  schema: Schema,
  expand: (value: unknown) => unknown,
): z.ZodType<z.output<Schema>> {
  return z.preprocess(expand, schema) as z.ZodType<z.output<Schema>>
}

export const severity = z.enum(['error', 'warning'], 'it must be "error" or "warning"').optional()
export const mostly = z.number('it must be a number').gt(0, 'it must be above 0').max(1, 'it must be at most 1').optional()
export const share = z.number('it must be a number').min(0, 'it must not be below 0').max(1, 'it must be at most 1')
export const number = z.number('it must be a number')
export const wholeNumber = z.int('it must be a whole number').min(0, 'it must not be below 0')
export const columnNames = z
  .array(z.string('it must be the name of a column'), 'it must be a list of column names')
  .min(1, 'it must name a column')
  .check((context) => {
    const twice = context.value.findIndex((name, i) => context.value.indexOf(name) < i)
    if (twice < 0) return
    context.issues.push({ code: 'custom', input: context.value, path: [twice], message: 'the column is named twice' })
  })
export const direction = z.enum(['ascending', 'descending'], 'it must be "ascending" or "descending"')

/** `min`, `max` or both, in order. */
export function range<Bound extends z.ZodType<number>>(bound: Bound) {
  return fields({ min: bound.optional(), max: bound.optional(), severity }).check((context) => {
    const { min, max } = context.value as Range
    const custom = (path: string[], message: string): void => {
      context.issues.push({ code: 'custom', input: context.value, path, message })
    }
    if (min === undefined && max === undefined) custom([], 'it needs min, max or both')
    else if (min !== undefined && max !== undefined && min > max) custom(['min'], `it is above max: ${min} > ${max}`)
  })
}

export interface Range {
  readonly min?: number | undefined
  readonly max?: number | undefined
}
