import { openData, type Duckdb } from '../../drivers/duckdb.ts'
import type { JsonType } from '../scan/json-type.ts'
import { openScan, type Scan } from '../scan/scan.ts'
import type { Aggregate } from './aggregate.ts'
import { scanUnit } from './scan-unit.ts'

export interface Parts {
  readonly cwd: string
  /** A folder with one file for each part, in reading order. */
  readonly path: string
  readonly textTypes: (column: string) => ReadonlySet<JsonType>
  /** The aggregates to be held against the contract. */
  readonly aggregates: (scan: Scan) => readonly Aggregate[]
}

/** What an aggregate gives when the parts are merged, and what it gives for the whole. */
export interface MergedAndWhole {
  readonly aggregate: Aggregate
  readonly merged: unknown
  readonly whole: unknown
}

/**
 * Measures aggregates file by file and over all files at once. For tests: the two must be the same for every aggregate, except where
 * the merge itself says that it does not tell (`isComplete`). States go through JSON on the way, as they do when they are kept.
 */
export async function measureBothWays(duckdb: Duckdb, { cwd, path, textTypes, aggregates }: Parts): Promise<MergedAndWhole[]> {
  const source = await openData(duckdb, cwd, path, { documents: true })
  const scan = openScan(source, textTypes)
  const all = aggregates(scan)
  const parts: Map<string, unknown>[] = []
  for (const file of source.files) {
    parts.push((await scanUnit({ duckdb, scan, source: source.only([file]), aggregates: all })).states)
  }
  const { states: whole } = await scanUnit({ duckdb, scan, source, aggregates: all })
  const kept = (state: unknown): unknown => JSON.parse(JSON.stringify(state)) as unknown
  return all.map((aggregate) => ({
    aggregate,
    merged: parts.map((states) => kept(states.get(aggregate.id))).reduce((a, b) => aggregate.merge(a, b)),
    whole: kept(whole.get(aggregate.id)),
  }))
}
