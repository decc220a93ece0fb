import { expect, test } from 'vitest'
import type { Table } from '../../../core/table.ts'
import { rowEncoder } from './rows.ts'

const table: Table = {
  rowCount: 3,
  columns: {
    kind: ['red', null, 'grün'],
    x: Float64Array.of(0.1, Number.NaN, 2 ** 53),
    flag: [true, null, false],
    gap: [1, null, 3],
    any: ['a', 1.5, true],
    none: [null, null, null],
  },
}
const int32 = (bytes: Uint8Array) => [...new Int32Array(new Uint8Array(bytes).buffer)]
const doubles = (bytes: Uint8Array) => [...new Float64Array(new Uint8Array(bytes).buffer)]

test('numbers come first in the payload and every value is raw bytes', () => {
  const { header, parts } = rowEncoder(table, null, 'model')(0, 3)
  expect(header).toEqual({
    rows: 3,
    columns: [
      { name: 'kind', kind: 'dictionary', entries: 2, length: 8 },
      { name: 'x', kind: 'numbers' },
      { name: 'flag', kind: 'booleans' },
      { name: 'gap', kind: 'numbers' },
      { name: 'any', kind: 'mixed', numbers: 1, texts: 1, length: 1 },
      { name: 'none', kind: 'numbers' },
    ],
  })
  const [x, gap, none, codes, ends, words, flags, kinds, numbers] = parts
  expect(doubles(x!)).toEqual([0.1, Number.NaN, 2 ** 53])
  expect(doubles(gap!)).toEqual([1, Number.NaN, 3])
  expect(doubles(none!)).toEqual([Number.NaN, Number.NaN, Number.NaN])
  expect([int32(codes!), int32(ends!), Buffer.from(words!).toString()]).toEqual([[0, -1, 1], [3, 8], 'redgrün'])
  expect([[...flags!], [...kinds!], doubles(numbers!)]).toEqual([[1, 2, 0], [4, 1, 3], [1.5]])
})

test('a batch is of the same kinds as the whole table, and shares the memory of its numbers', () => {
  const { header, parts } = rowEncoder(table, ['gap', 'kind', 'x'], 'model')(1, 2)
  expect(header.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ['gap', 'numbers'],
    ['kind', 'dictionary'],
    ['x', 'numbers'],
  ])
  expect(int32(parts[2]!)).toEqual([-1])
  expect(parts[1]!.buffer).toBe((table.columns['x'] as Float64Array).buffer)
})

test('text with too many different values for a dictionary goes as it is, with what is missing told apart from empty text', () => {
  const words = Array.from({ length: 5000 }, (_, i) => (i === 1 ? null : i === 2 ? '' : `w${i}`))
  const encode = rowEncoder({ rowCount: 5000, columns: { words } }, null, 'model')
  const { header, parts } = encode(0, 4)
  expect(header.columns).toEqual([{ name: 'words', kind: 'text', missing: true, length: 4 }])
  expect([[...parts[0]!], int32(parts[1]!), Buffer.from(parts[2]!).toString()]).toEqual([[1, 0, 1, 1], [2, 2, 2, 4], 'w0w3'])
  expect(encode(3, 5).header.columns).toEqual([{ name: 'words', kind: 'text', missing: false, length: 4 }])
})
