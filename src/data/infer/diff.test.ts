import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareData } from './compare.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'diff-'))
  await csv('old.csv', HEADER, row)
})
afterAll(() => rm(folder, { recursive: true }))

const HEADER = 'id,colour,size,when,comment'
const row = (i: number): (string | number)[] => [i, i % 2 ? 'red' : 'blue', (i * 7) % 50, '2024-01-05', `remark ${i * 31}`]

async function csv(name: string, header: string, rows: (i: number) => readonly (string | number)[], n = 200): Promise<void> {
  await writeFile(join(folder, name), `${header}\n${Array.from({ length: n }, (_, i) => rows(i).join(',')).join('\n')}\n`)
}

async function changes(now: string, old = 'old.csv', sensitive: string[] = []): Promise<(readonly [string, string, boolean])[]> {
  const diff = await compareData({ cwd: folder, old, now, guess: { sensitive, maxCategories: 50 } })
  return diff.changes.map(({ column, kind, needsChange }) => [column, kind, needsChange])
}

/** The old rows with one column made otherwise. */
async function changed(column: string, value: (i: number, before: string | number) => string | number): Promise<string> {
  const at = HEADER.split(',').indexOf(column)
  await csv('new.csv', HEADER, (i) => row(i).with(at, value(i, row(i)[at]!)))
  return 'new.csv'
}

test('the same data needs no change', async () => {
  expect(await changes('old.csv')).toEqual([])
})

test('each kind of change is told, with its column', async () => {
  expect(await changes(await changed('size', (i) => `${i} cm`))).toEqual([['size', 'type-changed', true]])
  expect(await changes(await changed('colour', (i) => (i % 2 ? 'red' : 'green')))).toEqual([
    ['colour', 'categories-added', true],
    ['colour', 'categories-vanished', false],
  ])
  expect(await changes(await changed('size', (i, before) => (i === 9 ? -4 : before)))).toEqual([['size', 'below-minimum', true]])
  expect(await changes(await changed('size', (i, before) => (i === 9 ? 400 : before)))).toEqual([['size', 'above-maximum', true]])
  expect(await changes(await changed('colour', (i, before) => (i === 9 ? '' : before)))).toEqual([
    ['colour', 'missing-appeared', true],
  ])
  expect(await changes(await changed('id', (i) => Math.max(1, i)))).toEqual([['id', 'key-lost', true]])
  expect(await changes(await changed('size', (_i, before) => Number(before) + 10))).toEqual([['size', 'mean-shifted', true]])
  expect(await changes(await changed('when', (i) => `${1 + (i % 28)} January`))).toEqual([['when', 'format-lost', true]])
})

test('columns that were added, removed or renamed', async () => {
  await csv('new.csv', 'id,color,size,extra', (i) => [...row(i).slice(0, 3), 1.5])
  expect(await changes('new.csv')).toEqual([
    ['colour', 'column-renamed', true],
    ['when', 'column-removed', true],
    ['comment', 'column-removed', true],
    ['extra', 'column-added', true],
  ])
})

test('a schema can stand on either side', async () => {
  const schema = {
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'integer' },
      colour: { enum: ['red', 'blue', 'green'] },
      size: { type: 'number', maximum: 40 },
      gone: true,
    },
  }
  await writeFile(join(folder, 'schema.json'), JSON.stringify(schema))
  expect(await changes('old.csv', 'schema.json')).toEqual([
    ['colour', 'categories-vanished', false],
    ['size', 'above-maximum', true],
    ['gone', 'column-removed', false],
    ['when', 'column-added', true],
    ['comment', 'column-added', true],
  ])
  await writeFile(join(folder, 'newer.yaml'), JSON.stringify({ properties: { ...schema.properties, size: { type: 'string' } } }))
  expect(await changes('newer.yaml', 'schema.json')).toEqual([['size', 'type-changed', true]])
})

test('a rule that some rows may break is not certain to need a change', async () => {
  await writeFile(
    join(folder, 'mostly.json'),
    JSON.stringify({ properties: { colour: { enum: ['red'], 'x-plimsoll': { rules: { enum: { mostly: 0.4 } } } } } }),
  )
  await csv('colours.csv', 'colour,x', (i) => [i % 2 ? 'red' : 'blue', i])
  expect(await changes('colours.csv', 'mostly.json')).toEqual([
    ['colour', 'categories-added', false],
    ['x', 'column-added', true],
  ])
})

test('values of sensitive columns are not told', async () => {
  const now = await changed('colour', () => 'mauve')
  const diff = await compareData({ cwd: folder, old: 'old.csv', now, guess: { sensitive: ['colour'], maxCategories: 50 } })
  expect(JSON.stringify(diff)).not.toMatch(/mauve|red|blue/)
})

test('what is neither data nor a schema is an error with its place', async () => {
  await writeFile(join(folder, 'broken.yaml'), 'properties:\n  a: [1\n')
  await expect(changes('broken.yaml')).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    location: { file: 'broken.yaml', line: 3 },
  })
  await writeFile(join(folder, 'other.yaml'), 'stages: {}\n')
  await expect(changes('other.yaml')).rejects.toMatchObject({ code: 'E_FILE_FORMAT' })
  await expect(changes('absent.csv')).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})
