import type { Measurement } from '../core/check.ts'
import { gatesOf, type MetricFact, type ModelFacts } from './model-facts.ts'
import type { Json } from './cyclonedx.ts'

/** A number in full: a bill of materials is read by programs. */
const exact = (value: number): string => String(value)

/** `afam=yes, single=no` */
export const sliceName = (slice: Readonly<Record<string, string>>): string =>
  Object.entries(slice)
    .map(([column, value]) => `${column}=${value}`)
    .join(', ')

/** The metrics of the evaluation, and what was measured per group, as CycloneDX performance metrics. */
export function performanceMetrics(facts: ModelFacts): Json[] {
  const groups = gatesOf(facts, 'check-fairness').flatMap(({ checks }) => checks.flatMap(({ measurements }) => measurements))
  const seen = new Set<string>()
  return [...facts.metrics.map(fromMetric), ...groups.flatMap(fromGroup)].filter((metric) => {
    const key = JSON.stringify([metric['type'], metric['slice']])
    return !seen.has(key) && seen.add(key)
  })
}

function fromMetric({ name, value, interval }: MetricFact): Json {
  return { type: name, value: exact(value), ...bounds(interval) }
}

function fromGroup({ name, value, interval, slice }: Measurement): Json[] {
  if (slice === undefined || typeof value !== 'number') return []
  return [{ type: name, value: exact(value), slice: sliceName(slice), ...bounds(interval ?? null) }]
}

function bounds(interval: { lower: number | null; upper: number | null } | null): Json {
  const [lower, upper] = [interval?.lower ?? null, interval?.upper ?? null]
  if (lower === null && upper === null) return {}
  return {
    confidenceInterval: {
      ...(lower !== null && { lowerBound: exact(lower) }),
      ...(upper !== null && { upperBound: exact(upper) }),
    },
  }
}
