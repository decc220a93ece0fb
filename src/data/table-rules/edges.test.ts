import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeTable, writeData, type JudgedRule } from '../../../test/table-rules-rig.ts'
import { UserError } from '../../core/errors.ts'
import { openData, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { loadRowSchema } from '../row-schema/load.ts'
import { judgeQuantile, quantileRank } from './kinds/quantiles.ts'
import { absentVerdict, openTableRules } from './open.ts'
import { readTableRules } from './read.ts'

let cwd: string
let duckdb: Duckdb
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'table-rules-edges-'))
  duckdb = await openDuckdb()
})
afterAll(async () => {
  duckdb.close()
  await rm(cwd, { recursive: true })
})

const NOW = new Date('2024-06-01T12:00:00Z')

async function judgeSql(select: string, schema: object): Promise<JudgedRule[]> {
  const data = await writeData(duckdb, cwd, 'data', 'parquet', select)
  return judgeTable({ duckdb, cwd, data, schema, now: NOW })
}
async function judgeText(name: string, content: string, schema: object): Promise<JudgedRule[]> {
  await writeFile(join(cwd, name), content)
  return judgeTable({ duckdb, cwd, data: name, schema, now: NOW })
}
const onX = (block: object, x: object = { type: 'number' }): object => ({
  properties: { x: { ...x, 'x-plimsoll': block }, y: true },
})
const onRow = (block: object, properties: object = { x: { type: 'number' }, y: { type: 'number' } }): object => ({
  'x-plimsoll': block,
  properties,
})
const verdicts = (judged: readonly JudgedRule[]): string[] => judged.map(({ rule, verdict }) => `${rule.kind} ${verdict}`)

describe('numbers', () => {
  test('NaN is missing; an infinity is a value, and the column then has no mean', async () => {
    const block = { missing: { max: 0 }, unique: true, mean: { min: 0, max: 10 }, quantiles: { '0.5': { max: 2 } } }
    const [missing, unique, mean, median] = await judgeSql(
      "SELECT unnest(['1', '2', 'inf', 'nan', 'nan', NULL]::DOUBLE[]) AS x",
      onX(block),
    )
    expect(missing).toMatchObject({ verdict: 'fail', broken: 3 })
    expect(missing!.found.map(({ row }) => row)).toEqual([4, 5, 6])
    expect(unique).toMatchObject({ verdict: 'pass', actual: 'all 3 rows keep it' })
    expect(mean).toMatchObject({ verdict: 'fail' })
    expect(mean!.message).toBe(
      'The mean of x is 1.5, and between 0 and 10 is asked. 1 value is not a finite number below 1e150, so the column as a whole has none.',
    )
    expect(median!.verdict).toBe('pass')
  })

  test('text among the numbers of CSV fails what is asked of the numbers', async () => {
    const block = { mean: { max: 10 }, quantiles: { '0.5': { max: 10 } } }
    const judged = await judgeText('mixed.csv', 'x,y\n1,a\nabc,b\n3,c\n', onX(block))
    expect(verdicts(judged)).toEqual(['mean fail', 'quantiles fail'])
    expect(judged[0]!.message).toContain('1 value is not a finite number')
  })

  test('numbers whose squares are beyond doubles are told, not an error of DuckDB', async () => {
    const [mean] = await judgeSql('SELECT unnest([1e200, -3e300, 1.0]) AS x', onX({ mean: { max: 10 } }))
    expect(mean).toMatchObject({ verdict: 'fail' })
    expect(mean!.message).toContain('2 values are not a finite number below 1e150')
  })

  test('a mean carries its interval', async () => {
    const [mean] = await judgeSql('SELECT unnest([1, 2, 3, 4]) AS x', onX({ mean: { max: 10 } }))
    // 2.5 ± t(0.975, 3) · 1.29099 / 2
    expect(mean!.interval).toMatchObject({
      lower: expect.closeTo(0.44574, 5) as number,
      upper: expect.closeTo(4.55426, 5) as number,
    })
  })

  test('the quantile is the value at its rank, and two counts tell it', () => {
    const sorted = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 })
      .map((values) => values.toSorted((a, b) => a - b))
    const probability = fc.constantFrom(0.01, 0.07, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
    const bound = fc.integer({ min: 0, max: 9 })
    fc.assert(
      fc.property(sorted, probability, bound, bound, (values, q, a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const quantile = values.find((value) => values.filter((other) => other <= value).length >= q * values.length - 1e-9)!
        const counts = {
          n: values.length,
          others: 0,
          below: values.filter((value) => value < min).length,
          atMost: values.filter((value) => value <= max).length,
        }
        expect(values[quantileRank(q, values.length) - 1]).toBe(quantile)
        expect(judgeQuantile('x', q, { min, max }, counts).verdict).toBe(quantile >= min && quantile <= max ? 'pass' : 'fail')
      }),
    )
    expect([quantileRank(0.07, 100), quantileRank(0.1, 10), quantileRank(0.001, 10), quantileRank(0.999, 10)]).toEqual([
      7, 1, 1, 10,
    ])
  })
})

