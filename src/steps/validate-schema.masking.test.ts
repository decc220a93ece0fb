import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import type { Report } from '../core/report.ts'
import { literal, openDuckdb } from '../drivers/duckdb.ts'
import { renderAnnotations } from '../report/github.ts'
import { renderHtml } from '../report/html.tsx'
import { renderJson } from '../report/json.ts'
import { renderJunit } from '../report/junit.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { renderText } from '../report/text.ts'
import { brokenStep } from '../pipeline/reports.ts'
import { validateSchema } from './validate-schema.ts'

const SECRETS = ['078-05-1120', '219-09-9999', '5105105', '987-65-4320']

let folder: string
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'masking-'))))
afterEach(() => rm(folder, { recursive: true }))

const SCHEMA = {
  required: ['id', 'ssn'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer' },
    ssn: { type: 'string', pattern: '^x', maxLength: 5, enum: ['x'], const: 'y' },
    card: { type: 'string', minimum: 3 },
    age: { minimum: 18 },
  },
}

function run(input: string, parameters: object = {}): Promise<Report> {
  const params = {
    input,
    schema: 'schema.json',
    key: ['id', 'ssn'],
    sensitive: ['ssn', 'card'],
    html: 'page.html',
    ...parameters,
  }
  return validateSchema.run(stepContext(folder), validateSchema.params.parse(params))
}

/** All that a run says and leaves, but its data. */
async function everything(report: Report, input: string): Promise<string> {
  const rendered = [
    renderJson(report),
    renderText(report, { verbose: true }),
    renderMarkdown(report),
    renderJunit(report),
    renderAnnotations(report),
    await renderHtml(report),
  ]
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const contents = files
    .filter(({ name }) => name !== input)
    .map(async (entry) => contentOf(join(entry.parentPath ?? entry.path, entry.name)))
  const parquet = files.find(({ name }) => name === 'failing.parquet')
  return [...rendered, ...(await Promise.all(contents)), parquet ? await rowsOf(join(folder, parquet.name)) : ''].join('\n')
}

/** What is gone by now, such as a database's own scratch files, tells nothing. */
async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

async function rowsOf(path: string): Promise<string> {
  const duckdb = await openDuckdb()
  try {
    return JSON.stringify(await duckdb.query(`SELECT * FROM ${literal(path)}`))
  } finally {
    duckdb.close()
  }
}

const ROWS = SECRETS.map((secret, i) => ({ id: i, ssn: secret, card: Number(secret.replaceAll('-', '')), age: i === 0 ? 3 : 20 }))
const AS_CSV = `id,ssn,card,age\n${ROWS.map((row) => Object.values(row).join(',')).join('\n')}\n`
const AS_JSON = ROWS.map((row) => `${JSON.stringify(row)}\n`).join('')

async function writeData(name: string): Promise<void> {
  await writeFile(join(folder, 'schema.json'), JSON.stringify(SCHEMA))
  if (name !== 'data.parquet') return writeFile(join(folder, name), name.endsWith('.csv') ? AS_CSV : AS_JSON)
  await writeFile(join(folder, 'rows.jsonl'), AS_JSON)
  const duckdb = await openDuckdb()
  const [from, to] = [join(folder, 'rows.jsonl'), join(folder, name)].map(literal)
  await duckdb.run(`COPY (SELECT * FROM read_json(${from})) TO ${to} (FORMAT parquet)`)
  duckdb.close()
  await rm(join(folder, 'rows.jsonl'))
}

test.each(['data.csv', 'data.jsonl', 'data.parquet'])(
  'no value of a sensitive column is in anything that %s leads to',
  async (name) => {
    await writeData(name)
    const first = await run(name, { failingRows: 'failing.parquet' })
    await run(name, { failingRows: 'failing.csv' })
    const last = await run(name, { failingRows: 'failing.jsonl' })
    expect(last.verdict).toBe('fail')
    const said = `${await everything(first, name)}${await everything(last, name)}`
    for (const secret of SECRETS) {
      expect(said).not.toContain(secret)
      expect(said).not.toContain(secret.replaceAll('-', ''))
    }
    // What is not sensitive is shown beside it.
    const age = first.results.find(({ title }) => title === 'Column age')!
    expect(age.findings[0]!.evidence).toMatchObject({ examples: [{ key: { id: 0, ssn: '***' }, value: 3 }] })
  },
)

test('without --sensitive they are shown, so that the test above can fail', async () => {
  await writeData('data.csv')
  const report = await run('data.csv', { sensitive: [], failingRows: 'failing.csv' })
  const said = await everything(report, 'data.csv')
  for (const secret of SECRETS) expect(said).toContain(secret)
})

test.each([
  ['broken.csv', `id,ssn\n1,${SECRETS[0]}\n2,"${SECRETS[1]}" x\n3,4,${SECRETS[3]}\n`],
  ['broken.jsonl', `{"id":1,"ssn":"${SECRETS[0]}"}\n{"id":2,"ssn":${SECRETS[1]}}\n`],
  ['stray.jsonl', `{"id":1}\n"${SECRETS[0]}"\n`],
  ['latin1.csv', Buffer.from(`id,ssn\n1,${SECRETS[0]}\u00e9\n`, 'latin1')],
])('an error about %s quotes nothing of it', async (name, content) => {
  await writeFile(join(folder, 'schema.json'), JSON.stringify(SCHEMA))
  await writeFile(join(folder, name), content)
  const thrown: unknown = await run(name, { sensitive: ['ssn'] }).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toMatchObject({ code: 'E_FILE_FORMAT' })
  const { message, hint, frame, stack, cause } = thrown as Error & { hint?: string; frame?: string }
  const said = [message, hint, frame, stack, cause, JSON.stringify(brokenStep('validate-schema', thrown, new Date(), 1))].join(
    '\n',
  )
  for (const secret of SECRETS) expect(said).not.toContain(secret)
  expect(message).toContain(name)
})
