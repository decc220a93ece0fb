import { expect, test } from 'vitest'
import { openData, openDuckdb, readTable, typedSource } from '../../drivers/duckdb.ts'
import { packageRoot } from '../../drivers/self.ts'
import { adjustPValues } from '../../stats/adjusted-p-values.ts'
import { seededRandom, shuffle } from '../../stats/random.ts'
import { total } from '../../stats/two-sample-counts.ts'
import { compareCategories } from './compare-categories.ts'
import { compareData } from './compare-data.ts'
import { compareNumbers } from './compare-numbers.ts'
import { ALPHA, type ColumnDrift, type DriftFacts, type DriftLimits } from './facts.ts'
import { settle } from './family.ts'
import { sizeForChiSquared, sizeForKolmogorovSmirnov } from './power.ts'
import { separate } from './separate.ts'

// bench/honesty/drift.mjs does the same over 1,000 splits of the whole engine, on three data sets.
const LIMITS: DriftLimits = {
  maxDrift: 0.1,
  maxMissingDrift: 0.05,
  maxNewShare: 0.01,
  maxDriftAuc: 0.55,
  driftCorrection: 'holm',
}
const ARRESTS = 'test/data/arrests.csv'

test('random parts of one data set: the engine is silent', { timeout: 120_000 }, async () => {
  const duckdb = await openDuckdb()
  try {
    const { columns, numberedSql } = await typedSource(duckdb, await openData(duckdb, packageRoot, ARRESTS))
    await duckdb.run(`CREATE TABLE whole AS SELECT * FROM ${numberedSql}`)
    let alarms = 0
    let significant = 0
    const splits = 8
    for (let seed = 1; seed <= splits; seed++) {
      const side = (part: number) => `(SELECT * FROM whole WHERE hash(__row + ${seed * 1_000_003}) % 4 = ${part})`
      const facts = await compareData(
        duckdb,
        {
          reference: { sql: side(0), numberedSql: side(0), columns },
          current: { sql: side(1), numberedSql: side(1), columns },
        },
        { paths: { reference: ARRESTS, current: ARRESTS }, columns: undefined, ignore: [] },
      )
      const { tests } = settle(facts, LIMITS)
      expect(tests).toHaveLength(22)
      alarms += tests.some(({ outcome }) => outcome === 'drift') ? 1 : 0
      significant += tests.some(({ adjustedPValue }) => adjustedPValue <= ALPHA) ? 1 : 0
    }
    expect(alarms).toBe(0)
    // Eight chances of 5 %: more than 2 of them come about once in 170 times.
    expect(significant).toBeLessThanOrEqual(2)
  } finally {
    duckdb.close()
  }
})

/** Splits rows that are in memory, and compares with the same functions as the engine. */
async function splitter(): Promise<(seed: number) => DriftFacts> {
  const { columns, rowCount } = await readTable(packageRoot, ARRESTS)
  const coded = Object.entries(columns).map(([name, cells]) => {
    const values = [...new Set<unknown>(cells)].toSorted((a, b) => (Number(a) > Number(b) || String(a) > String(b) ? 1 : -1))
    const numeric = cells instanceof Float64Array
    if (numeric) values.sort((a, b) => Number(a) - Number(b))
    const codeOf = new Map(values.map((value, i) => [value, i]))
    return { name, numeric, values, codes: Uint16Array.from(cells, (cell) => codeOf.get(cell)!) }
  })
  const rows = Int32Array.from({ length: rowCount }, (_, i) => i)
  return (seed) => {
    shuffle(rows, seededRandom(seed))
    const half = Math.floor(rowCount / 2)
    const compared = coded.map(({ name, numeric, values, codes }): ColumnDrift => {
      const counts = { reference: new Float64Array(values.length), current: new Float64Array(values.length) }
      for (let i = 0; i < rowCount; i++) (i < half ? counts.reference : counts.current)[codes[rows[i]!]!]!++
      const few = values.length <= 20
      return {
        name,
        kind: numeric ? 'number' : 'text',
        comparison: few ? 'categories' : 'numbers',
        present: { reference: total(counts.reference), current: total(counts.current) },
        numbers: few ? null : compareNumbers({ values: Float64Array.from(values, Number), ...counts }),
        categories: few ? compareCategories({ values: values.map(String), ...counts }) : null,
        range: null,
      }
    })
    return {
      paths: { reference: ARRESTS, current: ARRESTS },
      rows: { reference: half, current: rowCount - half },
      columns: compared,
      kindChanges: [],
      onlyInReference: [],
      onlyInCurrent: [],
      ignored: [],
      separability: null,
    }
  }
}

