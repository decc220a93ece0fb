import { curveArea } from './curve-area.ts'
import { rowsOf, type MeanStatistic, type Statistic } from './statistic.ts'

/** The value of a statistic on weighted rows; NaN when it is not defined on them. */
export function valueOf(statistic: Statistic, weights: Float64Array | null = null): number {
  switch (statistic.kind) {
    case 'rate': {
      const { hits, counted, map = (share) => share } = statistic
      let [of, all] = [0, 0]
      for (let row = 0; row < hits.length; row++) {
        if (counted?.[row] === 0) continue
        const weight = weights?.[row] ?? 1
        all += weight
        if (hits[row] === 1) of += weight
      }
      return map(of / all)
    }
    case 'cells':
      return statistic.at(cellSums(statistic.cells, statistic.size, weights))
    case 'means':
      return statistic.at(meansOf(statistic, weights))
    case 'area':
      return statistic.curves.reduce((sum, { scores, side, share }) => sum + share * curveArea(scores, side, weights).auc, 0)
    default:
      return statistic.at(weights ?? new Float64Array(rowsOf(statistic)).fill(1))
  }
}

export function cellSums(cells: Int32Array, size: number, weights: Float64Array | null): Float64Array {
  const sums = new Float64Array(size)
  for (let row = 0; row < cells.length; row++) sums[cells[row]!]! += weights?.[row] ?? 1
  return sums
}

function meansOf({ terms }: MeanStatistic, weights: Float64Array | null): Float64Array {
  const total = weights === null ? (terms[0]?.length ?? 0) : weights.reduce((sum, weight) => sum + weight, 0)
  return Float64Array.from(terms, (term) => {
    let sum = 0
    if (weights === null) for (let row = 0; row < term.length; row++) sum += term[row]!
    else for (let row = 0; row < term.length; row++) sum += weights[row]! * term[row]!
    return sum / total
  })
}
