import { UserError } from '../../core/errors.ts'
import type { Predictions, Predictor } from '../../core/predictor.ts'
import { listed, spell } from '../labels.ts'
import { score } from '../scored.ts'
import { flipsOf } from './flips.ts'
import type { Champion, Subject } from './subject.ts'

/**
 * The champion's answers to the rows that the model has answered, in the same order. A champion that breaks, answers another number of
 * rows, does another task or knows other classes gives a reason for an error: nothing can be compared with it.
 */
export async function readChampion(
  predictor: Predictor,
  model: Omit<Subject, 'champion'>,
  predict: () => Promise<Predictions>,
): Promise<Champion> {
  const { labels, scoring, ids } = model
  try {
    const predictions = await predict()
    requireSameClasses(model.predictions, predictions)
    const scored = score(labels, predictions, { ...scoring, task: model.scored.task })
    return {
      name: predictor.name,
      digest: predictor.digest,
      predictions,
      scored,
      flips: flipsOf(model.scored, scored, ids),
      isAlike: saidTheSame(model.predictions, predictions),
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { message, hint } = error
    return {
      verdict: 'error',
      reason: `the champion ${predictor.name} gives nothing to compare with: ${message}`,
      ...(hint && { hint }),
    }
  }
}

/** @throws UserError E_VALUE when one model knows a class that the other does not */
function requireSameClasses(model: Predictions, champion: Predictions): void {
  if (model.classes === null || champion.classes === null) return
  const names = (predictions: Predictions): string[] => predictions.classes!.map((name) => spell(name) ?? 'null')
  const [ours, theirs] = [new Set(names(model)), new Set(names(champion))]
  if (ours.size === theirs.size && [...ours].every((name) => theirs.has(name))) return
  throw new UserError('E_VALUE', `it knows the classes ${listed([...theirs])}, and the model ${listed([...ours])}`, {
    hint: 'Compare models of the same classes, spelled alike.',
  })
}

function saidTheSame(model: Predictions, champion: Predictions): boolean {
  const sameNumbers = (a: ArrayLike<number> | null | undefined, b: ArrayLike<number> | null | undefined): boolean =>
    (!a && !b) || (!!a && !!b && a.length === b.length && Array.prototype.every.call(a, (x: number, i: number) => x === b[i]))
  return (
    model.labels.every((label, row) => spell(label) === spell(champion.labels[row])) &&
    sameNumbers(model.indicators, champion.indicators) &&
    // Their order of the classes may be another; then they are not said to be alike.
    String(model.classes) === String(champion.classes) &&
    sameNumbers(model.probabilities, champion.probabilities)
  )
}
