import { placeRows } from '../../../drivers/duckdb.ts'
import type { DataSource, Duckdb } from '../../../drivers/duckdb.ts'
import type { RowGroup } from '../facts.ts'

/** Example groups of rows, and rows of a group, that are kept. */
const SHOWN_GROUPS = 5
export const SHOWN_ROWS = 4

/**
 * The largest groups of a query, with the places of their first rows.
 *
 * @param sql answers `rows` and `places`, a list of structs of `file` and `row`
 */
export async function shownGroups(duckdb: Duckdb, source: DataSource, sql: string): Promise<RowGroup[]> {
  const found = await duckdb.query<{ rows: number; places: string }>(
    `SELECT rows::BIGINT AS rows, to_json(places[1:${SHOWN_ROWS}])::VARCHAR AS places FROM (${sql})
     ORDER BY rows DESC, places[1] LIMIT ${SHOWN_GROUPS}`,
  )
  const places = await placeRows(
    duckdb,
    source,
    found.flatMap((group) => JSON.parse(group.places) as { file: string; row: number }[]),
  )
  let at = 0
  return found.map((group) => {
    const size = (JSON.parse(group.places) as unknown[]).length
    at += size
    return { rows: group.rows, places: places.slice(at - size, at) }
  })
}
