import { count, formatCount } from '../../core/counts.ts'
import { UserError } from '../../core/errors.ts'
import type { DataSource, Duckdb } from '../../drivers/duckdb.ts'
import type { Scan } from '../scan/scan.ts'
import type { Aggregate, States } from './aggregate.ts'
import { digestOfAll, type FileDigests } from './digests.ts'
import type { KeptStates } from './kept-states.ts'
import { questionOf } from './question.ts'
import { scanUnit } from './scan-unit.ts'
import type { Unit } from './unit.ts'

/** What answered a question about a unit. */
export type Way = 'footer' | 'kept' | 'scan'

export interface MeasureOptions {
  readonly scan: Scan
  /** All of the data, in reading order. */
  readonly units: readonly Unit[]
  readonly aggregates: readonly Aggregate[]
  readonly duckdb: Duckdb
  readonly digests: FileDigests
  /** States of earlier runs, opened when there is something to ask; null when none are used. */
  readonly kept: () => KeptStates | null
  /** Of DuckDB and Plimsoll: another version may answer otherwise. */
  readonly engine: string
  /** Told what is read next. */
  readonly onRead?: (what: string) => void
}

export interface Measured {
  readonly states: States
  /** The states of single units, for what can be merged. */
  inUnit<State>(unit: Unit, aggregate: Aggregate<State>): State | undefined
  /** How many units each way has answered. */
  ways(aggregate: Aggregate): ReadonlyMap<Way, number>
}

/**
 * Measures aggregates over a data set in the cheapest way there is for each file: by its footer, by what an earlier run has kept, and
 * by one fused scan for all that is left. The states of the files are then merged in reading order.
 *
 * @throws UserError E_FILE_FORMAT when a file holds another number of rows than its footer says
 */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { scan, units } = options
  const aggregates = [...new Map(options.aggregates.map((aggregate) => [aggregate.id, aggregate])).values()]
  const ways = new Map<string, Map<Way, number>>(aggregates.map(({ id }) => [id, new Map()]))
  const note = ({ id }: Aggregate, way: Way) => ways.get(id)!.set(way, (ways.get(id)!.get(way) ?? 0) + 1)

  const byUnit = new Map<Unit, Map<string, unknown>>(units.map((unit) => [unit, new Map<string, unknown>()]))
  const parts = units.length > 1 ? aggregates.filter(({ mergeable }) => mergeable !== false) : aggregates
  const open: Task[] = []
  for (const unit of units) {
    const found = byUnit.get(unit)!
    const left = parts.filter((aggregate) => {
      const state = unit.footer && aggregate.fromFooter?.(unit.footer)
      if (state === undefined) return true
      found.set(aggregate.id, state)
      note(aggregate, 'footer')
      return false
    })
    const unknown = left.length === 0 ? [] : withoutKept(options, unit.source, left, found, note)
    if (unknown.length > 0) open.push({ units: [unit], aggregates: unknown })
  }
  for (const task of open.length > 0 && options.kept() === null ? joined(open) : open) {
    const source = scan.source.only(task.units.flatMap((unit) => unit.source.files))
    const states = await readStates(options, source, task.units, task.aggregates)
    const [first, ...others] = task.units
    for (const aggregate of task.aggregates) {
      byUnit.get(first!)!.set(aggregate.id, states.get(aggregate.id))
      for (let i = 0; i < task.units.length; i++) note(aggregate, 'scan')
      for (const unit of others) byUnit.get(unit)!.set(aggregate.id, MERGED)
    }
  }

  const merged = new Map<string, unknown>()
  const whole: Aggregate[] = aggregates.filter((aggregate) => !parts.includes(aggregate))
  for (const aggregate of parts) {
    const states = units.map((unit) => byUnit.get(unit)!.get(aggregate.id)).filter((state) => state !== MERGED)
    const state = states.length === 0 ? undefined : mergedOf(aggregate, states)
    if (units.length > 1 && aggregate.isComplete?.(state) === false) whole.push(aggregate)
    else merged.set(aggregate.id, state)
  }
  const unknown = whole.length === 0 ? [] : withoutKept(options, scan.source, whole, merged, note)
  if (unknown.length > 0) {
    const states = await readStates(options, scan.source, units, unknown)
    for (const aggregate of unknown) {
      merged.set(aggregate.id, states.get(aggregate.id))
      note(aggregate, 'scan')
    }
  }
  return {
    states: {
      of<State>({ id }: Aggregate<State>): State {
        if (!merged.has(id)) throw new Error(`not measured: ${id}`)
        return merged.get(id) as State
      },
    },
    inUnit<State>(unit: Unit, { id }: Aggregate<State>) {
      const state = byUnit.get(unit)?.get(id)
      return state === MERGED ? undefined : (state as State | undefined)
    },
    ways: ({ id }) => ways.get(id) ?? new Map<Way, number>(),
  }
}

