import { logGamma } from './log-gamma.ts'

/** Both tails of the regularised incomplete gamma function; each is computed where it is small, so neither loses digits. */
interface GammaTails {
  /** P(a, x), the cumulative distribution function of Gamma(a) at x. */
  readonly lower: number
  /** Q(a, x) = 1 − P(a, x). */
  readonly upper: number
}

/**
 * P(a, x) and Q(a, x): the power series of DLMF 8.11.4 left of the mean, the continued fraction of DLMF 8.9.2 by Lentz's method
 * right of it. NaN when a is not positive or x is negative.
 */
function gammaTails(a: number, x: number): GammaTails {
  if (!(a > 0) || !(x >= 0)) return { lower: Number.NaN, upper: Number.NaN }
  if (x === 0) return { lower: 0, upper: 1 }
  if (x === Infinity) return { lower: 1, upper: 0 }
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    const lower = Math.min(1, front * series(a, x))
    return { lower, upper: 1 - lower }
  }
  const upper = Math.min(1, front * continuedFraction(a, x))
  return { lower: 1 - upper, upper }
}

const PRECISION = 1e-16
const MOST_TERMS = 100_000

function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

const TINY = 1e-300
const awayFromZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value)

function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / awayFromZero(b)
  let fraction = d
  for (let i = 1; i < MOST_TERMS; i++) {
    const numerator = -i * (i - a)
    b += 2
    d = 1 / awayFromZero(numerator * d + b)
    c = awayFromZero(b + numerator / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < PRECISION * 4) break
  }
  return fraction
}

/** The chance that a chi-squared variable with these degrees of freedom is at most x. */
export const chiSquaredCdf = (x: number, degrees: number): number => gammaTails(degrees / 2, x / 2).lower

/** The chance that it is above x, exact in relative terms far out in the tail: the p-value of a chi-squared statistic. */
export const chiSquaredSf = (x: number, degrees: number): number => gammaTails(degrees / 2, x / 2).upper

/** The x that a chi-squared variable passes with chance `tail`, by bisection. */
export function chiSquaredUpperQuantile(tail: number, degrees: number): number {
  if (!(tail >= 0 && tail <= 1) || !(degrees > 0)) return Number.NaN
  if (tail === 0 || tail === 1) return tail === 0 ? Infinity : 0
  let high = degrees + 1
  while (chiSquaredSf(high, degrees) > tail) high *= 2
  let low = 0
  for (let i = 0; i < 100 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2
    if (chiSquaredSf(middle, degrees) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
