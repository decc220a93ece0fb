/** Bounds that a value cannot leave; either may be infinite. */
export type Range = readonly [lowest: number, highest: number]

/** A scale without bounds, on which estimates are nearer to normal: intervals made there stay inside the range. */
export interface Scale {
  to(value: number): number
  from(place: number): number
  /** The derivative of `to`. */
  slope(value: number): number
}

const PLAIN: Scale = { to: (value) => value, from: (place) => place, slope: () => 1 }

/** The logarithm of the distance from the one bound there is, the logit between two bounds, the value itself without any. */
export function scaleOf([lowest, highest]: Range = [-Infinity, Infinity]): Scale {
  const [below, above] = [Number.isFinite(lowest), Number.isFinite(highest)]
  if (below && above) {
    return {
      to: (value) => Math.log((value - lowest) / (highest - value)),
      from: (place) => lowest + (highest - lowest) / (1 + Math.exp(-place)),
      slope: (value) => 1 / (value - lowest) + 1 / (highest - value),
    }
  }
  if (below) {
    return {
      to: (value) => Math.log(value - lowest),
      from: (place) => lowest + Math.exp(place),
      slope: (value) => 1 / (value - lowest),
    }
  }
  if (above) {
    return {
      to: (value) => -Math.log(highest - value),
      from: (place) => highest - Math.exp(-place),
      slope: (value) => 1 / (highest - value),
    }
  }
  return PLAIN
}

/** The scale of the range, or the plain one for a value on a bound, which has no place on the other. */
export function scaleAround(value: number, range: Range | undefined): Scale {
  return range === undefined || value <= range[0] || value >= range[1] ? PLAIN : scaleOf(range)
}

export const clip = (value: number, range: Range | undefined): number =>
  range === undefined ? value : Math.min(range[1], Math.max(range[0], value))