describe('freshness', () => {
  test.each([
    ["DATE '2024-06-01'", '13h', 'pass'],
    ["DATE '2024-06-01'", '11h', 'fail'],
    ["'2024-06-01T09:00:00'", '7d', 'pass'],
    ["'2024-06-01T14:30:00+02:00'", '1h', 'pass'],
    ["TIMESTAMPTZ '2024-06-01 11:00:00+00'", '2h', 'pass'],
    ["DATE '2024-06-02'", '1h', 'pass'],
    ["DATE '2024-06-03'", '1000d', 'fail'],
    ["TIMESTAMP 'infinity'", '1h', 'error'],
    ["'soon'", '1h', 'error'],
    ['5', '1h', 'error'],
  ])('%s within %s: %s', async (value, maxAge, verdict) => {
    const [judged] = await judgeSql(`SELECT ${value} AS x`, onX({ freshness: { maxAge } }, {}))
    expect(judged!.verdict).toBe(verdict)
  })

  test('a date in the future says nothing of the age, and the hint says what it may be', async () => {
    const [judged] = await judgeSql(
      "SELECT unnest([DATE '9999-12-31', DATE '2020-01-01']) AS x",
      onX({ freshness: { maxAge: '1d' } }, {}),
    )
    expect(judged!.message).toMatch(/^The latest of x is 9999-12-31T00:00:00\.000Z, [\d,.]+ days ahead, in the future/)
    expect(judged!.hint).toContain('9999-12-31')
  })
})

describe('order', () => {
  test('numbers in CSV and JSON are ordered by size, text by its bytes', async () => {
    expect(verdicts(await judgeText('order.csv', 'x,y\n9,a\n10,b\n', onX({ order: 'ascending' })))).toEqual(['order pass'])
    expect(verdicts(await judgeText('order.jsonl', '{"x":9}\n{"x":10}\n', onX({ order: 'ascending' })))).toEqual(['order pass'])
    const text = { type: 'string' }
    expect(verdicts(await judgeText('text.csv', 'x,y\n9,a\n10,b\n', onX({ order: 'ascending' }, text)))).toEqual(['order fail'])
    expect(
      verdicts(await judgeSql("SELECT unnest(['Z', 'a', 'é', '\uFFFD', '😀']) AS x", onX({ order: 'ascending' }, text))),
    ).toEqual(['order pass'])
  })

  test('an enumeration is ordered by its text, and 64-bit integers to the last digit', async () => {
    const [byText] = await judgeSql("SELECT unnest(['a', 'b']::ENUM('b', 'a')[]) AS x", onX({ order: 'ascending' }, {}))
    expect(byText!.verdict).toBe('pass')
    const [exact] = await judgeSql('SELECT unnest([9007199254740993, 9007199254740992]) AS x', onX({ order: 'ascending' }))
    expect(exact).toMatchObject({ verdict: 'fail', found: [{ row: 2 }] })
  })
})

describe('keys and dependencies', () => {
  test('a share of rows may repeat a key when the schema says so', async () => {
    const select = 'SELECT CASE WHEN range < 3 THEN 0 ELSE range END AS x FROM range(2000)'
    const [judged] = await judgeSql(select, onX({ unique: { mostly: 0.99, severity: 'warning' } }))
    expect(judged).toMatchObject({ verdict: 'pass', broken: 2, rule: { severity: 'warning' }, interval: { method: 'wilson' } })
    const [thin] = await judgeSql(select.replace('2000', '200'), onX({ unique: { mostly: 0.99 } }))
    expect(thin!.verdict).toBe('inconclusive')
    expect(thin!.message).toMatch(
      /; at least 99 % of rows have to keep it\. .* which does not decide; no number of rows would\.$/,
    )
  })

  test('integers are different to the last digit, in every format', async () => {
    const integers = ['9007199254740992', '9007199254740993', '7']
    const unique = onX({ unique: true }, { type: 'integer' })
    expect(verdicts(await judgeText('ids-x.csv', `x,y\n${integers.join(',\n')},\n`, unique))).toEqual(['unique pass'])
    expect(verdicts(await judgeText('ids-x.jsonl', integers.map((one) => `{"x":${one}}\n`).join(''), unique))).toEqual([
      'unique pass',
    ])
    expect(verdicts(await judgeSql(`SELECT unnest([${integers.join()}]) AS x`, unique))).toEqual(['unique pass'])
    expect(verdicts(await judgeText('ids-x.csv', 'x,y\n7,\n7.0,\n', unique))).toEqual(['unique fail'])
    expect(verdicts(await judgeText('ids-x.jsonl', '{"x":7}\n{"x":7.0}\n', unique))).toEqual(['unique fail'])
  })

  test('parts of a composite key are not run together', async () => {
    const select = "SELECT * FROM (VALUES ('a', 'bc'), ('ab', 'c'), ('a,b', 'c'), ('a', 'b,c')) t(x, y)"
    expect(verdicts(await judgeSql(select, onRow({ keys: [['x', 'y']] }, { x: true, y: true })))).toEqual(['keys pass'])
  })

  test('of values that are equally frequent, the first one stays', async () => {
    const select = "SELECT * FROM (VALUES (1, 'b'), (1, 'a'), (1, 'a'), (1, 'b'), (1, 'c')) t(x, y)"
    const [judged] = await judgeSql(select, onRow({ functionalDependencies: [{ from: ['x'], to: ['y'] }] }))
    expect(judged).toMatchObject({ verdict: 'fail', broken: 3 })
    expect(judged!.found).toEqual([
      { file: 'data.parquet', row: 2, value: { x: 1, y: 'a' } },
      { file: 'data.parquet', row: 3, value: { x: 1, y: 'a' } },
      { file: 'data.parquet', row: 5, value: { x: 1, y: 'c' } },
    ])
  })
})

