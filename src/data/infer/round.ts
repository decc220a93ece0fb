/** Without the last digits, in which only rounding shows: 0.30000000000000004 is 0.3. */
const tidy = (value: number): number => Number(value.toPrecision(12))

export const roundDown = (value: number, step: number): number => tidy(Math.floor(tidy(value / step)) * step)
export const roundUp = (value: number, step: number): number => tidy(Math.ceil(tidy(value / step)) * step)

/** Up to two significant digits: 0.0123 is 0.013. */
export function roundUpShare(share: number): number {
  if (share === 0) return 0
  return Math.min(1, roundUp(share, 10 ** (Math.floor(Math.log10(share)) - 1)))
}

/** A bound in a sentence; six digits say enough. */
export const formatBound = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
