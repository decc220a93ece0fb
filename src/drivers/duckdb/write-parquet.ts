import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Table } from '../../core/table.ts'
import { literal, openDuckdb } from './connection.ts'

/** Writes a table to a Parquet file (zstd), as a whole or not at all. Makes the folder. */
export async function writeParquet(path: string, table: Table): Promise<void> {
  const duckdb = await openDuckdb()
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await duckdb.load('output', table)
    await duckdb.run(`COPY output TO ${literal(temporary)} (FORMAT parquet, COMPRESSION zstd)`)
    await rename(temporary, path)
  } finally {
    duckdb.close()
    await rm(temporary, { force: true })
  }
}
