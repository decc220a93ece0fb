const scratch = new DataView(new ArrayBuffer(8))

/** What rounds to more than the largest half-precision number, 65504. */
export const FLOAT16_OVERFLOW = 65520

/**
 * The 16 bits of a number in half precision (IEEE 754 binary16), rounded once, to nearest, ties to even. From 65520 on it is
 * infinite; below 2⁻²⁵ it is zero.
 */
export function toFloat16(value: number): number {
  scratch.setFloat64(0, value)
  const sign = (scratch.getUint16(0) >> 15) << 15
  if (Number.isNaN(value)) return 0x7e00
  const size = Math.abs(value)
  if (size >= FLOAT16_OVERFLOW) return sign | 0x7c00
  // Below 2⁻¹⁴ the steps are all 2⁻²⁴; above, 2⁻¹⁰ of the power of two below.
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24)
  const exponent = ((scratch.getUint16(0) >> 4) & 0x7ff) - 1023
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + roundHalfEven((size * 2 ** -exponent - 1) * 1024))
}

/** The number that 16 bits of half precision say. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}
