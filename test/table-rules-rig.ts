import { join } from 'node:path'
import { loadRowSchema } from '../src/data/row-schema/load.ts'
import { openTableRules } from '../src/data/table-rules/open.ts'
import { readTableRules } from '../src/data/table-rules/read.ts'
import type { BoundRule, TableRule, TableVerdict } from '../src/data/table-rules/rule.ts'
import { typesForText } from '../src/data/row-schema/text-types.ts'
import type { Aggregate, States } from '../src/data/plan/aggregate.ts'
import { scanUnit } from '../src/data/plan/scan-unit.ts'
import { openScan, type Scan } from '../src/data/scan/scan.ts'
import { literal, openData, placeRows, type DataSource, type Duckdb } from '../src/drivers/duckdb.ts'

/** A table rule with its verdict and the rows that its finder names, in reading order. */
export interface JudgedRule extends TableVerdict {
  readonly rule: TableRule
  readonly found: readonly { readonly file: string; readonly row: number; readonly value: unknown }[]
}

interface TableRun {
  readonly duckdb: Duckdb
  readonly cwd: string
  readonly data: string
  readonly schema: object
  readonly now?: Date
}

/** Judges the table rules of a schema on a data set, each aggregate by itself and without a planner. */
export async function judgeTable({ duckdb, cwd, data, schema, now = new Date() }: TableRun): Promise<JudgedRule[]> {
  const loaded = loadRowSchema(JSON.stringify(schema, null, 2), 'schema.json')
  const types = (column: string) => typesForText(loaded, column)
  const source = await openData(duckdb, cwd, data, { documents: true })
  const { rules, absent } = await openTableRules(readTableRules(loaded).rules, { duckdb, source })
  if (absent.length > 0) throw new Error(`absent: ${absent.map(({ phrase }) => phrase).join(', ')}`)
  const scan = openScan(source, types)
  const bound = rules.map((rule) => rule.bind(scan))
  const states = await measure(duckdb, scan, bound)
  const [counted] = await duckdb.query<{ rows: number }>(`SELECT count(*) AS rows FROM ${source.sql}`)
  const judged: JudgedRule[] = []
  for (const one of bound) {
    const verdict = one.judge(statesOf(states), { rows: counted!.rows, now })
    judged.push({ rule: one.rule, ...verdict, found: verdict.verdict === 'pass' ? [] : await findRows(duckdb, scan, one) })
  }
  return judged
}

/** By identifier, with the aggregate itself for merging. */
type Measured = Map<string, { readonly aggregate: Aggregate; readonly state: unknown }>

function statesOf(measured: Measured): States {
  return {
    of<State>({ id }: Aggregate<State>): State {
      if (!measured.has(id)) throw new Error(`not measured: ${id}`)
      return measured.get(id)!.state as State
    },
  }
}

async function measure(duckdb: Duckdb, scan: Scan, bound: readonly BoundRule[]): Promise<Measured> {
  const aggregates = [...new Map(bound.flatMap((one) => one.aggregates).map((aggregate) => [aggregate.id, aggregate])).values()]
  const { states } = await scanUnit({ duckdb, scan, source: scan.source, aggregates })
  // States are kept as JSON, so what JSON loses must not matter.
  const kept = (state: unknown): unknown => JSON.parse(JSON.stringify(state)) as unknown
  return new Map(aggregates.map((aggregate) => [aggregate.id, { aggregate, state: kept(states.get(aggregate.id)) }]))
}

/** The states of a schema's rules, measured over all files at once, and merged from what each file gives. */
export async function measureBoth({ duckdb, cwd, data, schema }: TableRun): Promise<{ whole: Measured; merged: Measured }> {
  const loaded = loadRowSchema(JSON.stringify(schema), 'schema.json')
  const types = (column: string) => typesForText(loaded, column)
  const source = await openData(duckdb, cwd, data, { documents: true })
  const { rules } = await openTableRules(readTableRules(loaded).rules, { duckdb, source })
  const measureAll = (one: DataSource): Promise<Measured> => {
    const scan = openScan(one, types)
    return measure(
      duckdb,
      scan,
      rules.map((rule) => rule.bind(scan)),
    )
  }
  const merged: Measured = new Map()
  for (const file of source.files) {
    const parts = await measureAll(await openData(duckdb, cwd, file, { documents: true }))
    for (const [id, { aggregate, state }] of parts) {
      if (aggregate.mergeable === false) continue
      const before = merged.get(id)
      merged.set(id, { aggregate, state: before ? aggregate.merge(before.state, state) : state })
    }
  }
  return { whole: await measureAll(source), merged }
}

async function findRows(duckdb: Duckdb, scan: Scan, { rows }: BoundRule): Promise<JudgedRule['found']> {
  if (!rows) return []
  const table = scan.numberedTable()
  const sql =
    'query' in rows ? rows.query(table) : `SELECT __file, __row, ${rows.value} AS value FROM ${table} WHERE ${rows.condition}`
  const found = await duckdb.query<{ file: string; row: number; value: string | null }>(
    `SELECT __file AS file, __row AS row, value FROM (${sql}) ORDER BY ALL`,
  )
  const places = await placeRows(duckdb, scan.source, found)
  return found.map(({ value }, i) => ({
    file: places[i]!.file,
    row: places[i]!.row,
    value: value === null || value === 'NaN' ? value : JSON.parse(value),
  }))
}

export type TableFormat = 'parquet' | 'csv' | 'jsonl'
export const TABLE_FORMATS: readonly TableFormat[] = ['parquet', 'csv', 'jsonl']

/** Writes what a SELECT gives as a data file; answers its name. */
export async function writeData(
  duckdb: Duckdb,
  folder: string,
  name: string,
  format: TableFormat,
  select: string,
): Promise<string> {
  const file = `${name}.${format}`
  const options = { parquet: 'FORMAT parquet', csv: 'FORMAT csv, HEADER', jsonl: 'FORMAT json' }[format]
  await duckdb.run(`COPY (${select}) TO ${literal(join(folder, file))} (${options})`)
  return file
}
