import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { brokenByAjv, brokenBySql, PAIRS, requireSame, SHORT } from '../../../test/fixtures/compare-with-ajv.ts'
import { COLUMNS, rowSchemas, values } from '../../../test/fixtures/random-row-schema.ts'
import { openData, openDuckdb, type DataSource, type Duckdb } from '../../drivers/duckdb.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ajv-json-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

const SCHEMAS = 5
const ROWS = 100
const row = fc.dictionary(fc.constantFrom(...COLUMNS, 'other'), values, { maxKeys: 5 })
const rowLists = fc.array(row, { minLength: ROWS, maxLength: ROWS })
const schemaLists = fc.array(rowSchemas, { minLength: SCHEMAS, maxLength: SCHEMAS })

async function documents(rows: readonly unknown[]): Promise<DataSource> {
  await writeFile(join(folder, 'rows.jsonl'), rows.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return openData(duckdb, folder, 'rows.jsonl', { documents: true })
}

test('JSON Lines: the same rows as Ajv, with absent keys, and any type in any row', { timeout: 120_000 }, async () => {
  let pairs = 0
  let broken = 0
  await fc.assert(
    fc.asyncProperty(schemaLists, rowLists, async (schemas, rows) => {
      const source = await documents(rows)
      for (const schema of schemas) {
        const ajv = brokenByAjv(schema, rows)
        requireSame(schema, rows, await brokenBySql(duckdb, source, schema), ajv)
        pairs += rows.length
        broken += ajv.filter(Boolean).length
      }
    }),
    { numRuns: PAIRS.json / SCHEMAS / ROWS, ...SHORT },
  )
  expect(pairs).toBeGreaterThanOrEqual(PAIRS.json)
  expect(broken / pairs).toBeGreaterThan(0.2)
  expect(broken / pairs).toBeLessThan(0.9)
})

test('all pairs together are 20,000 at least', () => {
  expect(PAIRS.json + PAIRS.parquet + PAIRS.csv).toBeGreaterThanOrEqual(20_000)
})

const MUTATIONS: Readonly<Record<string, (condition: string) => string>> = {
  'a bound that is not part of its range': (condition) => condition.replaceAll(' >= ', ' > '),
  'lengths off by one': (condition) => condition.replaceAll(/< (\d)\)/g, '<= $1)'),
  'null that is not of its type': (condition) => condition.replaceAll(" = 'NULL'", " = 'NONE'"),
  'absent that is null': (condition) => condition.replaceAll(" <> 'ABSENT'", " <> 'NONE'"),
  'a conjunction that is a disjunction': (condition) => condition.replaceAll(' AND ', ' OR '),
  'items after the first alone': (condition) => condition.replaceAll('len(list_filter', '-1 + len(list_filter'),
  'several branches of oneOf that are good enough': (condition) => condition.replaceAll(/ 1 END = 1/g, ' 1 END >= 1'),
}

test.each(Object.entries(MUTATIONS))('the comparison notices a wrong compiler: %s', async (_name, mutate) => {
  const [schemas] = fc.sample(fc.array(rowSchemas, { minLength: 40, maxLength: 40 }), { numRuns: 1, seed: 7 })
  const [rows] = fc.sample(rowLists, { numRuns: 1, seed: 7 })
  const source = await documents(rows!)
  let noticed = false
  for (const schema of schemas!) {
    if (noticed) break
    const found = await brokenBySql(duckdb, source, schema, mutate).catch((error: unknown) => error)
    noticed = JSON.stringify(found) !== JSON.stringify(brokenByAjv(schema, rows!))
  }
  expect(noticed).toBe(true)
})
