import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { Report } from '../core/report.ts'
import { checkDataQuality } from './check-data-quality.ts'
import { validateSchema } from './validate-schema.ts'
import type { ValidationFile } from './validation-report.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'validate-schema-'))))
afterEach(() => rm(folder, { recursive: true }))

const SCHEMA = `{
  "type": "object",
  "required": ["age", "deny"],
  "additionalProperties": false,
  "properties": {
    "age": { "type": "integer", "minimum": 18 },
    "deny": { "enum": ["yes", "no"] },
    "note": { "type": ["string", "null"] }
  }
}
`

const context = () => stepContext(folder)

async function validate(csv: string, schema = SCHEMA): Promise<Report> {
  await writeFile(join(folder, 'input.csv'), csv)
  await writeFile(join(folder, 'schema.json'), schema)
  return validateSchema.run(context(), validateSchema.params.parse({ input: 'input.csv', schema: 'schema.json' }))
}

test('a key that some rows lack is told with what to do', async () => {
  await writeFile(join(folder, 'rows.jsonl'), '{"age":20,"deny":"no"}\n{"deny":"no"}\n')
  await writeFile(join(folder, 'schema.json'), '{"type":"object","required":["age"],"properties":{"age":{"minimum":18}}}')
  const params = validateSchema.params.parse({ input: 'rows.jsonl', schema: 'schema.json' })
  const report = await validateSchema.run(context(), params)
  expect(result(report, 'Column age')).toMatchObject({
    verdict: 'fail',
    hint: 'Values are missing. If that is allowed, take "age" out of "required".',
  })
})

test('what cannot be read or written is refused before or after, by name', async () => {
  await writeFile(join(folder, 'input.csv'), 'age,deny\n18,yes\n')
  await writeFile(join(folder, 'schema.json'), SCHEMA)
  const run = (params: object) =>
    validateSchema.run(context(), validateSchema.params.parse({ input: 'input.csv', schema: 'schema.json', ...params }))
  await mkdir(join(folder, 'folder'))
  await expect(run({ schema: 'folder' })).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    message: 'The schema is a folder: folder',
  })
  await expect(run({ output: 'folder' })).rejects.toMatchObject({ code: 'E_CONFLICT' })
  await expect(run({ output: 'input.csv/validation.json' })).rejects.toMatchObject({ code: 'E_FILE_WRITE' })
})

const result = (report: Report, title: string) => report.results.find((one) => one.title === title)!

test('data that holds to its schema passes, with what was measured', async () => {
  const report = await validate('age,deny,note\n18,yes,\n40,no,x\n')
  expect(report).toMatchObject({
    verdict: 'pass',
    summary: '2 rows, 3 columns, 7 rules: all hold',
    subject: { kind: 'data', name: 'input.csv', digest: expect.stringMatching(/^sha256:/) as string },
  })
  expect(result(report, 'Column age').message).toBe('3 rules hold in all rows.')
})

test('each broken rule comes with counts, example rows and the place of its keyword', async () => {
  const report = await validate('age,deny,note\n17,yes,\n40,maybe,x\nold,no,\n')
  expect(report).toMatchObject({ verdict: 'fail', summary: '3 rows, 3 columns, 7 rules: 3 rows break 3 rules' })
  const age = result(report, 'Column age')
  expect(age.message).toBe('1 row (33.3 %) breaks type integer; 1 row (33.3 %) breaks minimum 18.')
  expect(age.findings[1]).toEqual({
    severity: 'error',
    message: '1 row (33.3 %) breaks minimum 18: line 2: 17',
    rule: 'age: minimum 18',
    location: { file: 'schema.json', line: 6, column: 33 },
    evidence: {
      column: 'age',
      keyword: 'minimum',
      pointer: '/properties/age/minimum',
      rows: 1,
      share: 1 / 3,
      examples: [{ file: 'input.csv', row: 1, line: 2, value: 17 }],
    },
  })
  expect(result(report, 'Column note').verdict).toBe('pass')
})

test('a renamed column is found and the likely one is named', async () => {
  const report = await validate('agee,deny\n18,yes\n')
  expect(report).toMatchObject({ verdict: 'fail', summary: '1 row, 2 columns, 7 rules: 1 row breaks 2 rules' })
  expect(result(report, 'Columns').findings.map(({ message }) => message)).toEqual([
    'There is no column "age". Is "agee" meant?',
    'The schema does not list the column "agee".',
  ])
  expect(result(report, 'Column age')).toMatchObject({ verdict: 'fail', message: 'The column is missing.' })
  expect(result(report, 'Column note')).toMatchObject({ verdict: 'skip' })
})

test('missing values get the hint that would allow them', async () => {
  const report = await validate('age,deny,note\n,yes,\n30,,\n')
  expect(result(report, 'Column age').hint).toBe('Values are missing. If that is allowed, write "type": ["integer","null"].')
  expect(result(report, 'Column deny').hint).toBe('Values are missing. If that is allowed, add null to the list.')
})

test.each([
  ['no rows', 'age,deny\n', SCHEMA],
  ['no rules', 'age,deny\n18,yes\n', '{}'],
])('%s is an error, never a pass', async (_what, csv, schema) => {
  const report = await validate(csv, schema)
  expect(report.verdict).toBe('error')
  expect(report.summary).toMatch(/nothing was judged$/)
})

test('the report stands in results/validation.json beside that of check-data-quality', async () => {
  const first = await validate('age,deny,note\n17,yes,\n')
  const quality = await checkDataQuality.run(context(), checkDataQuality.params.parse({ input: 'input.csv' }))
  const second = await validate('age,deny,note\n18,yes,\n')
  const file = JSON.parse(await readFile(join(folder, 'results/validation.json'), 'utf8')) as ValidationFile
  expect(first.verdict).toBe('fail')
  expect(file).toEqual({ schemaVersion: 1, reports: { 'validate-schema': second, 'check-data-quality': quality } })
})

test('a file that is not ours is not written over', async () => {
  await writeFile(join(folder, 'mine.json'), '{"precious": true}')
  await writeFile(join(folder, 'input.csv'), 'age,deny\n18,yes\n')
  await writeFile(join(folder, 'schema.json'), SCHEMA)
  const params = validateSchema.params.parse({ input: 'input.csv', schema: 'schema.json', output: 'mine.json' })
  await expect(validateSchema.run(context(), params)).rejects.toMatchObject({ code: 'E_CONFLICT' })
  expect(await readFile(join(folder, 'mine.json'), 'utf8')).toBe('{"precious": true}')
})

test('what must be put right first is thrown', async () => {
  await expect(validate('age,deny\n18\n')).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    location: { file: 'input.csv', line: 2 },
  })
  await expect(validate('age,deny\n18,yes\n', '{"properties": {"age": {"contains": {}}}}')).rejects.toMatchObject({
    code: 'E_SCHEMA_KEYWORD',
    location: { file: 'schema.json', line: 1, column: 25 },
  })
  const params = validateSchema.params.parse({ input: 'input.csv', schema: 'nowhere.json' })
  await expect(validateSchema.run(context(), params)).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})
