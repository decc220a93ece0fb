import { expect, test } from 'vitest'
import { rowOf, sliceTable, tableFromRows } from './table.ts'

const TABLE = tableFromRows([
  { a: 1, b: 'x' },
  { a: 2, c: true },
])

test('rows become columns; what a row lacks is null; numbers alone are a Float64Array', () => {
  expect(TABLE).toEqual({ rowCount: 2, columns: { a: Float64Array.of(1, 2), b: ['x', null], c: [null, true] } })
})

test('a row comes back as it was, with its gaps', () => {
  expect(rowOf(TABLE, 1)).toEqual({ a: 2, b: null, c: true })
})

test('a slice past the end holds what there is', () => {
  expect(sliceTable(TABLE, 1, 10)).toEqual({ rowCount: 1, columns: { a: Float64Array.of(2), b: [null], c: [true] } })
  expect(sliceTable(TABLE, 5, 10).rowCount).toBe(0)
})