describe('foreign keys', () => {
  const refer = (file: string, x: object, columns: readonly string[] = ['x'], theirs: readonly string[] = ['id']): object =>
    onRow({ foreignKeys: [{ columns, references: { file, columns: theirs } }] }, { x, y: { type: 'string' } })

  test('values are compared as what they are, whatever the formats', async () => {
    await writeFile(join(cwd, 'ids.csv'), 'id,name\n1,a\n2.0,b\n003,c\n')
    await writeFile(join(cwd, 'ids.jsonl'), '{"id":1}\n{"id":2}\n{"id":3}\n')
    await writeData(duckdb, cwd, 'ids', 'parquet', 'SELECT unnest([1, 2, 3]::SMALLINT[]) AS id')
    for (const file of ['ids.csv', 'ids.jsonl', 'ids.parquet']) {
      const number = refer(file, { type: 'integer' })
      for (const type of ['INTEGER', 'BIGINT', 'DOUBLE', 'DECIMAL(9,2)', 'UHUGEINT']) {
        const [judged] = await judgeSql(`SELECT unnest([1, 2, 3, 4]::${type}[]) AS x, 'a' AS y`, number)
        expect(judged, `${type} in ${file}`).toMatchObject({ verdict: 'fail', broken: 1, found: [{ row: 4 }] })
      }
      const [text] = await judgeText('refer.csv', 'x,y\n1,a\n2,b\n03,c\n4,d\n', number)
      expect(text, `CSV in ${file}`).toMatchObject({ broken: 1, found: [{ row: 4, value: 4 }] })
      const [json] = await judgeText('refer.jsonl', '{"x":1}\n{"x":2.0}\n{"x":"3"}\n', number)
      expect(json, `JSON in ${file}`).toMatchObject({ broken: 1, found: [{ row: 3, value: '3' }] })
    }
  })

  test('text keeps its zeros, and integers all their digits', async () => {
    await writeFile(join(cwd, 'codes.csv'), 'id\n007\n9007199254740993\n')
    const text = refer('codes.csv', { type: 'string' })
    expect((await judgeText('codes-x.csv', 'x,y\n007,a\n7,b\n', text))[0]).toMatchObject({ broken: 1, found: [{ value: '7' }] })
    const integers = refer('codes.csv', { type: 'integer' })
    const [judged] = await judgeSql("SELECT unnest([7, 9007199254740993, 9007199254740992]) AS x, 'a' AS y", integers)
    expect(judged).toMatchObject({ broken: 1, found: [{ row: 3 }] })
  })

  test('a composite key refers as a whole, and a row that lacks a part refers to nothing', async () => {
    await writeFile(join(cwd, 'pairs.csv'), 'a,b\n1,x\n2,y\n,z\n')
    const schema = refer('pairs.csv', { type: 'number' }, ['x', 'y'], ['a', 'b'])
    const [judged] = await judgeText('pairs-x.csv', 'x,y\n1,x\n1,y\n,z\n2,\n', schema)
    expect(judged).toMatchObject({
      broken: 1,
      actual: '1 of 2 rows (50 %) break it',
      found: [{ row: 2, value: { x: 1, y: 'y' } }],
    })
  })

  test.each([
    [
      'gone.csv',
      'id',
      'E_FILE_MISSING',
      /^schema\.json:9:11: .*gone\.csv.*, which \/x-plimsoll\/foreignKeys\/0\/references\/file refers to$/,
    ],
    [
      'ids.csv',
      'idd',
      'E_COLUMN_MISSING',
      /^schema\.json:11:13: ids\.csv has no column "idd" \(\/x-plimsoll\/foreignKeys\/0\/references\/columns\/0\)$/,
    ],
    ['torn.csv', 'id', 'E_FILE_FORMAT', /torn\.csv:3: expected 1 field, found 2/],
  ])('%s %s: %s', async (file, column, code, message) => {
    await writeFile(join(cwd, 'ids.csv'), 'id,name\n1,a\n')
    await writeFile(join(cwd, 'torn.csv'), 'id\n1\n2,3\n')
    const judging = judgeSql("SELECT 1 AS x, 'a' AS y", refer(file, { type: 'number' }, ['x'], [column]))
    await expect(judging).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string })
  })
})

