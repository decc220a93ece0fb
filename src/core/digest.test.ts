import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf, sha256, shortDigest, stableJson } from './digest.ts'

test('the digest of the empty text is the one of FIPS 180-4', () => {
  expect(sha256('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(shortDigest(sha256(''))).toBe('e3b0c44298fc')
})

test('the order of keys does not change a digest, a value does', () => {
  expect(digestOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(digestOf({ b: { d: null, c: [1, 2] }, a: 1 }))
  expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }))
  expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]))
})

test('stable JSON reads back as the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(stableJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
