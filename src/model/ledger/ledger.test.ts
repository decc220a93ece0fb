import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../../core/digest.ts'
import type { Column, Table } from '../../core/table.ts'
import { exec } from '../../drivers/exec.ts'
import { builtModule } from '../../drivers/self.ts'
import { openTestSetLedger, type Standing, type TestSetLedger } from './ledger.ts'
import { predictionsDigest, testSetDigest } from './test-set-digest.ts'

let dir: string
let ledger: TestSetLedger
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ledger-'))
  ledger = openTestSetLedger(dir)
})
afterEach(() => ledger.close())

const decide = (
  what: string,
  { data = 'data', budget = null, ...more }: { data?: string; budget?: number | null; at?: Date; path?: string } = {},
): Standing =>
  ledger.record({
    testSet: sha256(data),
    path: `${data}.csv`,
    rows: 600,
    identity: sha256(what),
    model: 'm.onnx',
    budget,
    runId: null,
    at: new Date('2026-03-04T12:30:00Z'),
    ...more,
  })

test('every new decision counts once, each test set by itself, and a repeated one keeps its number', () => {
  expect(decide('a')).toEqual({ number: 1, decisions: 1, budget: null, isUsedUp: false, withoutBudget: 0 })
  expect(decide('b')).toMatchObject({ number: 2, decisions: 2 })
  expect(decide('a')).toMatchObject({ number: 1, decisions: 2 })
  expect(decide('a', { data: 'other' })).toMatchObject({ number: 1, decisions: 1 })
})

test('a budget of three is good for three decisions, which can be repeated when it is used up', () => {
  const standings = ['a', 'b', 'c', 'd', 'a', 'c'].map((what) => decide(what, { budget: 3 }))
  expect(standings.map(({ number, isUsedUp }) => [number, isUsedUp])).toEqual([
    [1, false],
    [2, false],
    [3, false],
    [4, true],
    [1, false],
    [3, false],
  ])
  expect(ledger.testSets()).toMatchObject([{ path: 'data.csv', rows: 600, decisions: 4, budget: 3, spent: 1 }])
})

test('a budget that is raised on the way is not spent twice', () => {
  for (const what of ['a', 'b', 'c', 'd', 'e']) decide(what, { budget: 10 })
  // Half is spent; the other half is good for 50 hundredths.
  const later = Array.from({ length: 51 }, (_, i) => decide(`later ${i}`, { budget: 100 }).isUsedUp)
  expect(later.indexOf(true)).toBe(50)
})

test('decisions from before there was a budget take places in it, and are told of', () => {
  decide('a')
  decide('b')
  expect(decide('c', { budget: 3 })).toMatchObject({ number: 3, isUsedUp: false, withoutBudget: 2 })
  expect(decide('d', { budget: 3 })).toMatchObject({ number: 4, isUsedUp: true })
})

test('a list names the last path, first and last use', () => {
  decide('a', { at: new Date('2026-01-01T00:00:00Z') })
  decide('b', { at: new Date('2026-02-01T00:00:00Z'), path: 'moved.parquet' })
  decide('x', { data: 'older', at: new Date('2025-12-01T00:00:00Z') })
  expect(ledger.testSets()).toMatchObject([
    { path: 'moved.parquet', decisions: 2, spent: null, firstAt: '2026-01-01T00:00:00.000Z', lastAt: '2026-02-01T00:00:00.000Z' },
    { path: 'older.csv', decisions: 1 },
  ])
})

