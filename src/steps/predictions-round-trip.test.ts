import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import { readTable } from '../drivers/duckdb.ts'
import { seededRandom } from '../stats/random.ts'
import { evaluate } from './evaluate.ts'

type Row = Record<string, string | number>
const ROWS = 240

/** Rows with an id, a weight, a cluster and a feature, and what a model says of each. */
function rows(answer: (random: ReturnType<typeof seededRandom>, i: number) => Row): Row[] {
  const random = seededRandom(11)
  return Array.from({ length: ROWS }, (_, i) => ({
    id: `r-${String(i).padStart(4, '0')}`,
    weight: 1 + (i % 3) / 2,
    user: `u${i % 60}`,
    x: random.uniform(),
    ...answer(random, i),
  }))
}

const csv = (rows: readonly Row[]): string => {
  const names = Object.keys(rows[0]!)
  return `${[names.join(','), ...rows.map((row) => names.map((name) => row[name]).join(','))].join('\n')}\n`
}

/** What evaluate has written, apart from the names and digests of what it read. */
async function written(cwd: string, output: string) {
  const {
    model: _model,
    data: _data,
    ...metrics
  } = JSON.parse(readFileSync(join(cwd, output, 'metrics.json'), 'utf8')) as Record<string, unknown>
  return { metrics, table: await readTable(cwd, `${output}/predictions.parquet`) }
}

const roles = { id: 'id', weight: 'weight', cluster: 'user' }

test.each<[string, Row[], Record<string, unknown>, Record<string, unknown>]>([
  [
    'classes with names and probabilities',
    rows((random, i) => {
      const p = Math.round(random.uniform() * 1000) / 1000
      return { y: i % 3 === 0 ? 'yes' : 'no', guess: p > 0.5 ? 'yes' : 'no', p_no: 1 - p, p_yes: p }
    }),
    { label: 'y', prediction: 'guess', probability: 'p_' },
    { label: 'y' },
  ],
  [
    'classes that are numbers, and one column of probabilities',
    rows((random, i) => ({ y: i % 2, score: (i % 2) * 0.3 + random.uniform() * 0.7 })),
    { label: 'y', probability: 'score' },
    { label: 'y' },
  ],
  [
    'three classes without probabilities',
    rows((random, i) => ({ y: 'abc'[i % 3]!, prediction: 'abc'[random.integer(3)]! })),
    { label: 'y' },
    { label: 'y' },
  ],
  [
    'predictions that are missing',
    rows((_random, i) => ({ y: 'abc'[i % 3]!, prediction: i % 9 === 0 ? '' : 'abc'[i % 3]! })),
    { label: 'y' },
    { label: 'y' },
  ],
  ['values', rows((random, i) => ({ y: i / 7, prediction: i / 7 + random.uniform() })), { label: 'y' }, { label: 'y' }],
  [
    'values of which some are missing',
    rows((random, i) => ({ y: i / 7, prediction: i === 3 ? '' : i / 7 + random.uniform() })),
    { label: 'y', task: 'regression' },
    { label: 'y', task: 'regression' },
  ],
  [
    'a ranking',
    rows((random, i) => ({ q: `q${Math.floor(i / 8)}`, y: i % 4, prediction: (i % 4) / 3 + random.uniform() })),
    { label: 'y', query: 'q', cluster: undefined, weight: undefined },
    { label: 'y', query: 'q', cluster: undefined, weight: undefined },
  ],
  [
    'several labels with probabilities',
    rows((random, i) => {
      const [red, blue] = [random.uniform(), random.uniform()]
      return {
        red: i % 2,
        blue: Number(i % 5 < 2),
        prediction_red: Number(red > 0.4),
        prediction_blue: Number(blue > 0.6),
        probability_red: red,
        probability_blue: blue,
      }
    }),
    { label: ['red', 'blue'] },
    { label: ['red', 'blue'] },
  ],
  [
    'several labels of which some are not predicted',
    rows((random, i) => ({
      red: i % 2,
      blue: Number(i % 5 < 2),
      prediction_red: i === 5 ? '' : random.integer(2),
      prediction_blue: random.integer(2),
    })),
    { label: ['red', 'blue'] },
    { label: ['red', 'blue'] },
  ],
])('%s are read back from what evaluate writes, with the same result', async (_what, data, first, second) => {
  const cwd = mkdtempSync(join(tmpdir(), 'round-trip-'))
  writeFileSync(join(cwd, 'p.csv'), csv(data))
  const run = (params: Record<string, unknown>) => evaluate.run(stepContext(cwd), evaluate.params.parse({ ...roles, ...params }))
  const report = await run({ predictions: 'p.csv', ...first })
  const again = await run({ predictions: 'results/predictions.parquet', ...second, output: 'again' })
  const [before, after] = [await written(cwd, 'results'), await written(cwd, 'again')]
  expect(after).toEqual(before)
  const judged = ({ results }: typeof report) =>
    results.map(({ check, verdict, message, measurements }) => ({ check, verdict, message, measurements }))
  expect(judged(again)).toEqual(judged(report))
  expect(judged(report).length).toBeGreaterThan(1)
  expect(before.table.rowCount).toBe(ROWS)
  // Ids, weights, clusters, labels and features are kept, in the order of the rows.
  const labels = [first['label']].flat() as string[]
  const kept = ['id', 'weight', 'user', 'x', ...labels]
  expect(kept.map((name) => [name, Array.from(before.table.columns[name]!)])).toEqual(
    kept.map((name) => [name, data.map((row) => row[name])]),
  )
})