test(
  'over 400 halves the family error is within 5 % with correction, and would be far above without it',
  { timeout: 120_000 },
  async () => {
    const split = await splitter()
    const splits = 400
    const counts = { alarms: 0, holm: 0, bh: 0, uncorrected: 0 }
    for (let seed = 1; seed <= splits; seed++) {
      const facts = split(seed)
      const { tests } = settle(facts, LIMITS)
      const bh = adjustPValues(
        tests.flatMap(({ pValue }) => pValue ?? []),
        'bh',
      )
      counts.alarms += tests.some(({ outcome }) => outcome === 'drift') ? 1 : 0
      counts.holm += tests.some(({ adjustedPValue }) => adjustedPValue <= ALPHA) ? 1 : 0
      counts.bh += bh.some((p) => p <= ALPHA) ? 1 : 0
      counts.uncorrected += tests.some(({ pValue }) => pValue !== null && pValue <= ALPHA) ? 1 : 0
    }
    // 5 % and three standard errors of 400 splits.
    const allowed = splits * (ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / splits))
    expect(counts.alarms).toBe(0)
    expect(counts.holm).toBeLessThanOrEqual(allowed)
    expect(counts.bh).toBeLessThanOrEqual(allowed)
    // Were the correction lost, this test would notice.
    expect(counts.uncorrected).toBeGreaterThan(2 * allowed)
  },
)

test('a classifier on rows that are exchangeable is not significant more often than alpha', () => {
  const random = seededRandom(5)
  const [size, runs] = [120, 200]
  let significant = 0
  for (let run = 0; run < runs; run++) {
    const features = ['a', 'b', 'c'].map((name) => ({
      name,
      ordered: name !== 'c',
      binCount: 8,
      bins: Uint8Array.from({ length: size }, () => random.integer(8)),
    }))
    significant += separate(features, { reference: size / 2, current: size / 2 }, run)!.pValue <= ALPHA ? 1 : 0
  }
  expect(significant / runs).toBeLessThanOrEqual(ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / runs))
  expect(significant).toBeGreaterThan(0)
})

test('at the sizes that an inconclusive verdict asks for, a difference of the limit is found about as often as promised', () => {
  const [limit, alpha, runs] = [0.1, 0.005, 300]
  const random = seededRandom(7)
  // Uniform against a uniform of which a tenth was moved to the upper half: the distributions differ by 0.1 at 0.5.
  const n = Math.ceil(2 * sizeForKolmogorovSmirnov(limit, alpha))
  const count = (size: number, share: number): Float64Array => {
    let upper = 0
    for (let i = 0; i < size; i++) upper += random.uniform() < share ? 1 : 0
    return Float64Array.of(size - upper, upper)
  }
  const sample = (size: number, share: number): Float64Array => {
    const counts = new Float64Array(40)
    const [lower, upper] = count(size, share)
    for (let i = 0; i < lower!; i++) counts[random.integer(20)]!++
    for (let i = 0; i < upper!; i++) counts[20 + random.integer(20)]!++
    return counts
  }
  const values = Float64Array.from({ length: 40 }, (_, i) => i)
  let found = 0
  for (let i = 0; i < runs; i++) {
    const drift = compareNumbers({ values, reference: sample(n, 0.45), current: sample(n, 0.55) })!
    found += drift.pValue <= alpha ? 1 : 0
  }
  expect(found / runs).toBeGreaterThan(0.7)

  // Shares of 0.441 and 0.559 have a Jensen–Shannon distance of 0.1.
  const m = Math.ceil(2 * sizeForChiSquared(limit, 1, alpha))
  const drift = compareCategories({ values: ['a', 'b'], reference: count(1e6, 0.441), current: count(1e6, 0.559) })!
  expect(drift.jensenShannon).toBeCloseTo(0.1, 2)
  let foundCategories = 0
  for (let i = 0; i < runs; i++) {
    const one = compareCategories({ values: ['a', 'b'], reference: count(m, 0.441), current: count(m, 0.559) })!
    foundCategories += one.pValue <= alpha ? 1 : 0
  }
  expect(foundCategories / runs).toBeGreaterThan(0.7)
  expect(foundCategories / runs).toBeLessThan(0.9)
})