test('processes that decide at once lose no count, and give every decision a number of its own', async () => {
  const script = `
    const { openTestSetLedger } = await import(process.argv[1])
    const [dir, who] = process.argv.slice(2)
    const ledger = openTestSetLedger(dir)
    for (let i = 0; i < 25; i++) {
      const identity = i % 5 === 0 ? 'sha256:shared-' + i : 'sha256:' + who + '-' + i
      const { number } = ledger.record({ testSet: 'sha256:t', path: 't.csv', rows: 9, identity, model: who, budget: 20, runId: null, at: new Date() })
      console.log(identity + ' ' + number)
    }`
  const module = new URL(`file://${builtModule('model/ledger/ledger')}`).href
  const results = await Promise.all(
    ['ada', 'bea', 'cyn', 'dot'].map((who) =>
      exec([process.execPath, '--input-type=module', '-e', script, module, dir, who], {
        cwd: dir,
        env: { PATH: process.env['PATH'] ?? '' },
      }),
    ),
  )
  expect(results.map(({ exitCode, tail }) => [exitCode, tail.length])).toEqual(Array.from({ length: 4 }, () => [0, 25]))
  const numbers = new Map(results.flatMap(({ tail }) => tail.map((line) => line.split(' ') as [string, string])))
  // 4 × 20 of their own and 5 that are shared.
  expect(new Set(numbers.values()).size).toBe(85)
  expect(ledger.testSets()).toMatchObject([{ decisions: 85 }])
})

const table = (columns: Record<string, Column>): Table => ({ rowCount: Object.values(columns)[0]!.length, columns })

test('a test set is known again under another order of rows and columns, and whatever holds its numbers', () => {
  const one = testSetDigest(table({ a: Float64Array.of(1, 2, -0), b: ['x', null, 'z'] }), ['no', 'yes', 'no'])
  expect(testSetDigest(table({ b: ['z', 'x', null], a: [0, 1, 2] }), ['no', 'no', 'yes'])).toBe(one)
  expect(testSetDigest(table({ a: [1, 2, 0], b: ['x', null, 'z'] }), ['no', 'yes', 'no'])).toBe(one)
})

test.each([
  ['a label', { a: [1, 2, 3], b: ['x', 'y', 'z'] }, ['no', 'yes', 'yes']],
  ['a value', { a: [1, 2, 3.0000001], b: ['x', 'y', 'z'] }, ['no', 'yes', 'no']],
  ['values that change places in one column', { a: [2, 1, 3], b: ['x', 'y', 'z'] }, ['no', 'yes', 'no']],
  ['the columns of two values', { a: [1, 2, 'z'], b: ['x', 'y', 3] }, ['no', 'yes', 'no']],
  ['a name', { a: [1, 2, 3], c: ['x', 'y', 'z'] }, ['no', 'yes', 'no']],
  ['a row twice', { a: [1, 2, 3, 3], b: ['x', 'y', 'z', 'z'] }, ['no', 'yes', 'no', 'no']],
  ['null for its name', { a: [1, 2, 3], b: ['x', 'y', null] }, ['no', 'yes', 'no']],
] as const)('a test set is another one by %s', (_what, columns, labels) => {
  const one = testSetDigest(table({ a: [1, 2, 3], b: ['x', 'y', 'z'] }), ['no', 'yes', 'no'])
  expect(testSetDigest(table(columns as unknown as Record<string, Column>), labels)).not.toBe(one)
})

test('labels are known again by their spelling', () => {
  const data = table({ a: [1, 2] })
  expect(testSetDigest(data, [1, 0])).toBe(testSetDigest(data, ['1', '0']))
})

test('predictions are the same up to what another runtime makes of the last digits', () => {
  const said = (p: number, label: string | number = 'no') =>
    predictionsDigest({ rowCount: 1, labels: [label], classes: ['no', 'yes'], probabilities: Float64Array.of(1 - p, p) })
  expect(said(0.3 + 1e-9)).toBe(said(0.3))
  expect(said(0.3001)).not.toBe(said(0.3))
  expect(said(0.3, 'yes')).not.toBe(said(0.3))
  const bare = (label: number) => predictionsDigest({ rowCount: 1, labels: [label], classes: null, probabilities: null })
  expect(bare(123456.7 + 1e-3)).toBe(bare(123456.7))
  expect(bare(124)).not.toBe(bare(123))
})
