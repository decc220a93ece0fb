/** Scores of one class against the rest, each a share: of `hits` in a whole that is made of how often the class is true and predicted. */
export type ScoreName = 'precision' | 'recall' | 'f1' | 'f-beta' | 'jaccard'

export type Average = 'micro' | 'macro' | 'weighted' | 'samples'

/** What hits are a share of: `f-beta` weighs recall β times as much as precision, Fβ = (1 + β²) TP / (β² (TP + FN) + TP + FP). */
function wholeOf(name: ScoreName, beta: number): (hits: number, truths: number, guesses: number) => number {
  if (name === 'precision') return (_hits, _truths, guesses) => guesses
  if (name === 'recall') return (_hits, truths) => truths
  if (name === 'jaccard') return (hits, truths, guesses) => truths + guesses - hits
  const square = name === 'f1' ? 1 : beta ** 2
  return (_hits, truths, guesses) => (square * truths + guesses) / (1 + square)
}

/** The score of one class; 0 where scikit-learn would divide zero by zero. */
export function classScore(name: ScoreName, beta: number): (hits: number, truths: number, guesses: number) => number {
  const whole = wholeOf(name, beta)
  return (hits, truths, guesses) => {
    const of = whole(hits, truths, guesses)
    return of > 0 ? hits / of : 0
  }
}

interface Totals {
  readonly hits: ArrayLike<number>
  readonly truths: ArrayLike<number>
  readonly guesses: ArrayLike<number>
}

/** The mean of a score over the classes: each the same (`macro`), each by its support (`weighted`), or of all taken together (`micro`). */
export function averageScore(
  { hits, truths, guesses }: Totals,
  score: ReturnType<typeof classScore>,
  average: 'micro' | 'macro' | 'weighted',
): number {
  const size = hits.length
  let [sum, weights, allHits, allTruths, allGuesses] = [0, 0, 0, 0, 0]
  for (let k = 0; k < size; k++) {
    allHits += hits[k]!
    allTruths += truths[k]!
    allGuesses += guesses[k]!
    const weight = average === 'weighted' ? truths[k]! : 1
    sum += weight * score(hits[k]!, truths[k]!, guesses[k]!)
    weights += weight
  }
  if (average === 'micro') return score(allHits, allTruths, allGuesses)
  return weights > 0 ? sum / weights : 0
}

/** `F2`, `Jaccard index`; `F-beta` where beta is not known. */
export function scoreTitle(name: ScoreName, beta = Number.NaN): string {
  if (name === 'f-beta') return Number.isNaN(beta) ? 'F-beta' : `F${Number(beta.toPrecision(6))}`
  return { precision: 'Precision', recall: 'Recall', f1: 'F1', jaccard: 'Jaccard index' }[name]
}

/** The same within a sentence: `precision`, `F2`, `Jaccard index`. */
export function scoreInSentence(name: ScoreName, beta?: number): string {
  const title = scoreTitle(name, beta)
  return name === 'precision' || name === 'recall' ? title.toLowerCase() : title
}
