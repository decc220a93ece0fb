import { didYouMean } from '../../core/suggest.ts'
import { UserError } from '../../core/errors.ts'
import type { ScoredClasses } from '../scored.ts'
import { defineKind, failed } from './define-kind.ts'
import type { MetricSettings, Readout } from './metric-kind.ts'
import { mean } from './set-scores.ts'
import { INTERVALS } from './interval-words.ts'

/** The mean of what each row's answer costs, by a matrix of the user's own. */
export const expectedCost = defineKind({
  name: 'expected-cost',
  title: 'Expected cost',
  summary: 'Mean cost of a row: `costs` says what it costs to predict a class where another is true, 0 where it says nothing.',
  good: 'low',
  interval: INTERVALS.means,
  reference: 'sum(confusion_matrix * costs) / n with sklearn.metrics.confusion_matrix',
  // Asked for by giving costs.
  shown: {},
  of: { classification: (scored, _parameter, settings) => meanCost(scored, settings) },
})

/** @throws UserError E_VALUE for a cost of a class that there is not, or one that is no number */
function meanCost({ classes, truth, predicted, rowCount }: ScoredClasses, { costs }: MetricSettings): Readout {
  const title = 'Expected cost'
  if (costs === undefined) return failed(title, 'no costs are given')
  const width = classes.length
  const matrix = new Float64Array(width * width)
  for (const [isTrue, row] of Object.entries(costs)) {
    for (const [guess, cost] of Object.entries(row)) {
      if (!Number.isFinite(cost))
        throw new UserError('E_VALUE', `The cost of "${guess}" where "${isTrue}" is true is not a number`)
      matrix[place(classes, isTrue) * width + place(classes, guess)] = cost
    }
  }
  const ofRows = new Float64Array(rowCount)
  for (let row = 0; row < rowCount; row++) ofRows[row] = matrix[truth[row]! * width + predicted[row]!]!
  return { title, statistic: mean(ofRows, [Math.min(...matrix), Math.max(...matrix)]) }
}

function place(classes: readonly string[], name: string): number {
  const k = classes.indexOf(name)
  if (k !== -1) return k
  throw new UserError('E_VALUE', `The costs name the class "${name}", which neither the labels nor the model has`, {
    hint: didYouMean(name, classes) || undefined,
  })
}
