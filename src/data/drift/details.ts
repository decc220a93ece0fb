import type { DriftFacts, DriftLimits } from './facts.ts'
import { ALPHA } from './facts.ts'
import { settle } from './family.ts'

/** The whole comparison for `Report.details`: every column's measures and histograms, and how each test was settled. */
export function driftDetails(facts: DriftFacts, limits: DriftLimits): Record<string, unknown> {
  const { reference, current } = facts.rows
  // Without rows there is nothing to test, and no effect that is a number.
  const { tests, size } = reference === 0 || current === 0 ? { tests: [], size: 0 } : settle(facts, limits)
  return {
    ...facts,
    alpha: ALPHA,
    limits,
    family: size,
    tests: tests.map(
      ({ question, column, effect, effectName, method, limit, interval, pValue, adjustedPValue, outcome, needed }) => ({
        question,
        column: column?.name ?? null,
        effect,
        effectName,
        method,
        limit,
        interval,
        pValue,
        adjustedPValue,
        outcome,
        ...(needed && { rowsNeeded: needed }),
      }),
    ),
  }
}
