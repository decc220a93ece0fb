import type { MetricParameter } from './metric-kind.ts'

/** How many of the highest count. */
export const COUNT: MetricParameter = {
  name: 'k',
  default: null,
  allowed: 'a whole number from 1',
  isAllowed: (value) => Number.isInteger(value) && value >= 1,
}

/** The same, or all of them. */
export const COUNT_OR_ALL: MetricParameter = { ...COUNT, default: Infinity }
