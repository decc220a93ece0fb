import type { EstimatedDifference } from './estimated.ts'
import { sameInterval } from './same-models.ts'
import { unitsOf } from './sampling-units.ts'
import type { Range } from './scale.ts'
import { smoothMeans } from './smooth-means.ts'
import type { MeanStatistic, SampleDesign } from './statistic.ts'
import { studentized } from './studentized.ts'

/** Bootstrap-t of the difference: the means of both models are one function of the same rows. */
export function differenceOfMeans(
  a: MeanStatistic,
  b: MeanStatistic,
  design: SampleDesign,
  options: { readonly confidence: number; readonly seed: number },
): EstimatedDifference {
  const units = unitsOf(a, design)
  const n = units.rows
  const test = 'paired-bootstrap-t'
  if (units.count === 0) return { value: Number.NaN, n, interval: null, pValue: null, test }
  const ofA = a.terms.length
  const estimate = smoothMeans(
    {
      kind: 'means',
      terms: [...a.terms, ...b.terms],
      at: (means) => a.at(means.subarray(0, ofA)) - b.at(means.subarray(ofA)),
    },
    units,
  )
  const { value } = estimate
  const inferred = studentized({ ...estimate, bounds: differenceRange(a.range, b.range), isDifference: true }, options)
  if (inferred) return { value, n, interval: inferred.interval, pValue: inferred.pValue, test }
  const areSame = estimate.standardError === 0 && value === 0 && units.count > 1
  const interval = areSame ? sameInterval(0, smoothMeans(a, units).influence, options.confidence) : null
  return { value, n, interval, pValue: areSame ? 1 : null, test }
}

/** Where the difference of two values of these ranges lies. */
export function differenceRange(a: Range | undefined, b: Range | undefined): Range | undefined {
  return a && b && [a[0] - b[1], a[1] - b[0]]
}
