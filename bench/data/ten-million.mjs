// Sixteen rules on ten million rows of ten columns: `plimsoll validate-schema` against one DuckDB query written by hand, and against
// Polars and pandera where pip can install them. Targets: CPU at most 1.15 × the query, below pandera on Polars; peak below 300 MB.
// Usage: node bench/data/ten-million.mjs [ROUNDS] [ROWS]
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bin, duckdb, scratch, sixteenRules, writeTable } from './table.mjs'
import { best, machine, once, row } from './timed.mjs'

const ROUNDS = Number(process.argv[2] ?? 5)
const ROWS = Number(process.argv[3] ?? 10_000_000)
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const folder = scratch()
const data = join(folder, 'data.parquet')
await writeTable(await duckdb(), data, 0, ROWS)
writeFileSync(join(folder, 'schema.json'), JSON.stringify(sixteenRules(ROWS)))

const node = process.execPath
const plimsoll = (...more) => [
  bin,
  'validate-schema',
  '--input',
  data,
  '--schema',
  'schema.json',
  '--quiet',
  '--no-cache',
  ...more,
]
console.log(`${ROWS.toLocaleString('en-US')} rows × 10 columns, 16 rules; ${machine()}; least CPU of ${ROUNDS}`)
const hand = best(ROUNDS, () => once(node, [here('by-hand.mjs'), data], { cwd: here('../..') }))
row('DuckDB, one query by hand', hand)
row(
  'plimsoll validate-schema',
  best(ROUNDS, () => once(node, plimsoll(), { cwd: folder })),
  hand.cpu,
)
row(
  'the same, --no-footers',
  best(ROUNDS, () => once(node, plimsoll('--no-footers'), { cwd: folder })),
  hand.cpu,
)

const python = join(folder, 'venv', 'bin', 'python')
const made = spawnSync('python3', ['-m', 'venv', join(folder, 'venv')], { encoding: 'utf8' })
const packages = ['polars', 'pandera[polars,pandas]', 'pandas', 'pyarrow']
const installed = made.status === 0 && spawnSync(python, ['-m', 'pip', 'install', '--quiet', ...packages]).status === 0
if (!installed) console.log('Polars and pandera cannot be installed here, so they were not measured.')
else {
  row(
    'Polars, by hand',
    best(ROUNDS, () => once(python, [here('by_hand_polars.py'), data])),
    hand.cpu,
  )
  row(
    'pandera on Polars',
    best(ROUNDS, () => once(python, [here('by_pandera.py'), 'polars', data, String(ROWS)])),
    hand.cpu,
  )
  row(
    'pandera on pandas',
    best(ROUNDS, () => once(python, [here('by_pandera.py'), 'pandas', data, String(ROWS)])),
    hand.cpu,
  )
}
