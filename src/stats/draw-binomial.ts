import type { Random } from './random.ts'

/** Below this many trials they are drawn one by one. */
const FEW = 16

/**
 * How many of `trials` succeed when each does with chance `p`: exact for any size, in about log(trials) steps. The median of
 * the uniform numbers behind the trials is drawn first, which says of half of them on which side of `p` they are (Devroye,
 * "Non-Uniform Random Variate Generation", 1986, X.4.3).
 */
export function drawBinomial(random: Random, trials: number, p: number): number {
  let [left, chance, successes] = [trials, p, 0]
  while (left >= FEW) {
    const middle = Math.floor((left + 1) / 2)
    const [below, above] = [random.gamma(middle), random.gamma(left + 1 - middle)]
    const median = below / (below + above)
    if (median <= chance) {
      successes += middle
      left -= middle
      chance = (chance - median) / (1 - median)
    } else {
      left = middle - 1
      chance /= median
    }
  }
  for (let i = 0; i < left; i++) if (random.uniform() < chance) successes++
  return successes
}
