import { gradient } from './influence.ts'
import { sumsByUnit, type SamplingUnits } from './sampling-units.ts'
import type { MeanStatistic } from './statistic.ts'
import type { SmoothEstimate } from './studentized.ts'
import type { Measured } from './bootstrap-t.ts'

/** A function of means as an estimate that can be taken anew, with its delta-method standard error, from units drawn again. */
export function smoothMeans({ terms, at, range }: MeanStatistic, units: SamplingUnits): SmoothEstimate {
  const { weights, count } = units
  const sums = terms.map((term) => sumsByUnit(units, weights === null ? term : term.map((value, row) => value * weights[row]!)))
  const isSimple = weights === null && units.unitOf === null
  const sizes = isSimple ? null : sumsByUnit(units, weights ?? new Float64Array(units.rows).fill(1))
  const means = new Float64Array(terms.length)
  const errors = new Float64Array(terms.length)
  const influence = new Float64Array(count)

  const of = (times: Float64Array): Measured => {
    let total = count
    if (sizes !== null) {
      total = 0
      for (let unit = 0; unit < count; unit++) total += times[unit]! * sizes[unit]!
    }
    for (let t = 0; t < sums.length; t++) {
      const sum = sums[t]!
      let of = 0
      let squares = 0
      for (let unit = 0; unit < count; unit++) {
        const value = times[unit]! * sum[unit]!
        of += value
        squares += value * sum[unit]!
      }
      const mean = of / total
      means[t] = mean
      errors[t] = Math.sqrt(Math.max(0, squares / total - mean * mean) / count)
    }
    const slopes = gradient(at, means, errors)
    let centre = 0
    for (let t = 0; t < sums.length; t++) centre += slopes[t]! * means[t]!
    influence.fill(0)
    for (let t = 0; t < sums.length; t++) {
      const sum = sums[t]!
      const slope = slopes[t]!
      for (let unit = 0; unit < count; unit++) influence[unit]! += slope * sum[unit]!
    }
    let squares = 0
    for (let unit = 0; unit < count; unit++) {
      const move = (influence[unit]! - centre * (sizes === null ? 1 : sizes[unit]!)) / total
      influence[unit] = move
      squares += times[unit]! * move * move
    }
    return { value: at(means), standardError: Math.sqrt((squares * count) / (count - 1)) }
  }

  const whole = of(new Float64Array(count).fill(1))
  // Rounding of values that are all alike is no spread.
  const isFlat = !(whole.standardError > 1e-13 * Math.abs(whole.value))
  return { ...whole, standardError: isFlat ? 0 : whole.standardError, influence: influence.slice(), of, range }
}
