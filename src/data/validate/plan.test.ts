import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { literal, openDuckdb } from '../../drivers/duckdb.ts'
import { distinctKeys } from '../plan/distinct-keys.ts'
import { planLines, planSummary } from '../plan/plan.ts'
import { loadRowSchema } from '../row-schema/load.ts'
import type { TableRule } from '../table-rules/rule.ts'
import { judgeData, type JudgeDataOptions } from './judge-data.ts'
import type { Judgement } from './judgement.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'plan-'))))
afterEach(() => rm(folder, { recursive: true }))

async function write(name: string, select: string): Promise<void> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  const duckdb = await openDuckdb()
  await duckdb.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet)`)
  duckdb.close()
  // Old enough for its digest to be remembered.
  const past = new Date(Date.now() - 60_000)
  await utimes(path, past, past)
}

const judge = (data: string, schema: unknown, more: Partial<JudgeDataOptions> = {}): Promise<Judgement> =>
  judgeData({
    cwd: folder,
    data,
    schema: loadRowSchema(JSON.stringify(schema), 'schema.json'),
    examples: 3,
    stateDir: join(folder, 'state'),
    now: new Date(),
    ...more,
  })

/** Rows that break each keyword, and what told. */
const told = ({ outcomes }: Judgement): Record<string, readonly [number, string]> =>
  Object.fromEntries(outcomes.map(({ rule, broken, answeredBy }) => [`${rule.column} ${rule.keyword}`, [broken, answeredBy]]))

/** Unique, as the part of the schema under x-plimsoll makes it. */
function unique(column: string): TableRule {
  const rule: TableRule = {
    kind: 'unique',
    columns: [column],
    pointer: '',
    location: { file: 'schema.json' },
    severity: 'error',
    phrase: 'unique',
    bind(scan) {
      const keys = distinctKeys(scan, [column], () => new Set())
      return {
        rule,
        aggregates: [keys],
        judge(states) {
          const { complete, distinct } = states.of(keys)
          const verdict = complete === distinct ? 'pass' : 'fail'
          return { verdict, message: '', expected: '', actual: '', measurements: [], broken: complete - distinct }
        },
        rows: {
          query: (table) =>
            `SELECT __file, __row, CAST(d0 AS VARCHAR) AS value FROM ${table} QUALIFY count(*) OVER (PARTITION BY d0) > 1`,
        },
      }
    },
  }
  return rule
}

const columns = `CASE WHEN i % 100 = 7 THEN NULL ELSE i::INTEGER END AS n, i AS whole, (i % 3)::INTEGER AS few, i / 2.0::DOUBLE AS x,
  i % 2 = 0 AS yes, (i % 1000 - 3)::DECIMAL(9,2) AS price, 'w' || i AS word, DATE '2024-01-01' AS day, NULL::INTEGER AS nothing`
const schema = {
  required: ['whole', 'x'],
  properties: {
    n: { type: 'integer', minimum: 0, maximum: 5000 },
    whole: { type: ['integer', 'null'], minimum: 10, exclusiveMaximum: 3000, const: 5 },
    few: { enum: [0, 1, 2], multipleOf: 1 },
    x: { type: 'number', minimum: 0 },
    yes: { type: 'boolean', enum: [true, false] },
    price: { type: 'number', minimum: -3, maximum: 996 },
    word: { type: 'string', pattern: '^w', minLength: 2 },
    day: { type: 'string', minimum: 5 },
    nothing: { type: 'null', minimum: 5, enum: [null] },
  },
}

test('footers answer what they can, the scan the rest, and both say the same', async () => {
  await write('data.parquet', `SELECT ${columns} FROM range(3000) t(i)`)
  const result = await judge('data.parquet', schema)
  expect(told(result)).toEqual({
    'whole required': [0, 'type'],
    'x required': [0, 'type'],
    'n type': [30, 'footer'],
    'n minimum': [0, 'footer'],
    'n maximum': [0, 'footer'],
    'whole type': [0, 'type'],
    'whole minimum': [10, 'scan'],
    'whole exclusiveMaximum': [0, 'footer'],
    'whole const': [2999, 'scan'],
    'few enum': [0, 'footer'],
    'few multipleOf': [0, 'scan'],
    'x type': [0, 'scan'],
    'x minimum': [0, 'scan'],
    'yes type': [0, 'footer'],
    'yes enum': [0, 'footer'],
    'price type': [0, 'footer'],
    'price minimum': [0, 'footer'],
    'price maximum': [0, 'footer'],
    'word type': [0, 'footer'],
    'word pattern': [0, 'scan'],
    'word minLength': [0, 'scan'],
    'day type': [0, 'footer'],
    'day minimum': [0, 'type'],
    'nothing type': [0, 'footer'],
    'nothing minimum': [0, 'footer'],
    'nothing enum': [0, 'footer'],
  })
  expect(planSummary(result.plan)).toBe('19 of 26 answered from metadata, 7 in one scan of 4 columns')
  const scanned = await judge('data.parquet', schema, { footers: false, stateDir: null })
  expect(Object.values(told(scanned)).map(([, way]) => way)).not.toContain('footer')
  const facts = ({ rows, brokenRows, outcomes }: Judgement) => [
    rows,
    brokenRows,
    outcomes.map(({ broken, examples }) => [broken, examples]),
  ]
  expect(facts(scanned)).toEqual(facts(result))
})

test('a second run keeps what the first has measured, for the rules that are the same', async () => {
  await write('data.parquet', `SELECT ${columns} FROM range(300) t(i)`)
  const before = await judge('data.parquet', schema)
  const after = await judge('data.parquet', {
    ...schema,
    properties: { ...schema.properties, word: { pattern: '^w', maxLength: 2 } },
  })
  expect(told(after)['word pattern']).toEqual([0, 'kept'])
  expect(told(after)['word maxLength']).toEqual([290, 'scan'])
  expect(after.digest).toBe(before.digest)
  expect(planLines(after.plan)).toContainEqual(expect.stringMatching(/^ {2}word maxLength 2 +the scan of word$/))
})

test('of many files only the new one is read, and the whole is judged', async () => {
  const part = (k: number, extra = '') =>
    write(`parts/${k}.parquet`, `SELECT i AS id, i / 3.0::DOUBLE AS x${extra} FROM range(${k * 100}, ${k * 100 + 100}) t(i)`)
  for (const k of [0, 1, 3]) await part(k)
  const rules = { properties: { id: { type: 'integer' }, x: { type: 'number', maximum: 1000 } } }
  const run = () => judge('parts', rules, { tableRules: [unique('id')] })
  expect(planSummary((await run()).plan)).toBe(
    '1 of 4 answered from metadata, 2 in one scan of 1 column of 3 of 3 files, 1 by a query of its own',
  )
  await part(2)
  const second = await run()
  expect(second).toMatchObject({ rows: 400, brokenRows: 0 })
  expect(second.plan.filesRead).toBe(1)
  expect(second.tableOutcomes[0]!.verdict.verdict).toBe('pass')
  const third = await run()
  expect(third.plan.filesRead).toBe(0)
  expect(planSummary(third.plan)).toBe('1 of 4 answered from metadata, 3 kept from earlier runs')
  // A file that repeats keys of another is found out, although each is unique in itself.
  await write('parts/4.parquet', 'SELECT i AS id, 0.5::DOUBLE AS x FROM range(350, 450) t(i)')
  const last = await run()
  expect(last.tableOutcomes[0]).toMatchObject({ verdict: { verdict: 'fail', broken: 50 } })
  expect(last.tableOutcomes[0]!.examples[0]).toEqual({ file: 'parts/3.parquet', row: 51, value: 350 })
})

test('the examples of what is kept are found in the files that have them', async () => {
  for (const k of [0, 1, 2]) await write(`parts/${k}.parquet`, `SELECT ${k === 1 ? "'nan'" : '1'}::DOUBLE AS x FROM range(5)`)
  const rules = { properties: { x: { type: 'number' } } }
  const first = await judge('parts', rules)
  const second = await judge('parts', rules)
  expect(second.outcomes[0]).toMatchObject({
    broken: 5,
    answeredBy: 'kept',
    examples: [{ file: 'parts/1.parquet', row: 1 }, {}, {}],
  })
  expect([second.brokenRows, first.brokenRows]).toEqual([5, 5])
})

test('a file that is written anew is measured anew, also when its size and time are the same', async () => {
  const past = new Date(Date.now() - 60_000)
  const rules = { properties: { x: { type: 'string', pattern: '^a' } } }
  for (const [text, broken] of [
    ['aaa', 0],
    ['bbb', 1],
  ] as const) {
    await writeFile(join(folder, 'data.csv'), `x\n${text}\n`)
    await utimes(join(folder, 'data.csv'), past, past)
    expect((await judge('data.csv', rules)).outcomes[1]!.broken).toBe(broken)
  }
})

test('files of different types are measured together', async () => {
  await write('parts/0.parquet', 'SELECT 1::INTEGER AS x')
  await write('parts/1.parquet', 'SELECT 2.5::DOUBLE AS x')
  expect(told(await judge('parts', { properties: { x: { type: 'integer' } } }))).toEqual({ 'x type': [1, 'scan'] })
})

test('a file with fewer rows than its footer says is damaged, not judged in part', async () => {
  await write('data.parquet', 'SELECT i / 7.0::DOUBLE AS x FROM range(5000) t(i)')
  const path = join(folder, 'data.parquet')
  const bytes = await readFile(path)
  const start = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)
  // 5,000 in zigzag as a varint is 90 4e; 5,001 is 92 4e. In the footer it is the rows of the file, of the group, and of the column.
  for (let at = bytes.indexOf('904e', start, 'hex'); at >= 0; at = bytes.indexOf('904e', at, 'hex')) bytes[at] = 0x92
  await writeFile(path, bytes)
  await expect(judge('data.parquet', { properties: { x: { minimum: 0 } } })).rejects.toMatchObject({ code: 'E_FILE_FORMAT' })
})

test('a state folder that cannot be used is no reason to stop', async () => {
  await write('data.parquet', 'SELECT 1.5::DOUBLE AS x')
  await writeFile(join(folder, 'state'), 'a file')
  const lines: string[] = []
  const result = await judge('data.parquet', { properties: { x: { minimum: 0 } } }, { say: (line) => lines.push(line) })
  expect(result.rows).toBe(1)
  expect(lines[0]).toContain('Nothing is kept for later runs')
})
