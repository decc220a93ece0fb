import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { ColumnProfile } from '../core/column-profile.ts'
import { driftIn } from '../core/drift-document.ts'
import { stepReport } from '../core/report.ts'
import type { RuleRecord } from '../core/rule-record.ts'
import { packageRoot } from '../drivers/self.ts'
import { columnsOf } from '../report/data-details.ts'
import { checkDataQuality } from './check-data-quality.ts'
import { validateSchema } from './validate-schema.ts'
import { validationSchema } from './validation-document.ts'
import { writeValidationReport, type ValidationFile } from './validation-report.ts'

const validate = new Ajv2020.default({ strict: true, allowUnionTypes: true, formats: { 'date-time': true } }).compile(
  validationSchema(),
)

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'validation-document-'))))
beforeEach(() => rm(join(folder, 'results'), { recursive: true, force: true }))
afterAll(() => rm(folder, { recursive: true }))

const SCHEMA = {
  type: 'object',
  required: ['id', 'age', 'gone'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer' },
    age: { type: 'integer', minimum: 18 },
    deny: { enum: ['yes', 'no'] },
    optional: { type: 'string' },
  },
}
const CSV = 'id,age,deny,extra\n1,17,yes,a\n2,,maybe,b\n3,40,no,c\n4,old,no,d\n'

async function run(parameters: object = {}, data = CSV, name = 'input.csv', schema: unknown = SCHEMA): Promise<ValidationFile> {
  await writeFile(join(folder, name), data)
  await writeFile(join(folder, 'schema.json'), JSON.stringify(schema))
  await validateSchema.run(
    stepContext(folder),
    validateSchema.params.parse({ input: name, schema: 'schema.json', ...parameters }),
  )
  await checkDataQuality.run(stepContext(folder), checkDataQuality.params.parse({ input: name }))
  return JSON.parse(await readFile(join(folder, 'results/validation.json'), 'utf8')) as ValidationFile
}

const rulesOf = (file: ValidationFile) => file.reports['validate-schema']!.details!['rules'] as RuleRecord[]

test.each([
  ['broken rules, keys and masks', {}, { key: ['id'], sensitive: ['age'], failingRows: 'results/failing.parquet' }],
  ['no examples', {}, { examples: 0 }],
  ['no rows', { data: 'id,age,deny\n' }, {}],
  ['nothing broken', { data: 'id,age,gone,deny\n1,18,x,yes\n' }, {}],
  ['documents', { data: '{"id":1,"age":"x","list":[1]}\n{"id":null,"age":3.5}\n', name: 'rows.jsonl' }, { key: ['id'] }],
  ['a schema without rules', { schema: {} }, {}],
] as const)('what both steps write is as the published schema says: %s', async (_what, given, parameters) => {
  const { data, name, schema } = { data: CSV, name: 'input.csv', schema: SCHEMA as unknown, ...given }
  const file = await run(parameters, data, name, schema)
  validate(file)
  expect(validate.errors).toBeNull()
  expect(Object.keys(file.reports)).toEqual(['validate-schema', 'check-data-quality'])
})

/** Everything that is asked of the people of a stop: rules on rows with allowances, on columns and on the table. */
const ARRESTS = {
  type: 'object',
  required: ['released', 'gone'],
  properties: {
    released: { enum: ['Yes', 'No'], 'x-plimsoll': { distinct: { max: 1 } } },
    colour: { type: 'string', 'x-plimsoll': { sensitive: true, unique: { severity: 'warning' } } },
    year: { type: 'integer', minimum: 2001, 'x-plimsoll': { mostly: 0.9, rules: { minimum: { severity: 'warning' } } } },
    age: {
      type: 'integer',
      maximum: 60,
      'x-plimsoll': { mostly: 0.999, mean: { min: 30 }, standardDeviation: { max: 3 }, quantiles: { 0.5: { max: 20 } } },
    },
    checks: { type: 'number', 'x-plimsoll': { missing: { max: 0 }, order: 'ascending' } },
    seen: { type: 'string', format: 'date-time', 'x-plimsoll': { freshness: { maxAge: '24h' } } },
  },
  'x-plimsoll': {
    rows: { max: 10 },
    keys: [['released', 'age']],
    functionalDependencies: [{ from: ['year'], to: ['age'] }],
    foreignKeys: [{ columns: ['age'], references: { file: 'old.csv', columns: ['age'] } }],
    predicates: [{ name: 'young', sql: 'age <= 40', mostly: 0.99 }],
  },
}

