import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureBoth, writeData, type TableFormat } from '../../../test/table-rules-rig.ts'
import { literal, openDuckdb, type Duckdb } from '../../drivers/duckdb.ts'
import { mergeMoments, type Moments } from './aggregates/moments.ts'

// What files give one by one, merged in reading order, is what one pass over all of them gives.

let folder: string
let duckdb: Duckdb
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'table-rules-merge-'))
  duckdb = await openDuckdb()
  await writeData(duckdb, folder, 'other', 'csv', 'SELECT range AS id FROM range(4)')
})
afterAll(async () => {
  duckdb.close()
  await rm(folder, { recursive: true })
})

const words = fc.constantFrom('a', 'b', 'ab', 'é', '\uFFFD', '😀', 'Z', ' ')
const small = fc.integer({ min: -3, max: 6 })
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 6, arbitrary: values }, fc.constant(null))
const row = fc.record({
  n: maybe(fc.oneof(small, fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom('nan', 'inf', '-inf', '1e200'))),
  i: maybe(fc.oneof(small, fc.constantFrom('9007199254740992', '9007199254740993'))),
  d: maybe(fc.integer({ min: -200, max: 200 }).map((cents) => cents / 100)),
  s: maybe(words),
  b: maybe(fc.boolean()),
  t: maybe(
    fc.integer({ min: 0, max: 3e9 }).map((seconds) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')),
  ),
})
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never
const TYPES = { n: 'DOUBLE', i: 'BIGINT', d: 'DECIMAL(9,2)', s: 'VARCHAR', b: 'BOOLEAN', t: 'TIMESTAMP' } as const

const JSON_TYPES = { n: 'number', i: 'integer', d: 'number', s: 'string', b: 'boolean', t: 'string' } as const
const strictly = { direction: 'descending', strict: true }
const schema = {
  'x-plimsoll': {
    rows: { min: 1 },
    order: ['b', 's', 'i'],
    foreignKeys: [{ columns: ['i'], references: { file: 'other.csv', columns: ['id'] } }],
    predicates: [{ name: 'p', sql: 'n > d OR b' }],
  },
  properties: Object.fromEntries(
    Object.entries(JSON_TYPES).map(([name, type], at) => [
      name,
      {
        type: [type, 'null'],
        'x-plimsoll': {
          missing: { max: 1 },
          order: at % 2 === 0 ? 'ascending' : strictly,
          ...(type === 'string'
            ? { freshness: { maxAge: '1d' } }
            : { mean: { min: 0 }, standardDeviation: { min: 0 }, quantiles: { '0.5': { min: 0, max: 1 } } }),
        },
      },
    ]),
  ),
}

async function writeParts(name: string, format: TableFormat, parts: readonly (readonly Row[])[]): Promise<void> {
  await mkdir(join(folder, name))
  const names = Object.keys(TYPES) as (keyof Row)[]
  for (const [part, rows] of parts.entries()) {
    const nulls = `(0, ${names.map((column) => `NULL::${TYPES[column]}`).join(', ')})`
    const values = rows.map((one, at) => {
      const cells = names.map(
        (column) => `CAST(${one[column] === null ? 'NULL' : literal(String(one[column]))} AS ${TYPES[column]})`,
      )
      return `(${at + 1}, ${cells.join(', ')})`
    })
    const select = `SELECT ${names.join(', ')} FROM (VALUES ${[nulls, ...values].join(', ')}) t(at_, ${names.join(', ')}) WHERE at_ > 0 ORDER BY at_`
    await writeData(duckdb, join(folder, name), `part-${part}`, format, select)
  }
}

/** States are equal but for the rounding of sums. */
function isSame(merged: unknown, whole: unknown): boolean {
  if (typeof whole === 'number' && typeof merged === 'number')
    return Math.abs(merged - whole) <= 1e-9 * Math.max(1, Math.abs(whole))
  if (typeof whole !== 'object' || whole === null || typeof merged !== 'object' || merged === null) return merged === whole
  const keys = Object.keys(whole)
  return (
    keys.length === Object.keys(merged).length &&
    keys.every((key) => isSame((merged as Record<string, unknown>)[key], (whole as Record<string, unknown>)[key]))
  )
}

test.each([
  ['parquet', 8],
  ['csv', 3],
  ['jsonl', 3],
] as const)('%s: every aggregate that can be merged', { timeout: 120_000 }, async (format, numRuns) => {
  let run = 0
  const least = format === 'parquet' ? 0 : 1
  const parts = fc.array(fc.array(row, { minLength: least, maxLength: 12 }), { minLength: 2, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(parts, async (rows) => {
      const data = `${format}-${run++}`
      // JSON has no NaN and no infinity.
      const plain = rows.map((part) =>
        part.map((one) => (typeof one.n === 'string' && format === 'jsonl' ? { ...one, n: null } : one)),
      )
      await writeParts(data, format, plain)
      const { whole, merged } = await measureBoth({ duckdb, cwd: folder, data, schema })
      expect(merged.size).toBeGreaterThan(15)
      const different = [...merged].filter(([id, { state }]) => !isSame(state, whole.get(id)!.state))
      expect(different.map(([id, { state }]) => ({ id, merged: state, whole: whole.get(id)!.state }))).toEqual([])
    }),
    { numRuns, seed: 20_261_125 },
  )
})

test('moments of parts are those of the whole, as computed in two passes', () => {
  const momentsOf = (values: readonly number[]): Moments => {
    const n = values.length
    const mean = n === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / n
    return { n, mean, m2: values.reduce((sum, value) => sum + (value - mean) ** 2, 0), others: 1 }
  }
  const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 50 })
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 6 }), fc.constantFrom(0, 1e6), (parts, offset) => {
      const shifted = parts.map((part) => part.map((value) => value + offset))
      const merged = shifted.map(momentsOf).reduce(mergeMoments)
      const whole = momentsOf(shifted.flat())
      expect(merged.n).toBe(whole.n)
      expect(merged.others).toBe(parts.length)
      expect(Math.abs(merged.mean - whole.mean)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(whole.mean)))
      expect(Math.abs(merged.m2 - whole.m2)).toBeLessThanOrEqual(1e-6 * Math.max(1, whole.m2))
    }),
    { seed: 20_261_125 },
  )
})
