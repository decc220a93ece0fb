import type { Scored, ScoredClasses, ScoredSets } from '../scored.ts'

/** How far the probabilities of a row may be from summing to 1: 32-bit models round. */
const SUM_TOLERANCE = 1e-3

interface Problem {
  readonly verdict: 'error' | 'skip'
  readonly reason: string
}

/** Rows are looked through once for all metrics. */
function once(find: (scored: Scored) => Problem | null): (scored: Scored) => Problem | null {
  const known = new WeakMap<Scored, Problem | null>()
  return (scored) => {
    if (!known.has(scored)) known.set(scored, find(scored))
    return known.get(scored)!
  }
}

const error = (reason: string): Problem => ({ verdict: 'error', reason })

/** Why answers cannot be measured: nothing is measured while one is missing. */
export const problemOfAnswers = once((scored) => {
  const { rowCount } = scored
  const missing =
    scored.task === 'multilabel'
      ? scored.missing
      : scored.task === 'classification'
        ? countRows(rowCount, (row) => scored.predicted[row]! < 0)
        : countRows(rowCount, (row) => !Number.isFinite(scored.predicted[row]))
  if (missing === 0) return null
  const what = scored.task === 'classification' || scored.task === 'multilabel' ? 'missing or NaN' : 'missing, NaN or infinite'
  return error(`${missing} of ${rowCount} predictions are ${what}`)
})

/** Why scores cannot rank rows: any finite ones do. */
export const problemOfScores = once((scored) => {
  if (!hasClasses(scored)) return problemOfAnswers(scored)
  const { probabilities, rowCount, classes } = scored
  if (probabilities === null) return { verdict: 'skip', reason: 'the model gives no probabilities' }
  const width = classes.length
  const bad = countRows(rowCount, (row) => {
    for (let k = 0; k < width; k++) if (!Number.isFinite(probabilities[row * width + k])) return true
    return false
  })
  return bad > 0 ? error(`${bad} of ${rowCount} rows have probabilities that are NaN or infinite`) : null
})

/** Why scores are no probabilities of the classes of a classifier. */
export const problemOfProbabilities = once((scored) => {
  const problem = problemOfScores(scored)
  if (problem !== null || scored.task !== 'classification') return problem
  const { probabilities, rowCount, classes, unknown } = scored
  if (unknown.length > 0) return error(`the model gives no probability for the class "${unknown[0]}" of the data`)
  const width = classes.length
  const bad = countRows(rowCount, (row) => {
    let sum = 0
    for (let k = 0; k < width; k++) {
      const p = probabilities![row * width + k]!
      if (p < 0 || p > 1) return true
      sum += p
    }
    return Math.abs(sum - 1) > SUM_TOLERANCE
  })
  if (bad === 0) return null
  return error(`${bad} of ${rowCount} rows have scores that are not probabilities: outside 0 to 1, or not summing to 1`)
})

const hasClasses = (scored: Scored): scored is ScoredClasses | ScoredSets =>
  scored.task === 'classification' || scored.task === 'multilabel'

function countRows(rows: number, is: (row: number) => boolean): number {
  let count = 0
  for (let row = 0; row < rows; row++) if (is(row)) count++
  return count
}
