import type { Threshold } from '../../core/check.ts'
import { largestDifference, smallestRatio, type Disparity } from './disparity.ts'
import type { GroupRates, RateName } from './group-rates.ts'

/** A measure of how differently a model treats groups. */
export interface FairnessMeasure {
  /** `equalized-odds-difference`, … */
  readonly name: string
  readonly title: string
  readonly good: Threshold['good']
  /** The rates that it compares. */
  readonly rates: readonly RateName[]
}

/**
 * The measures, as Fairlearn defines them. A difference is best at 0, a ratio (lowest over highest) best at 1.
 *
 * - demographic parity: selection rates
 * - equal opportunity: true-positive rates (Hardt, Price and Srebro 2016)
 * - predictive equality: false-positive rates
 * - equalized odds: the worse of the last two
 */
export const FAIRNESS_MEASURES = [
  { name: 'demographic-parity-difference', title: 'Demographic parity difference', good: 'at-most', rates: ['selection'] },
  { name: 'demographic-parity-ratio', title: 'Demographic parity ratio', good: 'at-least', rates: ['selection'] },
  {
    name: 'equalized-odds-difference',
    title: 'Equalized odds difference',
    good: 'at-most',
    rates: ['truePositive', 'falsePositive'],
  },
  { name: 'equalized-odds-ratio', title: 'Equalized odds ratio', good: 'at-least', rates: ['truePositive', 'falsePositive'] },
  { name: 'true-positive-rate-difference', title: 'True-positive rate difference', good: 'at-most', rates: ['truePositive'] },
  { name: 'false-positive-rate-difference', title: 'False-positive rate difference', good: 'at-most', rates: ['falsePositive'] },
] as const satisfies readonly FairnessMeasure[]

export type FairnessMeasureName = (typeof FAIRNESS_MEASURES)[number]['name']

/** What a measure comes to for these groups. */
export function measureFairness({ good, rates }: FairnessMeasure, groups: readonly GroupRates[], confidence: number): Disparity {
  const counts = rates.map((rate) => groups.map((group) => ({ group: group.group, count: group[rate] })))
  return good === 'at-most' ? largestDifference(counts, confidence) : smallestRatio(counts, confidence)
}
