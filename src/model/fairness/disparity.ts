import type { Interval } from '../../core/check.ts'
import { differenceInterval, ratioInterval, type Count } from '../../stats/two-proportions.ts'

/** One group's count of a rate. */
export interface GroupCount {
  readonly group: string
  readonly count: Count
}

/** How far apart the groups are in a rate. */
export interface Disparity {
  /** Null when no rate has rows in two groups, or every ratio is zero to zero. */
  readonly value: number | null
  readonly interval: Interval
  /** The groups with the highest and the lowest rate. */
  readonly between: readonly [string, string] | null
  /** Groups without a row to measure the rate on. */
  readonly empty: readonly string[]
}

/**
 * The largest difference between two groups, in any of several rates (one list of groups per rate), as Fairlearn has it.
 *
 * The interval comes from Newcombe's of each pair of groups. The upper end is the largest of theirs at the stated confidence: claiming
 * that all pairs are within a limit needs no correction, since the worst pair alone must clear it (intersection-union
 * test, Berger 1982). The lower end is the largest of theirs corrected for the number of pairs (Bonferroni). Unlike the
 * bootstrap of a maximum, neither end is pushed up by the noise of many small groups.
 */
export function largestDifference(rates: readonly (readonly GroupCount[])[], confidence: number): Disparity {
  const pairs = rates.flatMap(pairsOf)
  const extremes = rates.flatMap((rate) => extremesOf(rate) ?? [])
  const gaps = extremes.map(({ high, low }) => share(high.count) - share(low.count))
  const value = gaps.length > 0 ? Math.max(...gaps) : null
  const worst = value === null ? undefined : extremes[gaps.indexOf(value)]
  const empty = emptyGroups(rates)
  const corrected = 1 - (1 - confidence) / Math.max(1, pairs.length)
  const lower = pairs.map(([a, b]) => {
    const interval = differenceInterval(a.count, b.count, corrected)
    return Math.max(0, interval.lower, -interval.upper)
  })
  const upper = pairs.map(([a, b]) => {
    const interval = differenceInterval(a.count, b.count, confidence)
    return Math.max(-interval.lower, interval.upper)
  })
  return {
    value,
    interval: {
      lower: Math.max(0, ...lower),
      upper: empty.length > 0 || pairs.length === 0 ? 1 : Math.max(...upper),
      confidence,
      method: pairs.length > 1 ? 'newcombe-pairs' : 'newcombe',
    },
    between: worst ? [worst.high.group, worst.low.group] : null,
    empty,
  }
}

/**
 * The smallest ratio between two groups, lowest over highest rate, in any of several rates; from the interval of each pair as
 * above, with the ends in exchanged roles.
 */
export function smallestRatio(rates: readonly (readonly GroupCount[])[], confidence: number): Disparity {
  const pairs = rates.flatMap(pairsOf)
  const extremes = rates.flatMap((rate) => extremesOf(rate) ?? []).filter(({ high }) => high.count.successes > 0)
  const ratios = extremes.map(({ high, low }) => share(low.count) / share(high.count))
  const value = ratios.length > 0 ? Math.min(...ratios) : null
  const worst = value === null ? undefined : extremes[ratios.indexOf(value)]
  const empty = emptyGroups(rates)
  const corrected = 1 - (1 - confidence) / Math.max(1, pairs.length)
  const bothWays = pairs.flatMap(([a, b]) => [[a, b] as const, [b, a] as const])
  const lower = bothWays.map(([a, b]) => ratioInterval(a.count, b.count, confidence).lower)
  const upper = bothWays.map(([a, b]) => ratioInterval(a.count, b.count, corrected).upper ?? Infinity)
  return {
    value,
    interval: {
      lower: empty.length > 0 || pairs.length === 0 ? 0 : Math.min(1, ...lower),
      upper: Math.min(1, ...upper),
      confidence,
      method: pairs.length > 1 ? 'mover-r-pairs' : 'mover-r',
    },
    between: worst ? [worst.high.group, worst.low.group] : null,
    empty,
  }
}

export const share = ({ successes, trials }: Count): number => successes / trials

const measured = (rate: readonly GroupCount[]): GroupCount[] => rate.filter(({ count }) => count.trials > 0)

function pairsOf(rate: readonly GroupCount[]): [GroupCount, GroupCount][] {
  const groups = measured(rate)
  return groups.flatMap((a, i) => groups.slice(i + 1).map((b): [GroupCount, GroupCount] => [a, b]))
}

function extremesOf(rate: readonly GroupCount[]): { high: GroupCount; low: GroupCount } | null {
  const groups = measured(rate).toSorted((a, b) => share(a.count) - share(b.count))
  return groups.length < 2 ? null : { low: groups[0]!, high: groups.at(-1)! }
}

function emptyGroups(rates: readonly (readonly GroupCount[])[]): string[] {
  return [...new Set(rates.flatMap((rate) => rate.filter(({ count }) => count.trials === 0).map(({ group }) => group)))]
}
