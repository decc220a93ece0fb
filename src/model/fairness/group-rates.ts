import { UserError } from '../../core/errors.ts'
import type { Column } from '../../core/table.ts'
import type { Count } from '../../stats/two-proportions.ts'
import { spell } from '../labels.ts'
import type { ScoredClasses } from '../scored.ts'

/** Rates of one group, as counts. */
export interface GroupRates {
  /** The value of the sensitive attribute. */
  readonly group: string
  readonly rows: number
  /** Predicted positive, of all rows. */
  readonly selection: Count
  /** Predicted positive, of the rows that are positive. */
  readonly truePositive: Count
  /** Predicted positive, of the rows that are negative. */
  readonly falsePositive: Count
}

export type RateName = 'selection' | 'truePositive' | 'falsePositive'

const MISSING = '(missing)'
const MOST_GROUPS = 50

/**
 * The rates of each group of a sensitive attribute, in the order of their names; rows without a value are a group of their own.
 *
 * @throws UserError E_VALUE when there is one group only, or more than 50, or a prediction is missing
 */
export function groupRates(scored: ScoredClasses, positive: number, attribute: string, values: Column): GroupRates[] {
  const counts = new Map<string, { rows: number; selected: number; positives: number; truePositives: number }>()
  for (let row = 0; row < scored.rowCount; row++) {
    if (scored.predicted[row]! < 0) throw new UserError('E_VALUE', `The prediction of row ${row + 1} is missing or NaN`)
    const group = spell(values[row]) ?? MISSING
    let count = counts.get(group)
    if (!count) counts.set(group, (count = { rows: 0, selected: 0, positives: 0, truePositives: 0 }))
    const selected = scored.predicted[row] === positive
    const isPositive = scored.truth[row] === positive
    count.rows++
    if (selected) count.selected++
    if (isPositive) count.positives++
    if (selected && isPositive) count.truePositives++
  }
  if (counts.size < 2) {
    const [only] = counts.keys()
    throw new UserError('E_VALUE', `Every row has ${attribute} = ${only}: fairness compares groups`, {
      hint: 'Name another attribute, or test data that holds more than one group.',
    })
  }
  if (counts.size > MOST_GROUPS) {
    throw new UserError('E_VALUE', `${attribute} has ${counts.size} different values: too many to be groups`, {
      hint: 'Put them into bands, such as ages 18-29 and 30-49, in a column of the data.',
    })
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, { rows, selected, positives, truePositives }]) => ({
      group,
      rows,
      selection: { successes: selected, trials: rows },
      truePositive: { successes: truePositives, trials: positives },
      falsePositive: { successes: selected - truePositives, trials: rows - positives },
    }))
}
