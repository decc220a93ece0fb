/** A stream of pseudo-random numbers that a seed fixes, the same on every machine. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** A whole number from 0 to `below` − 1; `below` up to 2³². */
  integer(below: number): number
  /** Standard normal. */
  normal(): number
  /** Gamma with this shape (above 0) and scale 1. */
  gamma(shape: number): number
}

/** xoshiro128** (Blackman and Vigna, 2018), its state filled from the seed by SplitMix32. */
export function seededRandom(seed: number): Random {
  let s = seed | 0
  const splitMix = (): number => {
    s = (s + 0x9e3779b9) | 0
    let z = s ^ (s >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let [a, b, c, d] = [splitMix(), splitMix(), splitMix(), splitMix()]

  const bits = (): number => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result >>> 0
  }
  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53
  const integer = (below: number): number => Math.floor((bits() / 2 ** 32) * below)

  /** Box and Muller (1958); the open end keeps the logarithm finite. */
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())

  /** Marsaglia and Tsang (2000); shapes below 1 by their boost. */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape)
    const d = shape - 1 / 3
    const c = 1 / Math.sqrt(9 * d)
    for (;;) {
      const x = normal()
      const v = (1 + c * x) ** 3
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v
    }
  }
  return { uniform, integer, normal, gamma }
}

/** Shuffles in place (Fisher and Yates). */
export function shuffle(values: { length: number; [index: number]: number }, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const kept = values[i]!
    values[i] = values[j]!
    values[j] = kept
  }
}
