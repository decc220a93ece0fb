import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { literal, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { seededRandom } from '../../stats/random.ts'
import { compileSchema } from '../row-schema/compile.ts'
import { loadRowSchema } from '../row-schema/load.ts'
import { typesForText } from '../row-schema/text-types.ts'
import type { Scan } from '../scan/scan.ts'
import { documentKeys, strayDocuments } from '../validate/documents.ts'
import type { Aggregate } from './aggregate.ts'
import { countBroken, countRows } from './count-rows.ts'
import { distinctKeys, type DistinctKeys } from './distinct-keys.ts'
import { measureBothWays, type MergedAndWhole } from './merge-contract.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'merge-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

const schema = loadRowSchema(
  JSON.stringify({
    required: ['id', 'n'],
    properties: {
      id: { type: 'integer', minimum: 100 },
      n: { type: ['number', 'null'], maximum: 0.5 },
      word: { enum: ['a', 'b', null], minLength: 1 },
      day: { type: 'string', pattern: '^2024' },
    },
  }),
  'schema.json',
)
const textTypes = (column: string) => typesForText(schema, column)

/** Every aggregate that the judging of a row schema asks for, and every one that is made here for table rules. */
function aggregates(scan: Scan): Aggregate[] {
  const conditions = compileSchema(schema, scan).conditions.map((condition) => countBroken(condition))
  const keys = [['id'], ['day'], ['word'], ['n'], ['word', 'day'], ['id', 'n', 'word']]
  const ofDocuments = scan.source.format === 'json' ? [strayDocuments, documentKeys] : []
  return [
    countRows,
    ...conditions,
    ...keys.map((columns) => distinctKeys(scan, columns, textTypes)),
    ...ofDocuments,
  ] as Aggregate[]
}

/** A random table, cut at random rows into files, some of them empty; `spread` is how far whole numbers lie apart. */
async function writeParts(seed: number, format: 'parquet' | 'csv' | 'jsonl', spread: number, sorted: boolean): Promise<string> {
  const random = seededRandom(seed)
  const path = `${format}-${seed}`
  await mkdir(join(folder, path))
  const rows = 1 + Math.floor(random.uniform() * 200)
  const id = sorted ? `i * ${spread}` : `(hash(i + ${seed}) % ${rows * spread})::BIGINT`
  await duckdb.run(`CREATE OR REPLACE TABLE t AS SELECT i,
    CASE WHEN hash(i * 3 + ${seed}) % 9 > 0 THEN ${id} END AS id,
    CASE WHEN hash(i * 5 + ${seed}) % 7 > 0 THEN (hash(i * 7 + ${seed}) % 100) / 100.0::DOUBLE ELSE ${format === 'parquet' ? "'nan'" : 'NULL'} END AS n,
    ['a', 'b', 'c', 'é😀', NULL][1 + (hash(i * 11 + ${seed}) % 5)::INTEGER] AS word,
    DATE '2023-12-30' + (hash(i * 13 + ${seed}) % 40)::INTEGER AS day
    FROM range(${rows}) r(i)`)
  const cuts = Array.from({ length: 1 + Math.floor(random.uniform() * 4) }, () => Math.floor(random.uniform() * rows)).toSorted(
    (a, b) => a - b,
  )
  const bounds = [0, ...cuts, rows]
  for (let part = 0; part + 1 < bounds.length; part++) {
    const target = literal(join(folder, path, `${part}.${format}`))
    const options = { parquet: 'FORMAT parquet', csv: 'FORMAT csv, HEADER', jsonl: 'FORMAT json' }[format]
    await duckdb.run(
      `COPY (SELECT * EXCLUDE (i) FROM t WHERE i >= ${bounds[part]} AND i < ${bounds[part + 1]} ORDER BY i) TO ${target} (${options})`,
    )
  }
  return path
}

/** What a state says; how a set of keys is remembered may differ with the way it came together. */
function told({ aggregate, merged, whole }: MergedAndWhole): [unknown, unknown] {
  if (!aggregate.isComplete) return [merged, whole]
  const counts = (state: unknown) => ({ complete: (state as DistinctKeys).complete, distinct: (state as DistinctKeys).distinct })
  return aggregate.isComplete(merged) ? [counts(merged), counts(whole)] : [counts(merged).complete, counts(whole).complete]
}

test.each(
  (['parquet', 'csv', 'jsonl'] as const).flatMap((format) =>
    Array.from({ length: 5 }, (_, i) => [format, i, [1, 3, 1000][i % 3]!, i % 2 === 0] as const),
  ),
)('%s, table %i: merged, the states of the files are the state of the whole', async (format, seed, spread, sorted) => {
  const path = await writeParts(seed, format, spread, sorted)
  const results = await measureBothWays(duckdb, { cwd: folder, path, textTypes, aggregates })
  for (const result of results) {
    const [merged, whole] = told(result)
    expect({ of: result.aggregate.id, state: merged }).toEqual({ of: result.aggregate.id, state: whole })
  }
})

test('an open count of keys is one that the files really share, or may', async () => {
  let complete = 0
  for (let seed = 100; seed < 112; seed++) {
    const path = await writeParts(seed, 'parquet', 2, seed % 2 === 0)
    const results = await measureBothWays(duckdb, {
      cwd: folder,
      path,
      textTypes,
      aggregates: (scan) => [distinctKeys(scan, ['id'], textTypes)],
    })
    if (results[0]!.aggregate.isComplete!(results[0]!.merged)) complete++
  }
  // Whole numbers close together are merged whatever their order, by their bitmaps.
  expect(complete).toBe(12)
})
