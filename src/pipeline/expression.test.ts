import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate, ExpressionError, parseExpression } from './expression.ts'

const scope = {
  branch: 'main',
  event: 'push',
  env: { DEPLOY: 'true', EMPTY: '' },
  verdict: (stage: string) => ({ train: 'pass', test: 'fail' })[stage] ?? 'skip',
}

test.each([
  ["branch == 'main'", true],
  ['branch == "dev"', false],
  ["branch != 'dev' && event == 'push'", true],
  ["branch == 'dev' || event == 'push'", true],
  ["branch == 'main' || event == 'x' && event == 'y'", true], // && binds more tightly
  ["(branch == 'main' || event == 'x') && event == 'y'", false],
  ["!(branch == 'main')", false],
  ['env.DEPLOY', true],
  ['!env.EMPTY', true],
  ['env.NOT_THERE', false],
  ['env.constructor', false],
  ['env.DEPLOY == true', true],
  ["stages.train.verdict == 'pass'", true],
  ["stages.model-validation.verdict == 'skip'", true],
  ["startsWith(branch, 'ma') && endsWith(branch, 'in') && contains(branch, 'ai')", true],
  ['true', true],
  ['!!false', false],
])('%s is %s', (text, expected) => {
  expect(evaluate(parseExpression(text), scope)).toBe(expected)
})

test.each([
  ['', 1, 'Expected a value'],
  ['branch ==', 10, 'Expected a value, found the end'],
  ["branch = 'main'", 8, '"=" is not understood'],
  ["branch == 'main", 11, 'A string is not closed'],
  ['brunch', 1, 'Did you mean "branch"?'],
  ['(branch', 8, 'Expected ")"'],
  ['branch branch', 8, 'Expected an operator'],
  ['toString(branch, branch)', 1, 'is not known'],
  ['stages.a.b.verdict', 1, 'is not known'],
  ['contains(branch)', 16, 'Expected ","'],
  ['('.repeat(60) + 'branch', 51, 'Nested too deeply'],
])('%s: column %i', (text, column, message) => {
  try {
    parseExpression(text)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressionError)
    expect((error as ExpressionError).message).toContain(message)
    expect((error as ExpressionError).column).toBe(column)
  }
})

test('the stages that a condition looks at are known', () => {
  expect(parseExpression("stages.a.verdict == 'fail' || stages.b-c.verdict == 'fail'").stages).toEqual(['a', 'b-c'])
})

test('any text is either understood or refused with a column inside it', () => {
  const piece = fc.constantFrom('branch', 'env.A', "'x'", '==', '&&', '||', '!', '(', ')', ',', 'contains', ' ', '@', 'true', '"')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join(' ')
      try {
        expect(typeof evaluate(parseExpression(text), scope)).toBe('boolean')
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError)
        expect((error as ExpressionError).column).toBeGreaterThanOrEqual(1)
        expect((error as ExpressionError).column).toBeLessThanOrEqual(text.length + 1)
      }
    }),
  )
})
