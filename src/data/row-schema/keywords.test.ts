/* oxlint-disable unicorn/no-thenable -- it is a keyword of JSON Schema */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { brokenBySql } from '../../../test/fixtures/compare-with-ajv.ts'
import type { Json } from '../../../test/fixtures/random-row-schema.ts'
import { literal, openData, openDuckdb, type DataSource, type Duckdb } from '../../drivers/duckdb.ts'
import { KEYWORDS } from './keywords.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keywords-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

async function csv(...rows: readonly string[]): Promise<DataSource> {
  await writeFile(join(folder, 'rows.csv'), rows.map((row) => `${row}\n`).join(''))
  return openData(duckdb, folder, 'rows.csv')
}

async function documents(...rows: readonly unknown[]): Promise<DataSource> {
  await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return openData(duckdb, folder, 'rows.jsonl', { documents: true })
}

async function parquet(select: string): Promise<DataSource> {
  await duckdb.run(`COPY (${select}) TO ${literal(join(folder, 'rows.parquet'))} (FORMAT parquet)`)
  return openData(duckdb, folder, 'rows.parquet')
}

/** A column of arrays of fixed length, which Parquet does not have and Arrow does. */
const table = (sql: string, type: string): DataSource => ({
  ...({} as DataSource),
  format: 'parquet',
  columns: [{ name: 'x', type }],
  sql: `(${sql})`,
  numberedSql: `(SELECT *, '' AS __file, row_number() OVER () AS __row FROM (${sql}))`,
})

const x = (schema: unknown): Json => ({ properties: { x: schema } })

/** The first row holds to the schema and the second one breaks it, in every format that can hold such values. */
const CASES: readonly (readonly [
  schema: Json,
  good: unknown,
  bad: unknown,
  sql: string | null,
  csv: readonly [string, string] | null,
])[] = [
  [x({ type: 'integer' }), 1, 1.5, 'unnest([1, 1.5]::DOUBLE[])', ['1', '1.5']],
  [x({ type: ['string', 'null'] }), null, 1, null, null],
  [x({ enum: ['a', null] }), null, 'b', "unnest([NULL, 'b'])", ['""', 'b']],
  [x({ enum: [[1, { a: null }], 2] }), [1, { a: null }], [1, { a: 1 }], null, null],
  [x({ const: { y: 1, z: [2] } }), { z: [2], y: 1 }, { y: 1, z: [3] }, "unnest([{'y': 1, 'z': [2]}, {'y': 1, 'z': [3]}])", null],
  [x({ const: 1 }), 1, '1', 'unnest([1, 2])', ['1.0', '01x']],
  [x({ minimum: 1 }), 1, 0, 'unnest([1, 0])', ['1', '0']],
  [x({ maximum: 1 }), 'text', 2, 'unnest([1, 2])', ['text', '2']],
  [x({ exclusiveMinimum: 1 }), 2, 1, 'unnest([2, 1])', ['2', '1']],
  [x({ exclusiveMaximum: 1 }), 0, 1, 'unnest([0, 1])', ['0', '1']],
  [x({ multipleOf: 0.1 }), 0.3, 0.35, 'unnest([0.3, 0.35]::DOUBLE[])', ['0.3', '0.35']],
  [x({ minLength: 2 }), 'éé', '😀', "unnest(['éé', '😀'])", ['éé', '😀']],
  [x({ maxLength: 1 }), '😀', 'éé', "unnest(['😀', 'éé'])", ['😀', 'éé']],
  [x({ pattern: '^a+$' }), 'aa', 'ab', "unnest(['aa', 'ab'])", ['aa', 'ab']],
  [x({ format: 'ipv4' }), '1.2.3.4', '1.2.3.400', "unnest(['1.2.3.4', '1.2.3.400'])", ['1.2.3.4', '1.2.3.400']],
  [x({ items: { minimum: 0 } }), [1, 'a'], [1, -1], 'unnest([[1, NULL], [1, -1]])', null],
  [x({ prefixItems: [{ type: 'number' }, false] }), [1], [1, 2], 'unnest([[1], [1, 2]])', null],
  [x({ prefixItems: [true], items: false }), [1], [1, 2], 'unnest([[1], [1, 2]])', null],
  [x({ minItems: 1 }), [1], [], 'unnest([[1], []])', null],
  [x({ maxItems: 1 }), [1], [1, 1], 'unnest([[1], [1, 1]])', null],
  [x({ uniqueItems: true }), [1, '1', null], [1, 2, 1.0], 'unnest([[1, NULL], [NULL, NULL]])', null],
  [
    x({ uniqueItems: true }),
    [{ a: 1, b: 2 }, { a: 1 }],
    [
      { a: 1, b: 2 },
      { b: 2.0, a: 1 },
    ],
    null,
    null,
  ],
  [x({ properties: { y: { const: 1 } }, required: ['y'] }), { y: 1 }, {}, "unnest([{'y': 1}, {'y': NULL}])", null],
  [x({ additionalProperties: { type: 'integer' } }), { y: 1 }, { z: 'a' }, "unnest([MAP {'y': 1.0}, MAP {'z': 1.5}])", null],
  [x({ additionalProperties: false }), {}, { y: 1 }, "unnest([MAP {}, MAP {'z': 1.5}])", null],
  [x({ minProperties: 1 }), { y: 1 }, {}, "unnest([MAP {'y': 1}, MAP {}])", null],
  [x({ maxProperties: 0 }), {}, { y: 1 }, "unnest([MAP {}, MAP {'y': 1}])", null],
  [x({ dependentRequired: { y: ['z'] } }), { z: 1 }, { y: 1 }, "unnest([MAP {'z': 1}, MAP {'y': 1}])", null],
  [{ ...x({ $ref: '#/$defs/d' }), $defs: { d: { minimum: 0 } } }, 0, -1, 'unnest([0, -1])', ['0', '-1']],
  [x({ allOf: [{ minimum: 0 }, { maximum: 1 }] }), 1, 2, 'unnest([1, 2])', ['1', '2']],
  [x({ anyOf: [{ type: 'null' }, { const: 1 }] }), null, 2, 'unnest([NULL, 2])', ['""', '2']],
  [x({ oneOf: [{ multipleOf: 3 }, { multipleOf: 5 }] }), 3, 15, 'unnest([3, 15])', ['3', '15']],
  [x({ not: { const: -999 } }), 1, -999, 'unnest([1, -999])', ['1', '-999']],
  [x({ if: { minimum: 10 }, then: { multipleOf: 10 }, else: { multipleOf: 2 } }), 20, 11, 'unnest([20, 11])', ['20', '11']],
  [x({ if: { minimum: 10 }, then: true, else: { multipleOf: 2 } }), 2, 3, 'unnest([2, 3])', ['2', '3']],
]

