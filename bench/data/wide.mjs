// 226 rules on 80 columns of a million rows. Target: under 1.0 s CPU beyond the start of the command line.
// Usage: node bench/data/wide.mjs [ROUNDS]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, duckdb, scratch } from './table.mjs'
import { best, machine, once, row } from './timed.mjs'

const ROUNDS = Number(process.argv[2] ?? 5)
const folder = scratch()
const data = join(folder, 'data.parquet')
/** SQL of a column, and the rules on it. */
const KINDS = [
  [(hash) => `(${hash} % 1000)::INTEGER`, { type: 'integer', minimum: 0, maximum: 1000 }],
  [(hash) => `(${hash} % 100000) / 100.0::DOUBLE`, { type: 'number', minimum: 0, maximum: 1000 }],
  [(hash) => `['a', 'b', 'c', 'd'][1 + (${hash} % 4)::INTEGER]`, { type: 'string', enum: ['a', 'b', 'c', 'd'] }],
  [(hash) => `CASE WHEN ${hash} % 50 > 0 THEN (i % 997)::BIGINT END`, { type: ['integer', 'null'], minimum: 0, maximum: 997 }],
]
const properties = {}
const columns = []
let rules = 0
for (let i = 0; i < 80; i++) {
  const name = `c${String(i).padStart(2, '0')}`
  const [sql, schema] = KINDS[i % KINDS.length]
  columns.push(`${sql(`hash(i * ${2 * i + 3})`)} AS ${name}`)
  properties[name] = Object.assign({}, schema)
  rules += Object.keys(schema).length
}
// 220 so far: six more.
for (let i = 2; rules < 226; i += 4, rules++) properties[`c${String(i).padStart(2, '0')}`].maxLength = 1
const connection = await duckdb()
await connection.run(`COPY (SELECT ${columns.join(', ')} FROM range(1000000) t(i)) TO '${data}' (FORMAT parquet)`)
writeFileSync(join(folder, 'schema.json'), JSON.stringify({ type: 'object', properties }))

const node = process.execPath
const options = { cwd: folder }
const judge = (more) =>
  once(node, [bin, 'validate-schema', '--input', data, '--schema', 'schema.json', '--quiet', '--no-cache', ...more], options)
console.log(`1,000,000 rows × 80 columns, ${rules} rules; ${machine()}; least CPU of ${ROUNDS}`)
const start = best(ROUNDS, () => once(node, [bin, 'validate-schema', '--help'], options))
row('start of the command line', start)
for (const [name, more] of [
  ['plimsoll validate-schema', []],
  ['the same, --no-footers', ['--no-footers']],
]) {
  const found = best(ROUNDS, () => judge(more))
  row(name, found)
  console.log(`  ${(found.cpu - start.cpu).toFixed(2)} s CPU beyond start`)
}
