import type { Duckdb, DataSource } from '../../drivers/duckdb.ts'
import { unlistedKeys } from '../row-schema/compile.ts'
import type { RowSchema, Rule } from '../row-schema/schema.ts'
import type { Outcome } from './judgement.ts'
import { outcomeOf, STRICT } from './outcome.ts'

/** Under `additionalProperties: false`, each column that the schema does not list. */
export async function unexpectedColumns(
  duckdb: Duckdb,
  source: DataSource,
  schema: RowSchema,
  { columns, rows, withExtraKeys }: { columns: readonly string[]; rows: number; withExtraKeys: number },
): Promise<Outcome[]> {
  if (!schema.closed) return []
  const { pointer, location } = schema.closed
  const rule = (column: string): Rule => ({ column, keyword: 'additionalProperties', value: false, pointer, location })
  const outcome = (counted: Parameters<typeof outcomeOf>[0]) => outcomeOf(counted, rows, STRICT)
  if (source.format !== 'json') {
    const extra = columns.filter((name) => !schema.properties.includes(name))
    return extra.map((column) => outcome({ rule: rule(column), broken: rows, examples: [], answeredBy: 'type' }))
  }
  if (withExtraKeys === 0) return []
  const found = await duckdb.query<{ key: string; broken: number }>(
    `SELECT key, count(*) AS broken FROM (SELECT unnest(${unlistedKeys(schema)}) AS key FROM ${source.sql}) GROUP BY key ORDER BY key`,
  )
  return found.map(({ key, broken }) => outcome({ rule: rule(key), broken, examples: [], answeredBy: 'scan' }))
}
