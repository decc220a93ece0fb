import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeTable, TABLE_FORMATS, writeData } from '../../../test/table-rules-rig.ts'
import { openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { TABLE_RULE_KINDS } from './kinds.ts'

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'table-rules-'))
  duckdb = await openDuckdb()
  await writeData(duckdb, folder, 'other', 'csv', "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'c'), (NULL, 'd')) t(id, name)")
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

const NUMBER = { type: ['number', 'null'] }
const TEXT = { type: ['string', 'null'] }
const NOW = new Date('2024-06-01T12:00:00Z')

interface Case {
  readonly kind: string
  /** The kind's demand on the column x, or on the row. */
  readonly demand: unknown
  readonly where?: 'row'
  readonly columns: Readonly<Record<string, object>>
  /** A SELECT whose rows keep the demand, and one whose rows do not. */
  readonly good: string
  readonly bad: string
  readonly message: string
  readonly pass?: string
  /** Of the bad data, the rows that break it, by number. */
  readonly rows?: readonly number[]
}

const values = (...list: unknown[]): string => `SELECT x FROM (VALUES ${list.map((item) => `(${String(item)})`).join(', ')}) t(x)`
const table = (columns: string, ...rows: string[]): string => `SELECT * FROM (VALUES ${rows.join(', ')}) t(${columns})`

const CASES: readonly Case[] = [
  {
    kind: 'unique',
    demand: true,
    columns: { x: NUMBER },
    good: values(1, 2, 'NULL', 'NULL', 3),
    bad: values(1, 2, 'NULL', 2, 1, 'NULL', 1),
    rows: [4, 5, 7],
    message: 'unique: 3 of 5 rows (60 %) break it.',
    pass: 'unique: all 3 rows keep it.',
  },
  {
    kind: 'missing',
    demand: { max: 0.25 },
    columns: { x: TEXT },
    good: values("'a'", "'b'", "'c'", 'NULL'),
    bad: values("'a'", 'NULL', "'c'", 'NULL'),
    rows: [2, 4],
    message: 'The missing share of x is 50 %, but at most 25 % is asked. 2 of 4 rows (50 %) have no value.',
    pass: 'The missing share of x is 25 %, and at most 25 % is asked. 1 of 4 rows (25 %) have no value.',
  },
  {
    kind: 'distinct',
    demand: { min: 2, max: 3 },
    columns: { x: TEXT },
    good: values("'a'", "'b'", "'a'", 'NULL'),
    bad: values("'a'", "'b'", "'c'", "'d'", 'NULL'),
    message: 'The number of different values of x is 4, but between 2 and 3 is asked.',
  },
  {
    kind: 'mean',
    demand: { min: 2, max: 2.5 },
    columns: { x: NUMBER },
    good: values(1, 2, 3, 'NULL'),
    bad: values(1, 2, 5, 'NULL'),
    message: 'The mean of x is 2.666666667, but between 2 and 2.5 is asked.',
  },
  {
    kind: 'standardDeviation',
    demand: { max: 1 },
    columns: { x: NUMBER },
    good: values(1, 2, 3),
    bad: values(1, 3, 5),
    message: 'The standard deviation of x is 2, but at most 1 is asked.',
  },
  {
    kind: 'quantiles',
    demand: { '0.5': { min: 2, max: 3 } },
    columns: { x: NUMBER },
    good: values(1, 2, 3, 4, 'NULL'),
    bad: values(1, 1, 3, 4, 'NULL'),
    message:
      'The 0.5 quantile of x is below 2, but between 2 and 3 is asked: 2 of 4 numbers (50 %) are below 2, 1 of 4 numbers (25 %) are above 3.',
  },
  {
    kind: 'freshness',
    demand: { maxAge: '24h' },
    columns: { x: TEXT },
    good: values("TIMESTAMP '2024-05-31 12:00:00'", "TIMESTAMP '2020-01-01 00:00:00'", 'NULL'),
    bad: values("TIMESTAMP '2024-05-31 11:59:59'", "TIMESTAMP '2020-01-01 00:00:00'"),
    message: 'The latest of x is 2024-05-31T11:59:59.000Z, 24 h 00 m old, but at most 24h old is asked.',
  },
  {
    kind: 'order',
    demand: 'ascending',
    columns: { x: NUMBER },
    good: values(-5, 9, 9, 'NULL', 10),
    bad: values(1, 10, 9, 'NULL', 8, 9),
    rows: [3, 5],
    message: 'ascending: 2 of 5 rows out of order.',
  },
  {
    kind: 'order',
    demand: { direction: 'descending', strict: true },
    columns: { x: TEXT },
    good: values("'c'", "'b'", "'aa'", "'a'"),
    bad: values("'b'", "'c'", "'a'", "'a'"),
    rows: [2, 4],
    message: 'strictly descending: 2 of 4 rows out of order.',
  },
  {
    kind: 'rows',
    demand: { min: 2, max: 3 },
    where: 'row',
    columns: { x: NUMBER },
    good: values(1, 2),
    bad: values(1, 2, 3, 4),
    message: 'The number of rows is 4, but between 2 and 3 is asked.',
  },
  {
    kind: 'keys',
    demand: [['x', 'y']],
    where: 'row',
    columns: { x: NUMBER, y: TEXT },
    good: table('x, y', "(1, 'a')", "(1, 'b')", "(2, 'a')"),
    bad: table('x, y', "(1, 'a')", "(1, 'b')", "(1, 'a')", "(NULL, 'a')"),
    rows: [3, 4],
    message: 'key (x, y): 2 of 4 rows (50 %) break it. 1 row lacks a value in a column of the key.',
  },
  {
    kind: 'order',
    demand: ['y', 'x'],
    where: 'row',
    columns: { x: NUMBER, y: TEXT },
    good: table('x, y', "(1, 'a')", "(10, 'a')", "(9, 'b')"),
    bad: table('x, y', "(1, 'a')", "(10, 'a')", "(9, 'a')", "(1, 'b')"),
    rows: [3],
    message: 'ascending by y, x: 1 of 4 rows out of order.',
  },
  {
    kind: 'functionalDependencies',
    demand: [{ from: ['x'], to: ['y'] }],
    where: 'row',
    columns: { x: NUMBER, y: TEXT },
    good: table('x, y', "(1, 'a')", "(1, 'a')", "(2, 'a')", '(2, NULL)'),
    bad: table('x, y', "(1, 'b')", "(1, 'a')", "(1, 'a')", "(2, 'c')", "(2, 'd')", "(NULL, 'a')"),
    rows: [1, 5],
    message: 'x decides y: 2 of 5 rows (40 %) break it.',
  },
  {
    kind: 'foreignKeys',
    demand: [{ columns: ['x'], references: { file: 'other.csv', columns: ['id'] } }],
    where: 'row',
    columns: { x: NUMBER },
    good: values(1, 2, 2, 'NULL'),
    bad: values(1, 7, 'NULL', 8, 2),
    rows: [2, 4],
    message: '(x) in (id) of other.csv: 2 of 4 rows (50 %) break it. Note: in other.csv 1 row repeats the (id) of another.',
  },
  {
    kind: 'predicates',
    demand: [{ name: 'covered', sql: 'x <= 2 * Y' }],
    where: 'row',
    columns: { x: NUMBER, y: NUMBER },
    good: table('x, y', '(2, 1)', '(-1, 0)'),
    bad: table('x, y', '(2, 1)', '(3, 1)', '(1, NULL)'),
    rows: [2, 3],
    message:
      'covered: 2 of 3 rows (66.7 %) break it. For 1 row it is neither true nor false, because a value is missing or cannot be read.',
  },
]