describe('predicates', () => {
  const demand = (sql: string, properties?: object): object => onRow({ predicates: [{ name: 'p', sql }] }, properties)

  test('see CSV and JSON with the types of the schema, and text where it has none', async () => {
    const typed = { x: { type: ['integer', 'null'] }, y: { type: 'boolean' } }
    expect(verdicts(await judgeText('p.csv', 'x,y\n10,true\n9,TRUE\n', demand('x >= 9 AND y', typed)))).toEqual([
      'predicates pass',
    ])
    expect(verdicts(await judgeText('p.jsonl', '{"x":10,"y":true}\n', demand('x >= 9 AND y', typed)))).toEqual([
      'predicates pass',
    ])
    const text = { x: { type: 'string' }, y: { type: ['string', 'number'] } }
    expect(verdicts(await judgeText('p.csv', 'x,y\n007,a\n', demand("x = '007' AND y = 'a'", text)))).toEqual(['predicates pass'])
    expect(verdicts(await judgeText('p.jsonl', '{"x":"007","y":5}\n', demand("x = '007' AND y = '5'", text)))).toEqual([
      'predicates pass',
    ])
  })

  test('what cannot be read is neither true nor false, and breaks the rule instead of the run', async () => {
    const [judged] = await judgeText(
      'cast.csv',
      'x,y\n2024-01-01,1\nsoon,2\n',
      demand("CAST(x AS DATE) > DATE '2020-01-01'", { x: { type: 'string' }, y: true }),
    )
    expect(judged).toMatchObject({ verdict: 'fail', broken: 1, found: [{ row: 2, value: 'soon' }] })
    expect(judged!.message).toContain('For 1 row it is neither true nor false')
    expect(judged!.hint).toBe('Where a value may be missing, say so: "x IS NULL OR …".')
  })

  test('may allow some rows to break it', async () => {
    const block = { predicates: [{ name: 'p', sql: 'x > 0', mostly: 0.99 }] }
    expect(verdicts(await judgeSql('SELECT range AS x, 1 AS y FROM range(1000)', onRow(block)))).toEqual(['predicates pass'])
    expect(verdicts(await judgeSql('SELECT range - 100 AS x, 1 AS y FROM range(1000)', onRow(block)))).toEqual([
      'predicates fail',
    ])
  })

  test('a mistake has the place in the schema and in the predicate', async () => {
    const error = await judgeSql('SELECT 1 AS x, 2 AS y', demand('x > 0 AND size > 1')).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({
      code: 'E_VALUE',
      message: 'schema.json:6:9: the predicate at /x-plimsoll/predicates/0/sql at character 11: there is no column "size"',
      hint: 'Known: x, y.',
      frame: 'x > 0 AND size > 1\n          ^',
      location: { file: 'schema.json', line: 6, column: 9 },
    })
  })
})

test('rules on columns that the data does not have are set apart, and never pass', async () => {
  const schema = onRow(
    { keys: [['x'], ['gone']], predicates: [{ name: 'p', sql: 'gone > 1' }] },
    { x: true, gone: { type: 'number' } },
  )
  const data = await writeData(duckdb, cwd, 'data', 'parquet', 'SELECT 1 AS x')
  const source = await openData(duckdb, cwd, data, { documents: true })
  const read = readTableRules(loadRowSchema(JSON.stringify(schema), 'schema.json'))
  const { rules, absent } = await openTableRules(read.rules, { duckdb, source })
  expect(rules.map(({ phrase }) => phrase)).toEqual(['key (x)'])
  expect(absent.map((rule) => absentVerdict(rule, ['x']).message)).toEqual([
    'key (gone): not measured, because there is no column "gone".',
    'p: not measured, because there is no column "gone".',
  ])
  expect(absentVerdict(absent[0]!, ['x']).verdict).toBe('error')
})
