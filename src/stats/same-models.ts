import type { Interval } from '../core/check.ts'

/**
 * The interval of a difference that no unit shows. With this confidence at most a share q = 1 − (α / 2)^(1 / units) of all units would
 * show one (Clopper and Pearson for none of so many); a unit on which the models differ moves the value by at most about as much as
 * putting the most favourable unit in the place of the least favourable one does. Null when that is nothing: then the rows tell nothing.
 */
export function sameInterval(value: number, influence: Float64Array, confidence: number): Interval | null {
  const units = influence.length
  let [least, most] = [Infinity, -Infinity]
  for (const move of influence) {
    least = Math.min(least, move)
    most = Math.max(most, move)
  }
  const reach = unseenShare(units, confidence) * units * (most - least)
  return reach > 0 ? { lower: value - reach, upper: value + reach, confidence, method: 'no-difference-seen' } : null
}

/** The largest share of units that can be of a kind of which none of so many was seen, with this confidence (two-sided). */
export const unseenShare = (units: number, confidence: number): number => 1 - ((1 - confidence) / 2) ** (1 / units)
