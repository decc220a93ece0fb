// Splits data/source/hmda.csv into training and held-out Parquet files; see data/README.md.
import { mkdir } from 'node:fs/promises'
import { withDuckdb } from '../src/dataset.mjs'

const SEED = 1990
const HELD_OUT = 0.5

await mkdir('data/raw', { recursive: true })
await mkdir('data/test', { recursive: true })
await withDuckdb(async (connection) => {
  // The rank of a row's hash within its stratum decides, so each stratum is divided in the same proportion.
  await connection.run(`
    CREATE TABLE applications AS
    WITH source AS (
      SELECT row_number() OVER () AS row, * REPLACE (
        pirat::DOUBLE AS pirat, hirat::DOUBLE AS hirat, lvrat::DOUBLE AS lvrat, unemp::DOUBLE AS unemp,
        chist::INTEGER AS chist, mhist::INTEGER AS mhist
      )
      FROM read_csv('data/source/hmda.csv', header = true, all_varchar = true)
    )
    SELECT row, percent_rank() OVER (PARTITION BY deny, afam ORDER BY md5('${SEED}:' || row)) AS rank, * EXCLUDE (row) FROM source`)
  const columns = '* EXCLUDE (row, rank)'
  const write = (condition, path) =>
    connection.run(`
      COPY (SELECT ${columns} FROM applications WHERE ${condition} ORDER BY row) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`)
  await write(`rank >= ${HELD_OUT}`, 'data/raw/latest.parquet')
  await write(`rank < ${HELD_OUT}`, 'data/test/applications.parquet')
})
