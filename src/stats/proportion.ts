import type { Interval } from '../core/check.ts'
import { betaQuantile } from './beta.ts'
import { twoSidedZ } from './normal.ts'

/**
 * Wilson's score interval for a proportion, without continuity correction (Wilson 1927). With no trials it is [0, 1].
 * It always holds the estimate and stays inside [0, 1].
 */
export function wilson(successes: number, trials: number, confidence = 0.95): Interval & { lower: number; upper: number } {
  requireCount(successes, trials)
  const method = 'wilson'
  if (trials === 0) return { lower: 0, upper: 1, confidence, method }
  return { ...wilsonAround(successes / trials, trials, twoSidedZ(confidence)), confidence, method }
}

/** Wilson's interval around a share of so many trials, which need not be whole numbers, for a deviate such as 1.96. */
export function wilsonAround(share: number, trials: number, deviate: number): { lower: number; upper: number } {
  const spread = (deviate * deviate) / trials
  const centre = (share + spread / 2) / (1 + spread)
  const half = (deviate * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials))) / (1 + spread)
  return {
    lower: share === 0 ? 0 : Math.min(share, centre - half),
    upper: share === 1 ? 1 : Math.max(share, centre + half),
  }
}

/** The exact interval of Clopper and Pearson (1934): never less than the stated confidence, wider than Wilson's. */
export function clopperPearson(
  successes: number,
  trials: number,
  confidence = 0.95,
): Interval & { lower: number; upper: number } {
  requireCount(successes, trials)
  const tail = (1 - confidence) / 2
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    upper: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
    confidence,
    method: 'clopper-pearson',
  }
}

function requireCount(successes: number, trials: number): void {
  if (!(successes >= 0 && trials >= successes && Number.isFinite(trials))) {
    throw new RangeError(`${successes} of ${trials} is not a count of successes among trials`)
  }
}
