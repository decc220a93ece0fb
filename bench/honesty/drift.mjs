// How often the drift checks fire on two random halves of one data set, where nothing has drifted: the family error, over seeded splits.
//
//     node bench/honesty/drift.mjs [--splits 1000] [--rows N] FILE…
//
// FILE is a data set of independent rows. With --rows, two samples of N rows take the place of the halves. Printed per file, with its 95 % Wilson interval:
//   fires            a drift verdict at the default limits (Holm)
//   significant      any p-value that survives Holm at 0.05, whatever the effect: what the p-values are worth without limits
//   bh               the same under Benjamini–Hochberg
//   uncorrected      any p-value of at most 0.05 by itself: what a tool without correction would report
//   separability     the classifier's p-value alone, of at most 0.05
// Ends with 1 when `fires`, `significant` or `bh` is surely above 5 %: when the lower end of its interval is.
import { parseArgs } from 'node:util'
import { compareData } from '../../dist/data/drift/compare-data.js'
import { settle } from '../../dist/data/drift/family.js'
import { openData, openDuckdb, typedSource } from '../../dist/drivers/duckdb.js'
import { wilson } from '../../dist/stats/proportion.js'

const { values: flags, positionals: files } = parseArgs({
  options: { splits: { type: 'string', default: '1000' }, rows: { type: 'string' } },
  allowPositionals: true,
})
if (files.length === 0) files.push('test/data/arrests.csv', 'examples/mortgage/data/source/hmda.csv')
const LIMITS = { maxDrift: 0.1, maxMissingDrift: 0.05, maxNewShare: 0.01, maxDriftAuc: 0.55, driftCorrection: 'holm' }
const splits = Number(flags.splits)

let isHonest = true
for (const file of files) {
  const duckdb = await openDuckdb()
  await duckdb.run('SET threads = 1')
  const source = await typedSource(duckdb, await openData(duckdb, process.cwd(), file))
  await duckdb.run(`CREATE TABLE whole AS SELECT * FROM ${source.numberedSql}`)
  const counts = { fires: 0, significant: 0, bh: 0, uncorrected: 0, separability: 0 }
  const started = performance.now()
  let rows
  for (let seed = 1; seed <= splits; seed++) {
    const facts = await compareData(duckdb, await split(duckdb, source.columns, seed), {
      paths: { reference: file, current: file },
      columns: undefined,
      ignore: [],
    })
    rows = facts.rows
    const { tests } = settle(facts, LIMITS)
    const bh = settle(facts, { ...LIMITS, driftCorrection: 'bh' }).tests
    const holds = (list, condition) => (list.some(condition) ? 1 : 0)
    counts.fires += holds(tests, ({ outcome }) => outcome === 'drift')
    counts.significant += holds(tests, ({ adjustedPValue }) => adjustedPValue <= 0.05)
    counts.bh += holds(bh, ({ adjustedPValue }) => adjustedPValue <= 0.05)
    counts.uncorrected += holds(tests, ({ pValue }) => pValue !== null && pValue <= 0.05)
    counts.separability += (facts.separability?.pValue ?? 1) <= 0.05 ? 1 : 0
  }
  duckdb.close()
  const seconds = (performance.now() - started) / 1000
  console.log(`${file}: ${splits} splits of about ${rows.reference} + ${rows.current} rows, ${seconds.toFixed(0)} s`)
  for (const [name, count] of Object.entries(counts)) {
    const { lower, upper } = wilson(count, splits)
    const percent = (share) => `${(100 * share).toFixed(1)} %`
    console.log(`  ${name.padEnd(14)} ${percent(count / splits).padStart(7)}   [${percent(lower)}, ${percent(upper)}]`)
    if (['fires', 'significant', 'bh'].includes(name) && lower > 0.05) isHonest = false
  }
}
process.exitCode = isHonest ? 0 : 1

/** Two random parts of the data: halves, or samples of --rows. */
async function split(duckdb, columns, seed) {
  const order = `row_number() OVER (ORDER BY hash(__row + ${seed * 1_000_003}))`
  await duckdb.run(`CREATE OR REPLACE TEMP TABLE parts AS SELECT *, ${order} AS place, count(*) OVER () AS size FROM whole`)
  const size = flags.rows ?? 'size / 2'
  const side = (condition) => {
    const sql = `(SELECT * EXCLUDE (place, size) FROM parts WHERE ${condition})`
    return { sql, numberedSql: sql, columns }
  }
  return { reference: side(`place <= ${size}`), current: side(`place > ${size} AND place <= 2 * (${size})`) }
}