test('with every option, on real data against a reference, what both steps write is as the published schema says', async () => {
  const [header, ...all] = (await readFile(join(packageRoot, 'test/data/arrests.csv'), 'utf8')).trimEnd().split('\n')
  const seen = (i: number) => `"${new Date(Date.UTC(2020, 0, 1) + i * 3_600_000).toISOString()}"`
  const written = async (name: string, years: string) => {
    const rows = all.flatMap((row, i) => (years.includes(row.split(',')[2]!) ? [`${row},${i},${seen(i)}`] : []))
    await writeFile(join(folder, name), `${header},"id","seen"\n${rows.join('\n')}\n`)
  }
  await written('old.csv', '1997 1998 1999')
  await written('new.csv', '2000 2001 2002')
  await writeFile(join(folder, 'schema.json'), JSON.stringify(ARRESTS))
  const judged = { failingRows: 'failing.parquet', explain: true, html: 'schema.html' }
  await validateSchema.run(
    stepContext(folder),
    validateSchema.params.parse({ input: 'new.csv', schema: 'schema.json', key: ['id'], sensitive: ['age'], ...judged }),
  )
  const compared = { reference: 'old.csv', label: 'released', key: ['id'], sensitive: ['age', 'sex'], html: 'quality.html' }
  await checkDataQuality.run(stepContext(folder), checkDataQuality.params.parse({ input: 'new.csv', ...compared }))
  const file = JSON.parse(await readFile(join(folder, 'results/validation.json'), 'utf8')) as ValidationFile
  validate(file)
  expect(validate.errors).toBeNull()

  const [schema, quality] = [file.reports['validate-schema']!, file.reports['check-data-quality']!]
  expect(Object.keys(schema.details!)).toEqual(expect.arrayContaining(['schema', 'columns', 'rules', 'key', 'masked', 'plan']))
  expect(Object.keys(quality.details!)).toEqual(expect.arrayContaining(['columns', 'quality', 'reference', 'drift', 'masked']))
  expect(new Set(rulesOf(file).map(({ verdict }) => verdict))).toEqual(new Set(['pass', 'warn', 'inconclusive', 'fail']))
  for (const report of [schema, quality]) {
    // What the page draws is what the file holds.
    expect(columnsOf(report)).toHaveLength(report === schema ? 11 : 10)
    expect(columnsOf(report).filter(({ profile }) => profile)).toHaveLength(10)
  }
  expect(columnsOf(quality).find(({ name }) => name === 'citizen')!.drift!.tests[0]).toMatchObject({
    test: { question: 'values', outcome: 'drift' },
    verdict: 'warn',
    change: expect.stringContaining('Yes in 90.6 %, was in 79.3 %') as string,
  })
  const masked = columnsOf(quality).find(({ name }) => name === 'age')!
  expect(masked).toMatchObject({ profile: { sensitive: true }, reference: { sensitive: true } })
  expect(masked.drift!.measures.numbers).toMatchObject({ at: null, median: { current: null } })
  for (const name of ['old.csv', 'new.csv']) await rm(join(folder, name))
})

test.each([
  ['x,k\n', 'x,k\n1,a\n'],
  ['x,k\n1,a\n', 'x,k\n'],
  ['x,k\n1,a\n', 'x,k\n,b\n'],
])('so is a comparison with hardly any rows: %j against %j', async (current, reference) => {
  await writeFile(join(folder, 'now.csv'), current)
  await writeFile(join(folder, 'before.csv'), reference)
  const parameters = checkDataQuality.params.parse({ input: 'now.csv', reference: 'before.csv', html: 'quality.html' })
  await checkDataQuality.run(stepContext(folder), parameters)
  const file = JSON.parse(await readFile(join(folder, 'results/validation.json'), 'utf8')) as ValidationFile
  for (const name of ['now.csv', 'before.csv']) await rm(join(folder, name))
  validate(file)
  expect(validate.errors).toBeNull()
  expect(driftIn(file.reports['check-data-quality']!.details)).toBeDefined()
})

