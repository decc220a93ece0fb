import type { NumberFacts } from './numbers.ts'

/** How far from all other values, in their range, a number must lie to look like a code. */
const GAP = 0.5

/**
 * Of the numbers that often stand for "unknown" (-1, 999, 9999, …) those that stand apart here: they occur more than once, and are
 * either the only negative value, or farther from the others than half of the range that the others cover.
 */
export function suspectSentinels({ sentinels, others }: NumberFacts): NumberFacts['sentinels'] {
  if (others === null) return []
  const gap = (others.max - others.min) * GAP
  return sentinels.filter(({ value, rows }) => {
    if (rows < 2) return false
    if (value < 0) return others.min >= 0 && others.max > 1 ? true : others.min - value > gap
    return value - others.max > gap
  })
}
