import assert from 'node:assert/strict'
import { test } from 'node:test'
import { featuresFrom, featuresOf } from '../../src/features.mjs'

const of = (columns, application) => featuresOf(featuresFrom(columns), application)

test('numbers are held between their limits', () => {
  assert.deepEqual(of(['pirat'], { pirat: 0.25 }), [0.25])
  assert.deepEqual(of(['pirat'], { pirat: 3 }), [1])
  assert.deepEqual(of(['chist', 'mhist'], { chist: 0, mhist: 9 }), [1, 4])
})

test('a loan above 95 % of the value is marked, one of exactly 95 % is not', () => {
  assert.deepEqual(of(['lvrat'], { lvrat: 0.95 }), [Math.fround(0.95), 0])
  assert.deepEqual(of(['lvrat'], { lvrat: 0.96 }), [Math.fround(0.96), 1])
})

test('yes and no become 1 and 0, anything else is not a number', () => {
  assert.deepEqual(of(['phist', 'selfemp'], { phist: 'yes', selfemp: 'no' }), [1, 0])
  assert.deepEqual(of(['phist', 'selfemp', 'hschool'], { phist: 'maybe', selfemp: null }), [Number.NaN, Number.NaN, Number.NaN])
})

test('a missing number is not a number', () => {
  assert.deepEqual(of(['pirat', 'lvrat'], { pirat: null }), [Number.NaN, Number.NaN, Number.NaN])
})

test('a column without features is refused by name', () => {
  assert.throws(() => featuresFrom(['pirat', 'shoe_size']), /no feature for the column "shoe_size"/)
})