const mergedOf = (aggregate: Aggregate, states: readonly unknown[]): unknown =>
  aggregate.mergeAll ? aggregate.mergeAll(states) : states.reduce((a, b) => aggregate.merge(a, b))

/** Stands for a state that was measured together with that of the unit before it. */
const MERGED = Symbol('merged')

/** Aggregates to be read from units that stand together. */
interface Task {
  readonly units: readonly Unit[]
  readonly aggregates: readonly Aggregate[]
}

/** Neighbours that lack the same are read in one scan, where their states need not be kept apart. */
function joined(tasks: readonly Task[]): Task[] {
  const result: Task[] = []
  for (const task of tasks) {
    const last = result.at(-1)
    const same =
      last?.aggregates.length === task.aggregates.length && last.aggregates.every((one, i) => one === task.aggregates[i])
    if (last && same) result.splice(-1, 1, { units: [...last.units, ...task.units], aggregates: last.aggregates })
    else result.push(task)
  }
  return result
}

/** Fills in what earlier runs have kept of these files, and answers what they have not. */
function withoutKept(
  { scan, kept, digests, engine }: MeasureOptions,
  source: DataSource,
  aggregates: readonly Aggregate[],
  found: Map<string, unknown>,
  note: (aggregate: Aggregate, way: Way) => void,
): readonly Aggregate[] {
  const store = kept()
  if (!store) return aggregates
  const known = source.files.map((file) => digests.known(file))
  if (!known.every((digest) => digest !== undefined)) return aggregates
  const questions = new Map(aggregates.map((aggregate) => [aggregate.id, questionOf(aggregate, scan, engine)]))
  const states = store.load(
    digestOfAll(source, known),
    [...questions.values()].filter((question) => question !== undefined),
  )
  return aggregates.filter((aggregate) => {
    const text = states.get(questions.get(aggregate.id) ?? '')
    if (text === undefined) return true
    found.set(aggregate.id, JSON.parse(text))
    note(aggregate, 'kept')
    return false
  })
}

/** Reads files for their states, and for their digests at the same time; keeps the states. */
async function readStates(
  { scan, kept, digests, duckdb, engine, onRead }: MeasureOptions,
  source: DataSource,
  units: readonly Unit[],
  aggregates: readonly Aggregate[],
): Promise<Map<string, unknown>> {
  onRead?.(source.files.length === 1 ? source.nameOf(source.files[0]!) : count(source.files.length, 'file'))
  const [read, ...found] = await Promise.all([
    source.reading(() =>
      scanUnit({ duckdb, scan, source, aggregates, footer: units.length === 1 ? units[0]!.footer : undefined }),
    ),
    ...source.files.map((file) => digests.of(file)),
  ])
  const told = units.map(({ rows }) => rows)
  if (read.rows !== undefined && told.every((rows) => rows !== undefined)) {
    requireRows(
      source,
      read.rows,
      told.reduce((sum, rows) => sum + rows, 0),
    )
  }
  const store = kept()
  if (store) {
    const entries = aggregates.flatMap((aggregate) => {
      const question = questionOf(aggregate, scan, engine)
      return question === undefined ? [] : [[question, JSON.stringify(read.states.get(aggregate.id))] as const]
    })
    await digests.requireUnchanged()
    store.save(digestOfAll(source, found), new Map(entries))
  }
  return read.states
}

function requireRows({ nameOf, path, files }: DataSource, counted: number, told: number): void {
  if (counted === told) return
  const file = files.length === 1 ? nameOf(files[0]!) : path
  throw new UserError(
    'E_FILE_FORMAT',
    `${file} is damaged: the footer says ${count(told, 'row')} and it holds ${formatCount(counted)}`,
    {
      hint: 'What the footer of a Parquet file says and what the file holds must agree. Write or copy it again.',
      location: { file },
    },
  )
}
