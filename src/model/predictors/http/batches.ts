import { UserError } from '../../../core/errors.ts'
import type { Label, Predictions } from '../../../core/predictor.ts'

/**
 * The predictions of batches that follow each other, as those of all rows.
 *
 * @throws UserError E_PREDICTOR when batches speak of different classes, or only some of probabilities
 */
export function joinBatches(batches: readonly Predictions[], rowCount: number, name: string): Predictions {
  const [first = NONE] = batches
  const { classes } = first
  const labels: Label[] = []
  const probabilities = first.probabilities && new Float64Array(rowCount * classes!.length)
  const indicators = first.indicators ? new Uint8Array(rowCount * classes!.length) : null
  for (const batch of batches) {
    if (!sameClasses(batch.classes, classes))
      throw changed(name, `the classes ${String(classes)} first and ${String(batch.classes)} later`)
    if (!batch.probabilities !== !probabilities) throw changed(name, 'probabilities for some rows only')
    if (!batch.indicators !== !indicators) throw changed(name, 'sets of classes for some rows only')
    const at = labels.length * (classes?.length ?? 0)
    for (const label of batch.labels) labels.push(label)
    probabilities?.set(batch.probabilities!, at)
    indicators?.set(batch.indicators!, at)
  }
  return { rowCount, labels, classes, probabilities, ...(indicators && { indicators }) }
}

const NONE: Predictions = { rowCount: 0, labels: [], classes: null, probabilities: null }

const sameClasses = (a: readonly Label[] | null, b: readonly Label[] | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((label, k) => label === b[k]))

const changed = (name: string, what: string): UserError => new UserError('E_PREDICTOR', `${name} answered ${what}`)
