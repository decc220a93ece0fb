import type { Table } from '../../core/table.ts'
import { writeAtomic } from '../files.ts'
import { literal, openDuckdb } from './connection.ts'

/**
 * Writes a table to a Parquet file (zstd), as a whole or not at all. Makes the folder.
 *
 * @throws UserError E_FILE_WRITE when the system refuses
 */
export async function writeParquet(path: string, table: Table): Promise<void> {
  const duckdb = await openDuckdb()
  try {
    await duckdb.load('output', table)
    await writeAtomic(path, async (temporary) => {
      await duckdb.run(`COPY output TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`)
    })
  } finally {
    duckdb.close()
  }
}
