// Rules that footers answer, on ten thousand to ten million rows: the time beyond what the command line needs to start.
// Target: under 60 ms, whatever the number of rows. Usage: node bench/data/footers.mjs [ROUNDS]
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, duckdb, footerRules, scratch, writeTable } from './table.mjs'
import { best, machine, once } from './timed.mjs'

const ROUNDS = Number(process.argv[2] ?? 9)
const folder = scratch()
const connection = await duckdb()
writeFileSync(join(folder, 'schema.json'), JSON.stringify(footerRules))
const node = process.execPath
const options = { cwd: folder }
const version = best(ROUNDS, () => once(node, [bin, '--version'], options))
const start = best(ROUNDS, () => once(node, [bin, 'validate-schema', '--help'], options))
console.log(`16 rules answered by footers; ${machine()}; least of ${ROUNDS}`)
console.log(
  `plimsoll --version                 ${(version.cpu * 1000).toFixed(0)} ms CPU, ${(version.wall * 1000).toFixed(0)} ms`,
)
console.log(`plimsoll validate-schema --help    ${(start.cpu * 1000).toFixed(0)} ms CPU, ${(start.wall * 1000).toFixed(0)} ms`)
for (const rows of [10_000, 1_000_000, 10_000_000]) {
  const data = join(folder, `${rows}.parquet`)
  await writeTable(connection, data, 0, rows)
  const parameters = [bin, 'validate-schema', '--input', data, '--schema', 'schema.json', '--quiet']
  const { cpu, wall } = best(ROUNDS, () => once(node, parameters, options))
  const beyond = (base) => `${((cpu - base.cpu) * 1000).toFixed(0)} ms CPU, ${((wall - base.wall) * 1000).toFixed(0)} ms`
  console.log(
    `${rows.toLocaleString('en-US').padStart(10)} rows: ${beyond(start)} beyond start, ${beyond(version)} beyond --version`,
  )
}
