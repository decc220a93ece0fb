import type { Cell, Column } from '../../core/table.ts'
import type { Scored, ScoredClasses, ScoredSets, ScoredValues } from '../scored.ts'

/** A row that the model answers better or worse than the champion. */
export interface FlippedRow {
  /** From 1. */
  readonly row: number
  readonly id?: Cell
  readonly label: string | number
  readonly champion: string | number
  readonly model: string | number
  /** For values: by how much the absolute error grew. */
  readonly errorGrowth?: number
}

/** Where two models differ in what they get right. */
export interface Flips {
  /** Rows that the champion had right and the model has wrong; of values, rows whose error grew. */
  readonly toWrong: number
  /** Rows that the champion had wrong and the model has right; of values, rows whose error shrank. */
  readonly toRight: number
  /** The rows to wrong in their order, then those to right; of values, those whose error grew most, at most `MOST_VALUES`. */
  readonly rows: readonly FlippedRow[]
}

/** The rows of values that are kept: nearly all errors are larger or smaller than another model's. */
export const MOST_VALUES = 1000

/** The rows on which the model and the champion differ; null for a ranking. Both are scored on the same rows. */
export function flipsOf(model: Scored, champion: Scored, ids: Column | null): Flips | null {
  if (model.task === 'classification' && champion.task === 'classification') return ofClasses(model, champion, ids)
  if (model.task === 'multilabel' && champion.task === 'multilabel') return ofSets(model, champion, ids)
  if (model.task === 'regression' && champion.task === 'regression') return ofValues(model, champion, ids)
  return null
}

interface Answers {
  readonly rowCount: number
  isRight(row: number): boolean
  said(row: number): string
}

function ofClasses(model: ScoredClasses, champion: ScoredClasses, ids: Column | null): Flips {
  const answers = ({ rowCount, classes, truth, predicted }: ScoredClasses): Answers => ({
    rowCount,
    isRight: (row) => predicted[row] === truth[row],
    said: (row) => classes[predicted[row]!] ?? 'nothing',
  })
  return flipped(answers(model), answers(champion), (row) => model.classes[model.truth[row]!]!, ids)
}

function ofSets(model: ScoredSets, champion: ScoredSets, ids: Column | null): Flips {
  const named = ({ classes }: ScoredSets, cells: Uint8Array, row: number): string =>
    classes.filter((_name, k) => cells[row * classes.length + k] === 1).join(',')
  const answers = (scored: ScoredSets): Answers => ({
    rowCount: scored.rowCount,
    isRight: (row) =>
      scored.classes.every(
        (_name, k) => scored.truth[row * scored.classes.length + k] === scored.predicted[row * scored.classes.length + k],
      ),
    said: (row) => named(scored, scored.predicted, row),
  })
  return flipped(answers(model), answers(champion), (row) => named(model, model.truth, row), ids)
}

function flipped(model: Answers, champion: Answers, labelOf: (row: number) => string, ids: Column | null): Flips {
  const [toWrong, toRight]: [FlippedRow[], FlippedRow[]] = [[], []]
  for (let row = 0; row < model.rowCount; row++) {
    const isRight = model.isRight(row)
    if (isRight === champion.isRight(row)) continue
    const flip = { ...place(row, ids), label: labelOf(row), champion: champion.said(row), model: model.said(row) }
    ;(isRight ? toRight : toWrong).push(flip)
  }
  return { toWrong: toWrong.length, toRight: toRight.length, rows: [...toWrong, ...toRight] }
}

function ofValues(model: ScoredValues, champion: ScoredValues, ids: Column | null): Flips {
  const { truth, rowCount } = model
  const growth = Float64Array.from(
    { length: rowCount },
    (_, row) => Math.abs(model.predicted[row]! - truth[row]!) - Math.abs(champion.predicted[row]! - truth[row]!),
  )
  const grown = [...growth.keys()].filter((row) => growth[row]! > 0).toSorted((a, b) => growth[b]! - growth[a]! || a - b)
  return {
    toWrong: grown.length,
    toRight: growth.filter((change) => change < 0).length,
    rows: grown.slice(0, MOST_VALUES).map((row) => ({
      ...place(row, ids),
      label: truth[row]!,
      champion: champion.predicted[row]!,
      model: model.predicted[row]!,
      errorGrowth: growth[row]!,
    })),
  }
}

function place(row: number, ids: Column | null): Pick<FlippedRow, 'row' | 'id'> {
  return ids === null ? { row: row + 1 } : { row: row + 1, id: ids[row]! }
}
