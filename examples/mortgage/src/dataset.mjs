import { DuckDBInstance } from '@duckdb/node-api'

/** Opens an in-memory DuckDB for the time of `work`. */
export async function withDuckdb(work) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** The rows of a Parquet file as objects, in the order of the file. */
export function readParquet(path) {
  return withDuckdb(async (connection) => {
    const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${path.replaceAll("'", "''")}')`)
    return reader.getRowObjectsJS()
  })
}
