import type { Threshold } from '../core/check.ts'
import { betaCdf } from './beta.ts'
import { isInside, type Evidence } from './judge.ts'
import { normalCdf, twoSidedZ } from './normal.ts'
import { tango } from './paired-proportions.ts'
import { wilsonAround } from './proportion.ts'

/** A gate: a limit, and what has to be on its good side: the whole interval, or the estimate alone. */
export interface GateRule {
  readonly limit: Threshold
  /** Of the two-sided interval, such as 0.95. */
  readonly confidence: number
  readonly evidence: Evidence
}

/** What a gate looks at, as it is now. */
export type GateSubject =
  /** A share of `n` rows, judged by Wilson's interval. */
  | { readonly kind: 'rate'; readonly value: number; readonly n: number }
  /**
   * The difference of two shares of the same `n` rows, judged by Tango's interval. `discordance` is the share of the rows that one
   * model has right and the other wrong; `value` the true difference of a model as good as is expected, 0 for one that equals the champion.
   */
  | { readonly kind: 'paired'; readonly value: number; readonly discordance: number; readonly n: number }
  /**
   * Any other estimate, which is taken to be normal around the truth with this standard error on `n` rows. `towardsLimit` is the standard
   * error on the side of the limit, where the interval is not the same on both; default `standardError`.
   */
  | {
      readonly kind: 'normal'
      readonly value: number
      readonly standardError: number
      readonly towardsLimit?: number
      readonly n: number
    }

/** What a gate can tell. */
export interface GatePower {
  /** The chance that a model whose true value is the present one is not passed on as many fresh rows. */
  readonly blocksEqual: number
  /** How much worse, in truth, a model is that is not passed with a chance of 80 %; null when even the worst there is would be. */
  readonly smallestRegression: number | null
  /** How many rows it takes until a model whose true value is the present one is passed with a chance of 80 %; null when no number does. */
  readonly rowsNeeded: number | null
}

/** A regression counts as seen when the gate blocks it with this chance. */
export const POWER = 0.8
const MORE = [1, 1.01, 1.02, 1.03, 1.05, 1.07]
/** No test set is larger; also what takes more rows than this is not a matter of rows. */
const MOST_ROWS = 1e9

/** What a gate is worth: how often it stops a good model, and how bad a model must be to be stopped. */
export function gatePower(subject: GateSubject, rule: GateRule): GatePower {
  const blocksEqual = 1 - passChance(subject, rule, subject.value)
  return { blocksEqual, smallestRegression: smallestRegression(subject, rule), rowsNeeded: rowsNeeded(subject, rule) }
}

/**
 * The chance that a gate passes a model whose true value is `truth`, on a fresh sample of as many rows. The decision rule itself is
 * summed up over binomial samples for a share and over trinomial ones for a difference of two; it is normal for the rest.
 */
export function passChance(subject: GateSubject, rule: GateRule, truth: number): number {
  switch (subject.kind) {
    case 'rate':
      return rateChance(subject.n, rule, Math.min(1, Math.max(0, truth)))
    case 'paired':
      return pairedChance(subject.n, subject.discordance, rule, Math.min(1, Math.max(-1, truth)))
    default: {
      const { limit, confidence, evidence } = rule
      const distance = limit.good === 'at-least' ? truth - limit.value : limit.value - truth
      const { standardError, towardsLimit = standardError } = subject
      const margin = evidence === 'interval' ? twoSidedZ(confidence) * towardsLimit : 0
      return normalCdf((distance - margin) / standardError)
    }
  }
}

/** Above this many rows the sum over binomial samples is a normal one to all digits that matter. */
const LARGEST_EXACT = 1e6

function rateChance(n: number, rule: GateRule, truth: number): number {
  // "At most t" of hits is "at least 1 − t" of misses.
  const isAtLeast = rule.limit.good === 'at-least'
  const threshold = isAtLeast ? rule.limit.value : 1 - rule.limit.value
  const share = isAtLeast ? truth : 1 - truth
  const z = twoSidedZ(rule.confidence)
  const passes = (hits: number): boolean =>
    (rule.evidence === 'point' ? hits / n : wilsonAround(hits / n, n, z).lower) >= threshold - 1e-12
  const least = firstPassing(n, passes)
  return least === null ? 0 : atLeastChance(n, share, least)
}

