import type { MeanStatistic, Rate } from '../../stats/statistic.ts'
import type { ScoredSets } from '../scored.ts'
import { averageScore, classScore, type Average, type ScoreName } from './class-score.ts'
import { averageTitle } from './class-scores.ts'
import type { Readout } from './metric-kind.ts'

/**
 * The average of a score over the classes of a multilabel model, or over its rows (`samples`). Each is a function of row means: how
 * often a class is true, is given, and is both.
 */
export function setScore(scored: ScoredSets, name: ScoreName, average: Average, beta: number): Readout {
  const score = classScore(name, beta)
  const title = averageTitle(name, average, beta)
  if (average === 'samples') return { title, statistic: meanOfRows(scored, score) }
  return { title, statistic: average === 'micro' ? ofTotals(scored, score) : ofClasses(scored, score, average) }
}

type Score = ReturnType<typeof classScore>

/** How many classes each row truly has, was given, and both. */
function sizes({ truth, predicted, rowCount, classes }: ScoredSets): Record<'hits' | 'truths' | 'guesses', Float64Array> {
  const [hits, truths, guesses] = [new Float64Array(rowCount), new Float64Array(rowCount), new Float64Array(rowCount)]
  const width = classes.length
  for (let row = 0; row < rowCount; row++) {
    for (let k = row * width; k < (row + 1) * width; k++) {
      truths[row]! += truth[k]!
      guesses[row]! += predicted[k]!
      hits[row]! += truth[k]! & predicted[k]!
    }
  }
  return { hits, truths, guesses }
}

function meanOfRows(scored: ScoredSets, score: Score): MeanStatistic {
  const { hits, truths, guesses } = sizes(scored)
  return mean(
    hits.map((both, row) => score(both, truths[row]!, guesses[row]!)),
    [0, 1],
  )
}

function ofTotals(scored: ScoredSets, score: Score): MeanStatistic {
  const { hits, truths, guesses } = sizes(scored)
  return {
    kind: 'means',
    terms: [hits, truths, guesses],
    at: ([both, truly, given]) => score(both!, truly!, given!),
    range: [0, 1],
  }
}

function ofClasses(scored: ScoredSets, score: Score, average: 'macro' | 'weighted'): MeanStatistic {
  const width = scored.classes.length
  const { truth, predicted, rowCount } = scored
  const column = (at: (cell: number) => number): Float64Array[] =>
    Array.from({ length: width }, (_, k) => {
      const values = new Float64Array(rowCount)
      for (let row = 0; row < rowCount; row++) values[row] = at(row * width + k)
      return values
    })
  const terms = [
    ...column((cell) => truth[cell]! & predicted[cell]!),
    ...column((cell) => truth[cell]!),
    ...column((cell) => predicted[cell]!),
  ]
  const at = (means: Float64Array): number => {
    const [hits, truths, guesses] = [0, 1, 2].map((part) => means.subarray(part * width, (part + 1) * width))
    return averageScore({ hits: hits!, truths: truths!, guesses: guesses! }, score, average)
  }
  return { kind: 'means', terms, at, range: [0, 1] }
}

export function mean(values: Float64Array, range?: readonly [number, number]): MeanStatistic {
  return { kind: 'means', terms: [values], at: (means) => means[0]!, ...(range && { range }) }
}

/** 1 for the rows whose set is exactly right. */
export function subsetAccuracy({ truth, predicted, rowCount, classes }: ScoredSets): Rate {
  const width = classes.length
  const hits = new Uint8Array(rowCount).fill(1)
  for (let cell = 0; cell < truth.length; cell++) if (truth[cell] !== predicted[cell]) hits[Math.floor(cell / width)] = 0
  return { kind: 'rate', hits, counted: null }
}

/** The share of a row's classes that are wrong. */
export function hammingLoss({ truth, predicted, rowCount, classes }: ScoredSets): MeanStatistic {
  const width = classes.length
  const wrong = new Float64Array(rowCount)
  for (let cell = 0; cell < truth.length; cell++)
    if (truth[cell] !== predicted[cell]) wrong[Math.floor(cell / width)]! += 1 / width
  return mean(wrong, [0, 1])
}
