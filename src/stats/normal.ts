/**
 * The cumulative distribution function of the standard normal distribution: absolute error below 1e-15, relative error
 * below 1e-10 in the tails.
 * Hart's rational approximation, as given by West, "Better approximations to cumulative normal functions" (2005).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  const tail = upperTail(Math.abs(x))
  return x > 0 ? 1 - tail : tail
}

const NUMERATOR = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376,
]
const DENOMINATOR = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948,
  440.413735824752,
]

function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2)
  if (z < 7.07106781186547) return (density * horner(NUMERATOR, z)) / horner(DENOMINATOR, z)
  // Laplace's continued fraction of Mills' ratio, from its thirtieth level up.
  let fraction = z
  for (let level = 30; level >= 1; level--) fraction = z + level / fraction
  return density / fraction / Math.sqrt(2 * Math.PI)
}

/** A polynomial from its highest coefficient down. */
function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}

const CENTRE = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
] as const
const SHOULDER = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045, 5.769497221460691,
    4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851, 1.6763848301838038,
    2.053191626637759, 1,
  ],
] as const
const TAIL = [
  [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
] as const

/**
 * The standard normal quantile: z with Φ(z) = p, to about 1e-15. ±Infinity at 0 and 1, NaN outside.
 * Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988).
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * rational(CENTRE, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const z = r <= 5 ? rational(SHOULDER, r - 1.6) : rational(TAIL, r - 5)
  return q < 0 ? -z : z
}

function rational([numerator, denominator]: readonly [readonly number[], readonly number[]], x: number): number {
  return horner(numerator, x) / horner(denominator, x)
}

/** The factor of a two-sided interval: 1.96 for a confidence of 0.95. */
export function twoSidedZ(confidence: number): number {
  return normalQuantile(1 - (1 - confidence) / 2)
}