/** The smallest whole number from 0 to `most` that passes, where all above one that does do; null when none does. */
function firstPassing(most: number, passes: (count: number) => boolean): number | null {
  if (!passes(most)) return null
  let [low, high] = [-1, most]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passes(middle)) high = middle
    else low = middle
  }
  return high
}

/** P(Bin(n, p) ≥ k). */
function atLeastChance(n: number, p: number, k: number): number {
  if (k <= 0) return 1
  if (n > LARGEST_EXACT) return normalCdf((n * p - k + 0.5) / Math.sqrt(n * p * (1 - p) || Number.MIN_VALUE))
  return betaCdf(p, k, n - k + 1)
}

/** Sums over how many rows the models differ on, and for each over which of them is right there. */
function pairedChance(n: number, discordance: number, { limit, confidence, evidence }: GateRule, truth: number): number {
  const isAtLeast = limit.good === 'at-least'
  const threshold = isAtLeast ? limit.value : -limit.value
  const difference = isAtLeast ? truth : -truth
  const psi = Math.min(1, Math.max(discordance, Math.abs(difference)))
  if (psi === 0) return passesPair(0, 0) ? 1 : 0
  if (n > LARGEST_EXACT) {
    const error = Math.sqrt((psi - difference ** 2) / n)
    return normalCdf((difference - threshold) / error - (evidence === 'interval' ? twoSidedZ(confidence) : 0))
  }
  const shareBetter = (1 + difference / psi) / 2
  const reach = 6 * Math.sqrt(n * psi * (1 - psi)) + 6
  const [least, most] = [Math.max(0, Math.floor(n * psi - reach)), Math.min(n, Math.ceil(n * psi + reach))]
  let chance = 0
  let above = atLeastChance(n, psi, least)
  for (let k = least; k <= most; k++) {
    const next = k === n ? 0 : atLeastChance(n, psi, k + 1)
    const better = firstPassing(k, (count) => passesPair(count, k - count))
    if (better !== null) chance += (above - next) * atLeastChance(k, shareBetter, better)
    above = next
  }
  return Math.min(1, chance)

  function passesPair(onlyA: number, onlyB: number): boolean {
    if (evidence === 'point') return (onlyA - onlyB) / n >= threshold - 1e-12
    // The lower end of the interval is on the good side if the score test rejects all that lies beyond.
    return tango({ onlyA, onlyB, rows: n }, confidence).lower >= threshold
  }
}

function smallestRegression(subject: GateSubject, rule: GateRule): number | null {
  const sign = rule.limit.good === 'at-least' ? -1 : 1
  const blocks = (regression: number): boolean => 1 - passChance(subject, rule, subject.value + sign * regression) >= POWER
  if (blocks(0)) return 0
  let most = worstRegression(subject, sign)
  if (most === null) {
    most = subject.kind === 'normal' ? subject.standardError : 1
    while (!blocks(most)) most *= 2
  } else if (!blocks(most)) return null
  let [low, high] = [0, most]
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (blocks(middle)) high = middle
    else low = middle
  }
  return high
}

/** How far down there is to fall; null without an end. */
function worstRegression({ kind, value }: GateSubject, sign: -1 | 1): number | null {
  if (kind === 'normal') return null
  const [lowest, highest] = kind === 'rate' ? [0, 1] : [-1, 1]
  return sign === -1 ? value - lowest : highest - value
}

function rowsNeeded(subject: GateSubject, rule: GateRule): number | null {
  // On the wrong side of the limit, or on it, more rows do not help.
  if (!isInside(subject.value, rule.limit) || subject.value === rule.limit.value) return null
  // Counts are whole, so the chance goes up and down a little on its way up: it has to hold for somewhat more rows too.
  const passes = (n: number): boolean =>
    MORE.every((times) => passChance(withRows(subject, Math.round(n * times)), rule, subject.value) >= POWER)
  let high = 1
  while (!passes(high)) {
    high *= 2
    if (high > MOST_ROWS) return null
  }
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passes(middle)) high = middle
    else low = middle
  }
  return high
}

function withRows(subject: GateSubject, n: number): GateSubject {
  if (subject.kind !== 'normal') return { ...subject, n }
  const scale = Math.sqrt(subject.n / n)
  const { standardError, towardsLimit = standardError } = subject
  return { ...subject, n, standardError: standardError * scale, towardsLimit: towardsLimit * scale }
}
