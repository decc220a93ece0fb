import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { compareData } from '../../src/data/infer/compare.ts'
import { packageRoot } from '../../src/drivers/self.ts'
import { cli, scratch } from './cli.ts'

const bytesOf = (path: string): Buffer => readFileSync(join(packageRoot, path))

/** A data set, and a corruption of one column for each kind: its new value by row and old value. */
interface DataSet {
  readonly csv: string
  readonly typeFlip: Corruption
  readonly newCategory: Corruption
  readonly outOfRange: Corruption
  readonly nullBurst: Corruption
  readonly shifted: Corruption
}
type Corruption = readonly [column: string, value: (row: number, before: string) => string]

const sometimes =
  (value: string) =>
  (row: number, before: string): string =>
    row % 40 === 7 ? value : before
const plus =
  (difference: number) =>
  (_row: number, before: string): string =>
    String(Number(before) + difference)

const DATA: Readonly<Record<string, DataSet>> = {
  hmda: {
    csv: bytesOf('examples/mortgage/data/source/hmda.csv').toString(),
    typeFlip: ['lvrat', sometimes('high')],
    newCategory: ['deny', sometimes('"perhaps"')],
    outOfRange: ['pirat', sometimes('1000')],
    nullBurst: ['chist', sometimes('')],
    shifted: ['lvrat', plus(0.05)],
  },
  'cps-2004': {
    csv: gunzipSync(bytesOf('test/data/cps-2004.csv.gz')).toString(),
    typeFlip: ['education', sometimes('"some"')],
    newCategory: ['region', sometimes('"Overseas"')],
    outOfRange: ['age', sometimes('170')],
    nullBurst: ['gender', sometimes('')],
    shifted: ['earnings', plus(1.5)],
  },
  arrests: {
    csv: bytesOf('test/data/arrests.csv').toString(),
    typeFlip: ['age', sometimes('"old"')],
    newCategory: ['colour', sometimes('"Green"')],
    outOfRange: ['checks', sometimes('9')],
    nullBurst: ['employed', sometimes('')],
    shifted: ['age', plus(2)],
  },
}

/** The rule that each corruption breaks, as validate-schema names it and as `data diff` does. */
const KINDS = [
  { what: 'a type flip', of: 'typeFlip', rule: 'type', change: 'type-changed' },
  { what: 'a new category', of: 'newCategory', rule: 'enum', change: 'categories-added' },
  { what: 'a value out of range', of: 'outOfRange', rule: 'maximum', change: 'above-maximum' },
  { what: 'a burst of nulls', of: 'nullBurst', rule: 'type', change: 'missing-appeared' },
  { what: 'a duplicated key', of: 'duplicatedKey', rule: 'unique', change: 'key-lost' },
  { what: 'a shifted distribution', of: 'shifted', rule: 'mean', change: 'mean-shifted' },
] as const

const DUPLICATED_KEY: Corruption = ['id', sometimes('1')]

/** The fields of these data sets hold no commas. */
function corrupted(csv: string, [column, value]: Corruption): string {
  const [header = '', ...rows] = csv.trimEnd().split('\n')
  const at = header.replaceAll('"', '').split(',').indexOf(column)
  const lines = rows.map((line, row) => {
    const cells = line.split(',')
    return cells.with(at, value(row, cells[at]!)).join(',')
  })
  return `${[header, ...lines].join('\n')}\n`
}

/** None of the data sets has a key, so they are given one. */
function withKey(csv: string): string {
  const [header = '', ...rows] = csv.trimEnd().split('\n')
  return `${[`id,${header}`, ...rows.map((line, row) => `${row + 1},${line}`)].join('\n')}\n`
}

describe.each(Object.entries(DATA))('the schema that is inferred from %s', (_name, data) => {
  const folder = scratch()
  beforeAll(async () => {
    writeFileSync(join(folder, 'data.csv'), withKey(data.csv))
    const inferred = await cli(folder, ['data', 'infer', '--input', 'data.csv', '--output', 'schema.json'])
    if (inferred.code !== 0) throw new Error(inferred.stderr)
  })
  const validate = (input: string) => cli(folder, ['validate-schema', '--input', input, '--schema', 'schema.json', '--json'])
  const corrupt = (of: (typeof KINDS)[number]['of']): string => {
    const corruption = of === 'duplicatedKey' ? DUPLICATED_KEY : data[of]
    writeFileSync(join(folder, 'corrupted.csv'), corrupted(withKey(data.csv), corruption))
    return corruption[0]
  }

  test('passes on the same data', async () => {
    const { stdout, code } = await validate('data.csv')
    expect({ code, summary: (JSON.parse(stdout) as Report).summary }).toMatchObject({ code: 0 })
    const { stdout: diff, code: same } = await cli(folder, ['data', 'diff', 'data.csv', 'data.csv'])
    expect({ same, diff }).toMatchObject({ same: 0, diff: expect.stringContaining('nothing would need to change') as string })
  })

  test.each(KINDS)('is told from $what by data diff', async ({ of, change }) => {
    const column = corrupt(of)
    const guess = { sensitive: [], maxCategories: 50 }
    const { changes } = await compareData({ cwd: folder, old: 'schema.json', now: 'corrupted.csv', guess })
    expect(changes.filter(({ needsChange }) => needsChange).map((each) => [each.column, each.kind])).toContainEqual([
      column,
      change,
    ])
  })

  test.each(KINDS)('fails on $what, naming the column and the rule', async ({ of, rule }) => {
    const column = corrupt(of)
    const { stdout, code } = await validate('corrupted.csv')
    const failed = (JSON.parse(stdout) as Report).results.filter(({ verdict }) => verdict === 'fail')
    const rules = failed.flatMap(({ findings }) => findings.map((finding) => finding.rule))
    const named = rules.find((each) => each?.startsWith(`${column}: ${rule}`))
    expect({ code, rules, named }).toEqual({ code: 1, rules, named: expect.any(String) as string })
  })
})