test('columns at length, in the data and in its reference, are as the published schema says', async () => {
  const profile: ColumnProfile = {
    name: 'age',
    type: 'BIGINT',
    kind: 'number',
    rows: 9,
    missing: 0,
    distinct: 9,
    distinctIsEstimate: true,
    numbers: { min: 1, max: 9, mean: 5, standardDeviation: 2.5, quantiles: { '0.5': 5 }, zeros: 0, infinite: 0 },
    histogram: { edges: [1, 5, 9], counts: [4, 5] },
    top: [{ value: '1', rows: 1 }],
  }
  const report = stepReport({
    name: 'check-data-quality',
    summary: '',
    startedAt: new Date(0),
    durationMs: 1,
    results: [],
    details: { rows: 9, columns: [profile], reference: { columns: [profile], input: 'old.csv' } },
  })
  await writeValidationReport(folder, 'results/validation.json', report)
  const file = JSON.parse(await readFile(join(folder, 'results/validation.json'), 'utf8')) as ValidationFile
  validate(file)
  expect(validate.errors).toBeNull()
})

test('what is not in the schema is refused, so that none of it can be forgotten', async () => {
  const file = await run()
  const [rule] = rulesOf(file)
  for (const wrong of [
    { ...rule, more: 1 },
    { ...rule, verdict: 'good' },
    { ...rule, expected: undefined },
  ]) {
    const report = { ...file.reports['validate-schema'], details: { rules: [wrong] } }
    expect(validate(JSON.parse(JSON.stringify({ schemaVersion: 1, reports: { 'validate-schema': report } })))).toBe(false)
  }
})

test('each rule of the schema once, in its order, with what was expected and found', async () => {
  const rules = rulesOf(await run({ key: ['id'] }))
  expect(rules.map(({ pointer, verdict }) => `${pointer} ${verdict}`)).toEqual([
    '/required/0 pass',
    '/required/1 pass',
    '/required/2 fail',
    '/properties/id/type pass',
    '/properties/age/type fail',
    '/properties/age/minimum fail',
    '/properties/deny/enum fail',
    '/properties/optional/type skip',
    '/additionalProperties fail',
  ])
  expect(rules[5]).toEqual({
    rule: 'minimum',
    columns: ['age'],
    pointer: '/properties/age/minimum',
    location: { file: 'schema.json', line: 1, column: 140 },
    severity: 'error',
    expected: 'minimum 18',
    found: '1 row (25 %) breaks it',
    verdict: 'fail',
    rows: 4,
    broken: 1,
    share: 0.25,
    interval: {
      lower: expect.closeTo(0.0456, 4) as number,
      upper: expect.closeTo(0.6994, 4) as number,
      confidence: 0.95,
      method: 'wilson',
    },
    answeredBy: 'scan',
    examples: [{ file: 'input.csv', row: 1, line: 2, key: { id: 1 }, value: 17 }],
  })
  expect(rules[4]!.examples).toEqual([
    { file: 'input.csv', row: 2, line: 3, key: { id: 2 }, value: null },
    { file: 'input.csv', row: 4, line: 5, key: { id: 4 }, value: 'old' },
  ])
})

test('the file of failing rows has as many rows as the report says', async () => {
  const schema = { ...SCHEMA, required: ['id'], additionalProperties: true }
  const file = await run({ failingRows: 'results/failing.csv' }, CSV, 'input.csv', schema)
  const lines = (await readFile(join(folder, 'results/failing.csv'), 'utf8')).trimEnd().split('\n')
  expect(lines.slice(1)).toHaveLength(file.reports['validate-schema']!.details!['brokenRows'] as number)
  expect(lines[2]).toBe('2,,maybe,b,input.csv,2,"[""/properties/age/type"",""/properties/deny/enum""]"')
  expect(file.reports['validate-schema']!.artifacts).toMatchObject([{ path: 'results/failing.csv' }])
})

test.each([
  [{ failingRows: 'input.csv' }, 'E_CONFLICT'],
  [{ input: '*.csv', failingRows: 'another.csv' }, 'E_CONFLICT'],
  [{ failingRows: 'failing.txt' }, 'E_VALUE'],
  [{ key: ['idd'] }, 'E_COLUMN_MISSING'],
  [{ sensitive: ['agee'] }, 'E_COLUMN_MISSING'],
])('%o is refused before anything is judged', async (parameters, code) => {
  await expect(run(parameters)).rejects.toMatchObject({ code })
  expect(await readFile(join(folder, 'input.csv'), 'utf8')).toBe(CSV)
})
