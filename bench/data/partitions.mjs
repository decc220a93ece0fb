// A hundred partitions, judged for the first time; then again with one more. Target: the second costs under 5 % of a first run on all.
// Usage: node bench/data/partitions.mjs [ROWS OF A PARTITION]
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, duckdb, scratch, sixteenRules, writeTable } from './table.mjs'
import { best, machine, once, row } from './timed.mjs'

const ROWS = Number(process.argv[2] ?? 500_000)
const ROUNDS = 3
const folder = scratch()
const connection = await duckdb()
const parts = join(folder, 'parts')
mkdirSync(parts)
const write = (part) =>
  writeTable(connection, join(parts, `${String(part).padStart(4, '0')}.parquet`), part * ROWS, (part + 1) * ROWS)
for (let part = 0; part < 101; part++) await write(part)
writeFileSync(join(folder, 'schema.json'), JSON.stringify(sixteenRules(1_000_000_000)))
const node = process.execPath
const options = { cwd: folder }
const judge = () => once(node, [bin, 'validate-schema', '--input', 'parts', '--schema', 'schema.json', '--quiet'], options)

console.log(`partitions of ${ROWS.toLocaleString('en-US')} rows × 10 columns, 16 rules; ${machine()}`)
const start = best(5, () => once(node, [bin, 'validate-schema', '--help'], options))
row('start of the command line', start)
const whole = judge()
row('101 partitions, nothing kept', whole)
const added = []
for (let round = 0; round < ROUNDS; round++) {
  rmSync(join(folder, '.plimsoll'), { recursive: true })
  rmSync(join(parts, '0100.parquet'))
  judge()
  await write(100)
  added.push(judge())
}
const cheapest = added.toSorted((a, b) => a.cpu - b.cpu)[0]
row('100 kept, one more', cheapest)
const share = (cheapest.cpu - start.cpu) / (whole.cpu - start.cpu)
console.log(`one more partition costs ${(share * 100).toFixed(1)} % of the whole, beyond start`)
const again = best(ROUNDS, judge)
row('all kept', again)
