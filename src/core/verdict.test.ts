import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blocks, exitCode, VERDICTS, worstOf } from './verdict.ts'

test('nothing measured is an error, never a pass', () => {
  expect(worstOf([])).toBe('error')
  expect(worstOf(['skip', 'skip'])).toBe('error')
})

test.each([
  [['pass', 'skip'], 'pass'],
  [['pass', 'warn'], 'warn'],
  [['warn', 'inconclusive'], 'inconclusive'],
  [['inconclusive', 'fail'], 'fail'],
  [['fail', 'error', 'pass'], 'error'],
] as const)('the worst of %j is %s', (verdicts, worst) => {
  expect(worstOf(verdicts)).toBe(worst)
})

test('adding a verdict never makes a whole look better', () => {
  const order = ['pass', 'warn', 'inconclusive', 'fail', 'error']
  const verdict = fc.constantFrom(...VERDICTS)
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1 }), verdict, (verdicts, one) => {
      fc.pre(verdicts.some((each) => each !== 'skip'))
      expect(order.indexOf(worstOf([...verdicts, one]))).toBeGreaterThanOrEqual(order.indexOf(worstOf(verdicts)))
    }),
  )
})

test('exit codes: a gate that says no is 1, what could not be decided is 2', () => {
  expect(VERDICTS.map((verdict) => [verdict, exitCode(verdict, 'block'), exitCode(verdict, 'warn')])).toEqual([
    ['pass', 0, 0],
    ['warn', 0, 0],
    ['fail', 1, 1],
    ['inconclusive', 1, 0],
    ['error', 2, 2],
    ['skip', 0, 0],
  ])
})

test('an error blocks whatever the policy', () => {
  expect(blocks('error', 'warn')).toBe(true)
  expect(blocks('inconclusive', 'warn')).toBe(false)
  expect(blocks('inconclusive', 'block')).toBe(true)
})
