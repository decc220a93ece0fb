import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { ColumnProfile } from '../core/column-profile.ts'
import { stepReport } from '../core/report.ts'
import type { RuleRecord } from '../core/rule-record.ts'
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
