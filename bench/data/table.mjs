// The table of the benchmarks: ten columns of the usual kinds, made by DuckDB, the same for the same number of rows.
import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url))

/** A folder of its own, removed when the process ends. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function duckdb() {
  const instance = await DuckDBInstance.create(':memory:')
  return instance.connect()
}

/** Writes rows `from` to `to` of the table as Parquet. */
export async function writeTable(connection, path, from, to) {
  const columns = [
    'i AS id',
    '(18 + hash(i) % 70)::INTEGER AS age',
    'round((hash(i * 3) % 20000000) / 100.0, 2)::DOUBLE AS income',
    '(hash(i * 5) % 851)::INTEGER AS score',
    "['north', 'south', 'east', 'west'][1 + (hash(i * 7) % 4)::INTEGER] AS region",
    "['card', 'cash', 'bank'][1 + (hash(i * 11) % 3)::INTEGER] AS method",
    "'C' || lpad((hash(i * 13) % 1000000)::VARCHAR, 6, '0') AS code",
    '(hash(i * 17) % 1000) / 1000.0::DOUBLE AS rate',
    "DATE '2020-01-01' + (hash(i * 19) % 1500)::INTEGER AS day",
    'hash(i * 23) % 2 = 0 AS active',
  ]
  await connection.run(`COPY (SELECT ${columns.join(', ')} FROM range(${from}, ${to}) t(i)) TO '${path}' (FORMAT parquet)`)
}

/** Sixteen rules: no nulls, ranges, sets, a pattern, a unique key, the number of rows. */
export const sixteenRules = (rows) => ({
  type: 'object',
  properties: {
    id: { type: 'integer', 'x-plimsoll': { unique: true } },
    age: { type: 'integer', minimum: 18, maximum: 120 },
    income: { type: 'number', minimum: 0 },
    score: { minimum: 0, maximum: 850 },
    region: { enum: ['north', 'south', 'east', 'west'] },
    method: { enum: ['card', 'cash', 'bank'] },
    code: { pattern: '^C[0-9]{6}$' },
    rate: { minimum: 0, maximum: 1 },
    day: { type: 'string' },
  },
  'x-plimsoll': { rows: { min: 1, max: rows } },
})

/** Rules that the footers of a Parquet file answer. */
export const footerRules = {
  type: 'object',
  required: ['id', 'age'],
  properties: {
    id: { type: 'integer', minimum: 0 },
    age: { type: 'integer', minimum: 18, maximum: 120 },
    score: { type: 'integer', minimum: 0, maximum: 850 },
    region: { type: 'string' },
    method: { type: 'string' },
    code: { type: 'string' },
    day: { type: 'string' },
    active: { type: 'boolean', enum: [true, false] },
  },
}
