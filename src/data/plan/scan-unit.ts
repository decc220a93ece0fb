import type { DataSource, Duckdb } from '../../drivers/duckdb.ts'
import type { Scan } from '../scan/scan.ts'
import type { Aggregate, FileFooter } from './aggregate.ts'

export interface ScanUnit {
  readonly duckdb: Duckdb
  readonly scan: Scan
  /** The files that are read. */
  readonly source: DataSource
  readonly aggregates: readonly Aggregate[]
  readonly footer?: FileFooter | undefined
}

export interface UnitStates {
  /** Rows that were read; undefined when there was no fused scan. */
  readonly rows: number | undefined
  /** By the identifiers of the aggregates. */
  readonly states: Map<string, unknown>
}

type Value = string | number | boolean | null

/** One fused scan for all aggregates that are one expression, and after it the queries of those that are not. */
export async function scanUnit({ duckdb, scan, source, aggregates, footer }: ScanUnit): Promise<UnitStates> {
  const states = new Map<string, unknown>()
  const fused = aggregates.flatMap((aggregate) =>
    'sql' in aggregate.how ? [{ aggregate, sql: (footer && aggregate.sqlWith?.(footer)) ?? aggregate.how.sql }] : [],
  )
  let rows: number | undefined
  if (fused.length > 0) {
    const items = ['count(*) AS row_count', ...fused.map(({ sql }, i) => `${sql} AS a${i}`)]
    const [row] = await duckdb.query<Record<string, Value>>(`SELECT ${items.join(', ')} FROM ${scan.table(source)}`)
    rows = Number(row!['row_count'])
    for (const [i, { aggregate }] of fused.entries()) states.set(aggregate.id, aggregate.read(row![`a${i}`]!))
  }
  for (const aggregate of aggregates) {
    const { how } = aggregate
    if ('sql' in how) continue
    states.set(aggregate.id, aggregate.read(await ask(how)))
  }
  return { rows, states }

  async function ask(how: Exclude<Aggregate['how'], { readonly sql: string }>): Promise<Value> {
    if ('ask' in how) return how.ask({ duckdb, table: scan.table(source), footer })
    const table = how.numbered ? scan.numberedTable([], source) : scan.table(source)
    const [row] = await duckdb.query<Record<string, Value>>(how.query(table))
    return Object.values(row!)[0]!
  }
}
