// Data quality without a schema: `plimsoll check-data-quality` on ten million rows of ten columns, some with missing values, and on a
// table of a thousand columns. Targets: a few tens of CPU seconds, and less than 1 GB, whatever the number of rows.
// Usage: node bench/data/quality.mjs [ROUNDS] [ROWS]
import { join } from 'node:path'
import { bin, duckdb, scratch, writeTable } from './table.mjs'
import { best, machine, once, row } from './timed.mjs'

const ROUNDS = Number(process.argv[2] ?? 3)
const ROWS = Number(process.argv[3] ?? 10_000_000)
const folder = scratch()
const connection = await duckdb()

const whole = join(folder, 'whole.parquet')
const long = join(folder, 'long.parquet')
await writeTable(connection, whole, 0, ROWS)
const some = (column, share) => `CASE WHEN hash(id * ${share}) % ${share} > 0 THEN ${column} END AS ${column}`
await connection.run(
  `COPY (SELECT * REPLACE (${some('income', 40)}, ${some('rate', 25)}) FROM '${whole}') TO '${long}' (FORMAT parquet)`,
)

/** Whole numbers, numbers with nulls, categories and codes, in turn. */
const KINDS = [
  (hash) => `(${hash} % 1000)::INTEGER`,
  (hash) => `CASE WHEN ${hash} % 50 > 0 THEN (${hash} % 100000) / 100.0::DOUBLE END`,
  (hash) => `['a', 'b', 'c', 'd'][1 + (${hash} % 4)::INTEGER]`,
  (hash) => `'C' || (${hash} % 100000)::VARCHAR`,
]
const wide = join(folder, 'wide.parquet')
const columns = Array.from({ length: 1000 }, (_, i) => `${KINDS[i % KINDS.length](`hash(i * ${2 * i + 3})`)} AS c${i}`)
await connection.run(
  `COPY (SELECT ${columns.join(', ')}, i % 2 = 0 AS active FROM range(1000) t(i)) TO '${wide}' (FORMAT parquet)`,
)

const check = (data) =>
  once(process.execPath, [bin, 'check-data-quality', '--input', data, '--label', 'active', '--quiet'], { cwd: folder })
console.log(`check-data-quality --label; ${machine()}; least CPU of ${ROUNDS}`)
for (const [name, data] of [
  [`${ROWS.toLocaleString('en-US')} rows × 10 columns`, long],
  ['1,000 rows × 1,000 columns', wide],
]) {
  row(
    name,
    best(ROUNDS, () => check(data)),
  )
}
