import { logGamma } from './log-gamma.ts'
import { normalCdf } from './normal.ts'
import type { Count } from './two-proportions.ts'

/** With a smaller expected count in any of the four cells the normal limit is not to be trusted, and the test is exact. */
const SMALLEST_EXPECTED = 10

export interface ProportionTest {
  /** Two-sided. */
  readonly pValue: number
  readonly method: 'z' | 'fisher'
}

/** Tests whether two independent proportions are equal: the pooled z-test, or Fisher's exact test where few cases are expected. */
export function proportionTest(a: Count, b: Count): ProportionTest {
  const successes = a.successes + b.successes
  const trials = a.trials + b.trials
  const rarest = Math.min(successes, trials - successes)
  if ((rarest * Math.min(a.trials, b.trials)) / trials < SMALLEST_EXPECTED) return { pValue: fisher(a, b), method: 'fisher' }
  const pooled = successes / trials
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.trials + 1 / b.trials))
  const z = (a.successes / a.trials - b.successes / b.trials) / error
  return { pValue: Math.min(1, 2 * normalCdf(-Math.abs(z))), method: 'z' }
}

/** Fisher's exact test, two-sided: the chance, given the margins, of a table that is as unlikely as this one or more so. */
function fisher(a: Count, b: Count): number {
  const successes = a.successes + b.successes
  const trials = a.trials + b.trials
  if (a.trials === 0 || b.trials === 0 || successes === 0 || successes === trials) return 1
  const logChance = (x: number): number =>
    logChoose(a.trials, x) + logChoose(b.trials, successes - x) - logChoose(trials, successes)
  // As R and SciPy do: tables that are equal up to rounding count as equal.
  const limit = logChance(a.successes) + 1e-7
  let sum = 0
  for (let x = Math.max(0, successes - b.trials); x <= Math.min(a.trials, successes); x++) {
    const chance = logChance(x)
    if (chance <= limit) sum += Math.exp(chance)
  }
  return Math.min(1, sum)
}

/** ln of the number of ways to choose k of n. */
export const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
