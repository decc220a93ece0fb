import { UserError } from '../../core/errors.ts'
import { placeRows, type DataSource, type Duckdb } from '../../drivers/duckdb.ts'
import type { Aggregate } from '../plan/aggregate.ts'
import { countBroken } from '../plan/count-rows.ts'

/** Documents that are no objects, and so no rows. */
export const strayDocuments = countBroken({ broken: "json_type(json) <> 'OBJECT'", columns: [] })

/** The keys that any document has. */
export const documentKeys: Aggregate<readonly string[]> = {
  id: 'document keys',
  columns: [],
  how: { sql: 'to_json(list_distinct(flatten(array_agg(DISTINCT json_keys(json)))))::VARCHAR' },
  read: (value) => (JSON.parse(String(value ?? '[]')) as string[]).toSorted(),
  merge: (a, b) => [...new Set([...a, ...b])].toSorted(),
}

/** The error about the first document that is no object. */
export async function strayDocument(duckdb: Duckdb, source: DataSource): Promise<UserError> {
  const [first] = await duckdb.query<{ file: string; row: number }>(
    `SELECT __file AS file, __row AS row FROM ${source.numberedSql} WHERE json_type(json) <> 'OBJECT' LIMIT 1`,
  )
  const [place] = await placeRows(duckdb, source, [first!])
  return new UserError('E_FILE_FORMAT', `${place!.file}: document ${place!.row} is not a JSON object`, {
    hint: 'Each row is an object, such as {"age": 41}.',
    location: { file: place!.file },
  })
}