const SMALL = { 'data.csv': 'id,colour\n1,red\n2,blue\n', 'taken.json': '{}' }

test('a schema is not written over another unless it is forced', async () => {
  const folder = scratch(SMALL)
  const line = ['data', 'infer', '--input', 'data.csv', '--output', 'taken.json']
  expect(await cli(folder, line)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('taken.json exists [E_CONFLICT]') as string,
  })
  expect(readFileSync(join(folder, 'taken.json'), 'utf8')).toBe('{}')
  expect(await cli(folder, [...line, '--force'])).toMatchObject({ code: 0 })
  expect(readFileSync(join(folder, 'taken.json'), 'utf8')).toContain('"colour"')
})

test('without --output the schema is all that stands on standard output', async () => {
  const { stdout, stderr, code } = await cli(scratch(SMALL), ['data', 'infer', '--input', 'data.csv'])
  expect({ stderr, code, required: (JSON.parse(stdout) as { required: string[] }).required }).toEqual({
    stderr: '',
    code: 0,
    required: ['id', 'colour'],
  })
})

test('text that is written in another way is read as the flags say', async () => {
  const folder = scratch({ 'data.txt.csv': "a|'b|c'\n1|caf\u00e9\n" })
  const { stdout, code } = await cli(folder, ['data', 'infer', '--input', 'data.txt.csv', '--delimiter', '|', '--quote', "'"])
  expect({ code, required: (JSON.parse(stdout) as { required: string[] }).required }).toEqual({ code: 0, required: ['a', 'b|c'] })
})

test('a profile is a table for people, JSON for programs and a page', async () => {
  const folder = scratch({ ...SMALL, 'old.csv': 'id,colour\n1,red\n2,red\n3,red\n' })
  const line = ['data', 'profile', '--input', 'data.csv', '--reference', 'old.csv']
  const text = await cli(folder, [...line, '--html', 'out/profile.html', '--sensitive', 'colour'])
  expect(text).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^data\.csv · csv · 2 rows · 2 columns\ncompared with old\.csv/) as string,
  })
  expect(text.stdout).toContain('sensitive: only counted')
  const page = readFileSync(join(folder, 'out/profile.html'), 'utf8')
  expect(page).toMatch(/<svg class="chart" role="img" aria-label="\w+: \d+ ranges from/)
  expect(page).not.toMatch(/<script|>red<|>blue</)
  const { stdout } = await cli(folder, [...line, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, current: { rows: 2 }, reference: { rows: 3 } })
})

test.each([
  [['data', 'infer', '--input', 'absent.csv'], 'There is no data at absent.csv [E_FILE_MISSING]'],
  [['data', 'infer', '--input', 'data.csv', '--sensitive', 'color'], 'data.csv has no column "color" [E_COLUMN_MISSING]'],
  [['data', 'profile', '--input', 'data.csv', '--columns', 'color'], 'data.csv has no column "color" [E_COLUMN_MISSING]'],
  [
    ['data', 'profile', '--input', 'data.csv', '--delimiter', ';;'],
    '--delimiter: Give one character, such as ";" or "\\t" for a tab. [E_VALUE]',
  ],
  [['data', 'profile'], "Required option '--input <PATH>' not specified [E_USAGE]"],
  [['data', 'diff', 'data.csv', 'absent.csv'], 'There is no data at absent.csv [E_FILE_MISSING]'],
  [['data', 'diff', 'data.csv'], "Missing required argument 'new' [E_USAGE]"],
])('%j is a mistake with a hint', async (line, message) => {
  const { stderr, stdout, code } = await cli(scratch(SMALL), line)
  expect({ stdout, code, first: stderr.split('\n')[0] }).toEqual({
    stdout: '',
    code: 2,
    first: expect.stringContaining(message.replace(/ \[.*/, '')) as string,
  })
  expect(stderr).not.toMatch(/\n\s+at .*\.[jt]s/)
})
