import { messageOf, UserError } from '../../core/errors.ts'
import type { Scored, Task } from '../scored.ts'
import { METRIC_ALIASES, METRICS } from './catalogue.ts'
import { defineKind, failed } from './define-kind.ts'
import type { MetricKind, Readout } from './metric-kind.ts'
import { ownRows, type OwnRow } from './own-rows.ts'
import { mean } from './set-scores.ts'
import { INTERVALS } from './interval-words.ts'

/**
 * A metric of the user's own. Exactly one of `row` and `rows` says what it is:
 * the mean over the rows of what `row` gives, or what `rows` gives for all of them. For a ranking, `rows` is asked for each query, and the
 * metric is the mean over the queries.
 */
export interface OwnMetric {
  /** In kebab case. */
  readonly name: string
  /** As a sentence begins with it; by default made of the name. */
  readonly title?: string
  readonly summary?: string
  /** Whether more or less is better. */
  readonly good: 'high' | 'low'
  /** All by default. */
  readonly tasks?: readonly Task[]
  /** Bounds that it cannot leave: they keep its interval inside. */
  readonly range?: readonly [lowest: number, highest: number]
  readonly row?: (row: OwnRow) => number
  readonly rows?: (rows: readonly OwnRow[]) => number
}

const TASKS: readonly Task[] = ['classification', 'multilabel', 'regression', 'ranking']
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/**
 * A metric of the user's own, made into one of the catalogue's kind.
 *
 * @throws UserError E_VALUE when a part is missing or wrong, or the name is taken
 */
export function defineMetric(own: OwnMetric): MetricKind {
  check(own)
  const { name, good, range, tasks = TASKS, row, rows } = own
  const title = own.title ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ')
  const read = (scored: Scored): Readout => {
    try {
      if (scored.task === 'ranking') return meanOfQueries(scored, title, rows!, range)
      return row ? meanOfRows(scored, title, row, range) : functionOfRows(scored, title, rows!, range)
    } catch (error) {
      return failed(title, `it threw: ${messageOf(error)}`)
    }
  }
  return defineKind({
    name,
    title,
    summary: own.summary ?? 'A metric of your own.',
    good,
    interval: row ? INTERVALS.means : INTERVALS.rows,
    reference: 'your own',
    shown: Object.fromEntries(tasks.map((task) => [task, () => true])),
    of: Object.fromEntries(tasks.map((task) => [task, read])),
  })
}

function check(own: OwnMetric): void {
  // It may come from JavaScript, where nothing has checked it.
  const given: Partial<Record<keyof OwnMetric, unknown>> | null = own
  const wrong = (what: string): UserError => new UserError('E_VALUE', `A metric of your own ${what}`)
  if (typeof given !== 'object' || given === null) throw wrong('is not an object with name, good, and row or rows')
  const { name, good, range, tasks, row, rows } = given
  if (typeof name !== 'string' || !NAME.test(name)) throw wrong(`has no name in kebab case: ${JSON.stringify(name)}`)
  const named = (what: string): UserError => new UserError('E_VALUE', `The metric "${name}" ${what}`)
  if (METRICS.some((kind) => kind.name === name) || METRIC_ALIASES.has(name)) throw named('has the name of one of the catalogue')
  if (good !== 'high' && good !== 'low') throw named('does not say whether high or low is good')
  if ((typeof row === 'function') === (typeof rows === 'function')) throw named('needs either row or rows, as a function')
  if (tasks !== undefined && !(Array.isArray(tasks) && tasks.length > 0 && tasks.every((task) => TASKS.includes(task as Task)))) {
    throw named(`is for tasks that there are not: ${JSON.stringify(tasks)}; there are ${TASKS.join(', ')}`)
  }
  if (row && (tasks as readonly Task[] | undefined)?.includes('ranking'))
    throw named('is for a ranking, which is measured by query: give rows')
  const ends: readonly unknown[] = Array.isArray(range) ? range : []
  const isRange = ends.length === 2 && Number(ends[0]) < Number(ends[1]) && ends.every((end) => typeof end === 'number')
  if (range !== undefined && !isRange) throw named('has a range that is not two numbers, the lower first')
}

type Range = readonly [number, number] | undefined

function meanOfRows(scored: Scored, title: string, of: (row: OwnRow) => number, range: Range): Readout {
  const rows = ownRows(scored)
  const values = new Float64Array(rows.length)
  for (const row of rows) {
    const value = of(row)
    if (!isNumber(value)) return failed(title, `it gave ${String(value)} for row ${row.index + 1}`)
    values[row.index] = value
  }
  return { title, statistic: mean(values, range) }
}

function meanOfQueries(
  scored: Extract<Scored, { task: 'ranking' }>,
  title: string,
  of: (rows: OwnRow[]) => number,
  range: Range,
): Readout {
  const queries: OwnRow[][] = Array.from({ length: scored.queryCount }, () => [])
  for (const row of ownRows(scored)) queries[scored.queries[row.index]!]!.push(row)
  const values = Float64Array.from(queries, (rows) => of(rows))
  const bad = values.findIndex((value) => !isNumber(value))
  if (bad !== -1) return failed(title, `it gave ${values[bad]} for the query of row ${queries[bad]![0]!.index + 1}`)
  return { title, statistic: mean(values, range) }
}

/** Resampled by repeating rows, so that the function need not know of weights. */
function functionOfRows(scored: Scored, title: string, of: (rows: OwnRow[]) => number, range: Range): Readout {
  const { weights } = scored.design
  if (weights?.some((weight) => !Number.isInteger(weight))) {
    return failed(
      title,
      'rows have weights that are not whole, and a function of all rows cannot weigh them; give a function of one row',
    )
  }
  const rows = ownRows(scored)
  const first: unknown = of(rows)
  if (!isNumber(first)) return failed(title, `it gave ${String(first)}`)
  const at = (times: Float64Array): number => {
    const drawn: OwnRow[] = []
    for (const row of rows) for (let i = 0; i < times[row.index]!; i++) drawn.push(row)
    try {
      const value: unknown = of(drawn)
      return isNumber(value) ? value : Number.NaN
    } catch {
      // A resample may lack what the function needs; that it has no value there is counted by who resamples.
      return Number.NaN
    }
  }
  return { title, statistic: { kind: 'rows', rowCount: rows.length, at, ...(range && { range }) } }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
