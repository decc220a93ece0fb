import { sha256 } from '../../core/digest.ts'
import type { Scan } from '../scan/scan.ts'
import type { Aggregate } from './aggregate.ts'

/** What depends on when it is asked, or on tables and files beside the data. */
const UNREPEATABLE =
  /\b(now|today|current_date|current_time|current_timestamp|localtime|localtimestamp|get_current_\w+|transaction_timestamp|random|setseed|uuid|uuidv\d|gen_random_uuid|nextval|getenv|read_\w+|parquet_scan|glob)\b/i

/**
 * The name under which the state of an aggregate is kept: equal for the same question whatever the scan calls its columns, and another
 * for another version of the engine. Undefined for what must be asked again.
 */
export function questionOf(aggregate: Aggregate, scan: Scan, engine: string): string | undefined {
  const { id, how, unkept } = aggregate
  const sql = scan.resolve('sql' in how ? how.sql : 'query' in how ? how.query('data') : '')
  if (unkept || UNREPEATABLE.test(sql)) return undefined
  return sha256(JSON.stringify([engine, scan.source.format, scan.resolve(id), sql])).slice('sha256:'.length)
}
