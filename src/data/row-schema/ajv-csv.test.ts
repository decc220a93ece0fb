import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { brokenByAjv, brokenBySql, PAIRS, requireSame, SHORT } from '../../../test/fixtures/compare-with-ajv.ts'
import { csvValue } from '../../../test/fixtures/csv-values.ts'
import { COLUMNS, rowSchemas, words } from '../../../test/fixtures/random-row-schema.ts'
import { openData, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ajv-csv-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

const SCHEMAS = 5
const ROWS = 100
const cells = fc.oneof(
  words,
  fc.constantFrom('TRUE', 'False', '-0.5', '+5', '1e3', '.5', 'NaN', 'inf', '1_000', 'null', '2', '0', '10'),
)
const tables = fc.dictionary(fc.constantFrom(...COLUMNS, 'other'), fc.array(cells, { minLength: ROWS, maxLength: ROWS }), {
  minKeys: 2,
})
const schemaLists = fc.array(rowSchemas, { minLength: SCHEMAS, maxLength: SCHEMAS })

test('CSV: the same rows as Ajv on the values that the text stands for', { timeout: 120_000 }, async () => {
  let pairs = 0
  let broken = 0
  await fc.assert(
    fc.asyncProperty(schemaLists, tables, async (schemas, table) => {
      const names = Object.keys(table)
      const records = [names, ...Array.from({ length: ROWS }, (_, i) => names.map((name) => table[name]![i]!))]
      const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`
      await writeFile(join(folder, 'rows.csv'), records.map((record) => `${record.map(quote).join(',')}\n`).join(''))
      const source = await openData(duckdb, folder, 'rows.csv')
      for (const schema of schemas) {
        const rows = records.slice(1).map((record) => {
          return Object.fromEntries(names.map((name, i) => [name, csvValue(record[i]!, schema, name)]))
        })
        const ajv = brokenByAjv(schema, rows)
        requireSame(schema, rows, await brokenBySql(duckdb, source, schema), ajv)
        pairs += rows.length
        broken += ajv.filter(Boolean).length
      }
    }),
    { numRuns: PAIRS.csv / SCHEMAS / ROWS, ...SHORT },
  )
  expect(pairs).toBeGreaterThanOrEqual(PAIRS.csv)
  expect(broken / pairs).toBeGreaterThan(0.2)
  expect(broken / pairs).toBeLessThan(0.9)
})
