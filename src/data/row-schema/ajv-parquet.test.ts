import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { brokenByAjv, brokenBySql, PAIRS, requireSame, SHORT } from '../../../test/fixtures/compare-with-ajv.ts'
import { COLUMNS, rowSchemas } from '../../../test/fixtures/random-row-schema.ts'
import { TYPES } from '../../../test/fixtures/typed-values.ts'
import { identifier, literal, openData, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ajv-parquet-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

const SCHEMAS = 5
const ROWS = 100
const column = fc
  .constantFrom(...TYPES)
  .chain((type) => fc.array(type.values, { minLength: ROWS, maxLength: ROWS }).map((values) => ({ type, values })))
const tables = fc.dictionary(fc.constantFrom(...COLUMNS, 'other'), column, { minKeys: 2 })
const schemaLists = fc.array(rowSchemas, { minLength: SCHEMAS, maxLength: SCHEMAS })

test('Parquet: the same rows as Ajv on numbers, text, LIST, STRUCT, MAP and JSON, nested too', { timeout: 120_000 }, async () => {
  let pairs = 0
  let broken = 0
  await fc.assert(
    fc.asyncProperty(schemaLists, tables, async (schemas, table) => {
      const names = Object.keys(table)
      const rows = Array.from({ length: ROWS }, (_, i) => Object.fromEntries(names.map((name) => [name, table[name]!.values[i]])))
      await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
      const types = names.map((name) => `${identifier(name)}: ${literal(table[name]!.type.type)}`).join(', ')
      const read = `read_json(${literal(join(folder, 'rows.jsonl'))}, format = 'newline_delimited', columns = {${types}})`
      await duckdb.run(`COPY (SELECT * FROM ${read}) TO ${literal(join(folder, 'rows.parquet'))} (FORMAT parquet)`)
      const source = await openData(duckdb, folder, 'rows.parquet')
      const plain = (type: string) => type.replaceAll('"', '')
      expect(source.columns.map(({ type }) => plain(type))).toEqual(names.map((name) => plain(table[name]!.type.type)))
      for (const schema of schemas) {
        const ajv = brokenByAjv(schema, rows)
        requireSame(schema, rows, await brokenBySql(duckdb, source, schema), ajv)
        pairs += rows.length
        broken += ajv.filter(Boolean).length
      }
    }),
    { numRuns: PAIRS.parquet / SCHEMAS / ROWS, ...SHORT },
  )
  expect(pairs).toBeGreaterThanOrEqual(PAIRS.parquet)
  expect(broken / pairs).toBeGreaterThan(0.2)
  expect(broken / pairs).toBeLessThan(0.9)
})
