import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { XMLParser } from 'fast-xml-parser'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { Report } from '../core/report.ts'
import { renderAnnotations } from '../report/github.ts'
import { renderJunit } from '../report/junit.ts'
import { checkDataQuality } from './check-data-quality.ts'
import { validateSchema } from './validate-schema.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'validation-page-'))))
afterEach(() => rm(folder, { recursive: true }))

const SCHEMA = `{
  "properties": {
    "id": {
      "type": "integer",
      "x-plimsoll": { "unique": true }
    },
    "age": {
      "minimum": 18,
      "type": ["integer", "null"],
      "x-plimsoll": {
        "mostly": 0.9,
        "mean": { "max": 20 },
        "missing": { "max": 0.01, "severity": "warning" }
      }
    },
    "card": { "x-plimsoll": { "sensitive": true } }
  },
  "x-plimsoll": {
    "rows": { "min": 1000 },
    "keys": [["age", "card"]]
  }
}
`
const SECRET = '4111111111111111'
const ROWS = Array.from({ length: 100 }, (_, i) => `${i < 2 ? 7 : i},${i < 30 ? 3 : i < 50 ? '' : i},${SECRET}`)

async function run(parameters: object = {}): Promise<Report> {
  await writeFile(join(folder, 'schema.json'), SCHEMA)
  await writeFile(join(folder, 'input.csv'), `id,age,card\n${ROWS.join('\n')}\n`)
  return validateSchema.run(
    stepContext(folder),
    validateSchema.params.parse({ input: 'input.csv', schema: 'schema.json', ...parameters }),
  )
}
const page = (name = 'page.html') => readFile(join(folder, name), 'utf8')
const rowOf = (html: string, name: string) =>
  new RegExp(`<tr><th scope="row"><span class="column-name">${name}</span>.*?</tr>`).exec(html)![0]

test('a page shows how each column is distributed; of what is sensitive only how much there is', async () => {
  const report = await run({ html: 'page.html' })
  expect(report.details!['columns']).toMatchObject([
    { name: 'id', distinct: 98 },
    { name: 'age' },
    { name: 'card', sensitive: true },
  ])
  const html = await page()
  expect(rowOf(html, 'id')).toMatch(/aria-label="id: \d+ ranges from 0 to 100"/)
  expect(rowOf(html, 'age')).toContain('aria-label="age: 20 % missing"')
  expect(rowOf(html, 'age')).toContain('<code>mean at most 20</code>')
  expect(rowOf(html, 'card')).toContain('values are masked')
  expect(html).not.toContain(SECRET)
})

test('without a page nothing is described, and columns are told by name', async () => {
  expect((await run()).details!['columns']).toEqual(['id', 'age', 'card'])
})

test('a page of documents whose values are of several types, and of data with a sensitive column that it does not have', async () => {
  await run()
  await writeFile(join(folder, 'rows.jsonl'), '{"id":1,"age":"x","list":[1]}\n{"id":null,"age":3.5,"more":{"a":1}}\n')
  const report = await run({ input: 'rows.jsonl', html: 'page.html' })
  expect(report.details!['columns']).toMatchObject([{ name: 'id' }, { name: 'age' }, { name: 'list' }, { name: 'more' }])
})

test('each rule on a column or the table, and each allowance, stands at its own line of the schema', async () => {
  const report = await run()
  const lines = (text: string) => SCHEMA.split('\n').findIndex((line) => line.includes(text)) + 1
  const annotations = renderAnnotations(report).trimEnd().split('\n')
  const placed = annotations.map((line) => /^::(\w+) file=([\w.]+),line=(\d+),col=\d+,title=(.*?)::/.exec(line)!.slice(1, 5))
  const expected = [
    ['error', 'schema.json', lines('"minimum"'), 'Column age'],
    ['error', 'schema.json', lines('"rows"'), 'rows at least 1%2C000'],
    ['error', 'schema.json', lines('"keys"'), 'age%2C card%3A key (age%2C card)'],
    ['error', 'schema.json', lines('"unique"'), 'id%3A unique'],
    ['error', 'schema.json', lines('"mean"'), 'age%3A mean at most 20'],
    ['warning', 'schema.json', lines('"missing"'), 'age%3A missing at most 1 %25'],
  ].map((row) => row.map(String))
  expect(placed).toEqual(expect.arrayContaining(expected))
  expect(placed).toHaveLength(expected.length)

  const parsed = new XMLParser({ ignoreAttributes: false }).parse(renderJunit(report)) as {
    testsuites: { testsuite: { testcase: Record<string, unknown>[] } }
  }
  const cases = parsed.testsuites.testsuite.testcase.filter((each) => each['@_file'] !== undefined)
  expect(cases.map((each) => [each['@_file'], Number(each['@_line'])])).toEqual(
    expect.arrayContaining(expected.map(([, file, line]) => [file, Number(line)])),
  )
  expect(cases.filter((each) => each['failure'] !== undefined)).toHaveLength(5)
})

test('a comparison shows what changed beside each column, with its measures, and whether the two can be told apart', async () => {
  const rows = (shift: number) =>
    Array.from({ length: 1500 }, (_, i) => `${((i * 7919) % 1000) + shift},${i % 3 === 0 ? 'a' : 'b'},${i % 50}`).join('\n')
  await writeFile(join(folder, 'train.csv'), `x,kind,same\n${rows(0)}\n`)
  await writeFile(join(folder, 'new.csv'), `x,kind,same\n${rows(300)}\n`)
  const params = { input: 'new.csv', reference: 'train.csv', fail: ['drift'], html: 'page.html' }
  await checkDataQuality.run(stepContext(folder), checkDataQuality.params.parse(params))
  const html = await page()
  expect(html).toContain('A classifier can tell the rows of the two apart')
  expect(rowOf(html, 'x')).toMatch(
    /class="fail">.*of &quot;x&quot; are at or below.*KS 0\.302 \[.*limit 0\.1, adjusted p.&lt;.0\.0001.*PSI .* · JS .* · Wasserstein 300/,
  )
  expect(rowOf(html, 'x')).toContain('against the reference"')
  expect(rowOf(html, 'kind')).toMatch(/class="pass">.*JS 0 \[.*adjusted p.=.1.*PSI 0 · χ² 0 \(1 df\)/)
  // What stands beside the columns is not told again as JSON.
  expect(html).not.toContain('&quot;adjustedPValue&quot;')
  expect(html).not.toContain('"adjustedPValue"')
})
