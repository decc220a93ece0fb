import { chiSquaredCdf } from './incomplete-gamma.ts'
import { normalCdf } from './normal.ts'

/** Up to here the sum over the Poisson mixture is short. */
const LARGEST_SUM = 100

/**
 * The chance that a noncentral chi-squared variable is at most x. It is a Poisson mixture of central ones (Johnson, Kotz and
 * Balakrishnan, Continuous Univariate Distributions 2, 29.4), summed as it stands for a noncentrality up to 100; above, by
 * Sankaran's approximation ("Approximations to the non-central chi-square distribution", Biometrika 50 (1963)), good to 2e-3 there.
 */
export function noncentralChiSquaredCdf(x: number, degrees: number, noncentrality: number): number {
  if (!(x > 0)) return x <= 0 ? 0 : Number.NaN
  return noncentrality <= LARGEST_SUM ? mixture(x, degrees, noncentrality) : sankaran(x, degrees, noncentrality)
}

function mixture(x: number, degrees: number, noncentrality: number): number {
  const mean = noncentrality / 2
  let weight = Math.exp(-mean)
  let weights = weight
  let sum = weight * chiSquaredCdf(x, degrees)
  for (let j = 1; j < 1000 && (j < mean || 1 - weights > 1e-12); j++) {
    weight *= mean / j
    weights += weight
    if (weight > 1e-13) sum += weight * chiSquaredCdf(x, degrees + 2 * j)
  }
  return sum
}

function sankaran(x: number, k: number, lambda: number): number {
  const h = 1 - (2 * (k + lambda) * (k + 3 * lambda)) / (3 * (k + 2 * lambda) ** 2)
  const p = (k + 2 * lambda) / (k + lambda) ** 2
  const m = (h - 1) * (1 - 3 * h)
  const centre = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p)
  return normalCdf(((x / (k + lambda)) ** h - centre) / (h * Math.sqrt(2 * p) * (1 + 0.5 * m * p)))
}

/** The noncentrality, to six digits, that puts x at this place (a cumulative probability) of its distribution; 0 when even none is too much. */
export function noncentralityAt(x: number, degrees: number, probability: number): number {
  if (chiSquaredCdf(x, degrees) <= probability) return 0
  let low = 0
  let high = Math.max(1, x)
  while (noncentralChiSquaredCdf(x, degrees, high) > probability) high *= 2
  for (let i = 0; i < 100 && high - low > 1e-6 * high; i++) {
    const middle = (low + high) / 2
    if (noncentralChiSquaredCdf(x, degrees, middle) > probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