function schemaOf({ kind, demand, where, columns }: Case): object {
  const block = { 'x-plimsoll': { [kind]: demand } }
  const properties = where === 'row' ? columns : { ...columns, x: { ...columns['x'], ...block } }
  return { ...(where === 'row' && block), properties }
}

describe.each(TABLE_FORMATS)('%s', (format) => {
  test.each(CASES)('$kind $demand holds on good data', async (one) => {
    const data = await writeData(duckdb, folder, 'good', format, one.good)
    const [judged, ...more] = await judgeTable({ duckdb, cwd: folder, data, schema: schemaOf(one), now: NOW })
    expect(more).toEqual([])
    expect(judged).toMatchObject({ verdict: 'pass', found: [] })
    expect(judged!.message).toContain(one.pass ?? '')
  })

  test.each(CASES)('$kind $demand fails on bad data, with the rows that break it', async (one) => {
    const data = await writeData(duckdb, folder, 'bad', format, one.bad)
    const [judged] = await judgeTable({ duckdb, cwd: folder, data, schema: schemaOf(one), now: NOW })
    expect(judged).toMatchObject({ verdict: 'fail', message: one.message })
    expect(judged!.found.map(({ row }) => row)).toEqual(one.rows ?? [])
    expect(judged!.broken ?? 0).toBe(one.rows?.length ?? judged!.broken ?? 0)
  })
})

test('every kind has a case', () => {
  const tested = new Set(CASES.map(({ kind, where = 'column' }) => `${where} ${kind}`))
  expect(TABLE_RULE_KINDS.map(({ kind, where }) => `${where} ${kind}`).filter((kind) => !tested.has(kind))).toEqual([])
})

test.each(TABLE_FORMATS)('%s: nothing measured is an error, never a pass', async (format) => {
  const data = await writeData(duckdb, folder, 'empty', format, "SELECT NULL::DOUBLE AS x, 'a' AS y FROM range(3)")
  const everything = {
    mean: { max: 1 },
    standardDeviation: { max: 1 },
    quantiles: { '0.5': { max: 1 } },
    freshness: { maxAge: '1d' },
    order: 'ascending',
    unique: true,
  }
  const row = {
    functionalDependencies: [{ from: ['x'], to: ['y'] }],
    foreignKeys: [{ columns: ['x'], references: { file: 'other.csv', columns: ['id'] } }],
  }
  const schema = { 'x-plimsoll': row, properties: { x: { ...NUMBER, 'x-plimsoll': everything }, y: TEXT } }
  const judged = await judgeTable({ duckdb, cwd: folder, data, schema, now: NOW })
  expect(judged.map(({ rule, verdict }) => `${rule.kind} ${verdict}`)).toEqual(
    [...Object.keys(row), ...Object.keys(everything)].map((kind) => `${kind} error`),
  )
})
