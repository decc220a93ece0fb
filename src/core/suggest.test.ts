import { expect, test } from 'vitest'
import { didYouMean, suggest } from './suggest.ts'

const NAMES = ['validate-schema', 'validate-model', 'train', 'timeout']

test.each([
  ['validate-shema', 'validate-schema'],
  ['tiemout', 'timeout'],
  ['Train', 'train'],
  ['deploy', undefined],
])('%s is near %s', (mistyped, near) => {
  expect(suggest(mistyped, NAMES)).toBe(near)
})

test('without a near name, the known ones are listed', () => {
  expect(didYouMean('xyz', ['a-long-name', 'other'])).toBe('Known: a-long-name, other.')
  expect(didYouMean('xyz', [])).toBe('')
})
