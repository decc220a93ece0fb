import { UserError } from '../core/errors.ts'
import type { Column } from '../core/table.ts'
import { SIMPLE_SAMPLE, type SampleDesign } from '../stats/statistic.ts'
import { spell } from './labels.ts'

export interface DesignColumns {
  readonly weights?: Column | undefined
  readonly clusters?: Column | undefined
}

/**
 * Weights and clusters of rows as a design.
 *
 * @throws UserError E_VALUE with the row, when a weight is missing, NaN, infinite or negative or a cluster is missing; when all
 *   weights are 0; when a column has another number of rows
 */
export function sampleDesign({ weights, clusters }: DesignColumns, rowCount: number): SampleDesign {
  if (weights === undefined && clusters === undefined) return SIMPLE_SAMPLE
  return {
    weights: weights === undefined ? null : readWeights(weights, rowCount),
    clusters: clusters === undefined ? null : readGroups(clusters, rowCount, 'cluster').groups,
  }
}

function readWeights(column: Column, rowCount: number): Float64Array {
  requireLength(column, rowCount, 'weights')
  const weights = new Float64Array(rowCount)
  let sum = 0
  for (let row = 0; row < rowCount; row++) {
    const weight = column[row]
    if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0) {
      const found = weight === null || weight === undefined ? 'missing' : typeof weight === 'number' ? `${weight}` : `"${weight}"`
      throw new UserError('E_VALUE', `The weight of row ${row + 1} is ${found}: a weight is a number, 0 or more`)
    }
    sum += weights[row] = weight
  }
  if (sum > 0) return weights
  throw new UserError('E_VALUE', 'Every row has the weight 0, so none counts')
}

/** A number for each distinct value, from 0 in order of appearance, per row. @throws UserError E_VALUE with the row that has none */
export function readGroups(column: Column, rowCount: number, what: 'cluster' | 'query'): { groups: Int32Array; count: number } {
  requireLength(column, rowCount, what === 'cluster' ? 'clusters' : 'queries')
  const numbers = new Map<string, number>()
  const groups = new Int32Array(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const name = spell(column[row])
    if (name === null) {
      throw new UserError('E_VALUE', `Row ${row + 1} has no ${what}`, {
        hint: 'Fill the column, or take the row out: without it, it is not known which rows belong together.',
      })
    }
    let group = numbers.get(name)
    if (group === undefined) numbers.set(name, (group = numbers.size))
    groups[row] = group
  }
  return { groups, count: numbers.size }
}

function requireLength(column: Column, rowCount: number, what: string): void {
  if (column.length === rowCount) return
  throw new UserError('E_VALUE', `There are ${rowCount} rows but ${column.length} ${what}`)
}

/**
 * The design of groups of rows, such as queries, from that of the rows.
 *
 * @throws UserError E_VALUE when rows of one group differ in weight or cluster
 */
export function designOfGroups(ofRows: SampleDesign, groups: Int32Array, count: number): SampleDesign {
  const { weights, clusters } = ofRows
  return {
    weights: weights && Float64Array.from(sameInGroup(weights, groups, count, 'weights')),
    clusters: clusters && Int32Array.from(sameInGroup(clusters, groups, count, 'clusters')),
  }
}

function sameInGroup(values: Float64Array | Int32Array, groups: Int32Array, count: number, what: string): number[] {
  const ofGroup: (number | undefined)[] = Array.from({ length: count })
  for (let row = 0; row < values.length; row++) {
    const group = groups[row]!
    const known = (ofGroup[group] ??= values[row]!)
    if (known === values[row]) continue
    throw new UserError('E_VALUE', `Row ${row + 1} differs in its ${what} from another row of the same query`, {
      hint: 'A query is measured as a whole, so all its rows must have the same.',
    })
  }
  return ofGroup.map((value) => value!)
}