test.each(CASES)('%j', async (schema, good, bad, sql, text) => {
  const verdicts = [await brokenBySql(duckdb, await documents({ x: good }, { x: bad }), schema)]
  if (sql) verdicts.push(await brokenBySql(duckdb, await parquet(`SELECT ${sql} AS x`), schema))
  if (text) verdicts.push(await brokenBySql(duckdb, await csv('x,other', ...text.map((one) => `${one},1`)), schema))
  expect(verdicts).toEqual(verdicts.map(() => [false, true]))
})

test('every keyword that demands something has such a case', () => {
  const used = JSON.stringify(CASES.map(([schema]) => schema))
  const names = [...KEYWORDS.keys()].filter((name) => name !== '$defs')
  expect(names.filter((name) => !used.includes(`"${name}":`))).toEqual([])
})

test('an array of fixed length is an array', async () => {
  const source = table('SELECT unnest([[1, 2], [2, 2]]::INTEGER[2][]) AS x', 'INTEGER[2]')
  expect(await brokenBySql(duckdb, source, x({ uniqueItems: true, minItems: 2 }))).toEqual([false, true])
  expect(await brokenBySql(duckdb, source, x({ prefixItems: [{ const: 1 }], items: { const: 2 } }))).toEqual([false, true])
})

test.each([
  ["unnest(['2024-01-31'::DATE, 'infinity'::DATE])", 'date'],
  ["unnest(['2024-01-31 10:00:00'::TIMESTAMP, 'infinity'::TIMESTAMP])", 'date-time'],
  ["unnest(['2024-01-31 10:00:00+02'::TIMESTAMPTZ, 'infinity'::TIMESTAMPTZ])", 'date-time'],
])('a column of dates or times has the format of its type: %s is %s', async (sql, format) => {
  const source = await parquet(`SELECT ${sql} AS x`)
  expect(await brokenBySql(duckdb, source, x({ format }))).toEqual([false, true])
  expect(await brokenBySql(duckdb, source, x({ format: 'email' }))).toEqual([true, true])
})

test('a NULL field of a STRUCT is null and there; a field that the type lacks is absent', async () => {
  const source = await parquet("SELECT unnest([{'a': 1, 'b': NULL}, NULL]) AS x")
  expect(await brokenBySql(duckdb, source, x({ required: ['a', 'b'] }))).toEqual([false, false])
  expect(await brokenBySql(duckdb, source, x({ dependentRequired: { b: ['c'] } }))).toEqual([true, false])
  expect(await brokenBySql(duckdb, source, x({ properties: { b: { type: 'null' } }, type: 'object' }))).toEqual([false, true])
})

test('a NULL in a column of JSON is null and there', async () => {
  const source = await parquet(`SELECT unnest(['{"a": 1}', NULL]::JSON[]) AS x`)
  expect(await brokenBySql(duckdb, source, { required: ['x'], properties: { x: { type: 'object' } } })).toEqual([false, true])
})
