import { expect, test } from 'vitest'
import { keyColumns, readKey } from './row-key.ts'

test('the key of a schema: the first under keys, else the first unique column, else none', () => {
  const unique = { column: 'id', value: { unique: true } }
  expect(keyColumns([unique, { column: '', value: { keys: [['customer', 'month'], ['id']] } }])).toEqual(['customer', 'month'])
  expect(keyColumns([{ column: '', value: { keys: [{ columns: ['a'], severity: 'warning' }] } }])).toEqual(['a'])
  expect(keyColumns([{ column: '', value: { rows: { min: 1 } } }, unique])).toEqual(['id'])
  expect(keyColumns([{ column: 'id', value: { unique: { severity: 'warning' } } }])).toEqual(['id'])
  expect(keyColumns([{ column: 'id', value: { unique: false } }])).toEqual([])
})

test('values of a key are what their JSON says', () => {
  expect(readKey(['a', 'b', 'c', 'd'], ['"x"', '7', null, '007'])).toEqual({ a: 'x', b: 7, c: null, d: '007' })
})
