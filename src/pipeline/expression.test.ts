import { array, assert, constantFrom, property } from 'fast-check'
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

function mistakeIn(text: string): ExpressionError | undefined {
  try {
    evaluate(parseExpression(text), scope)
    return undefined
  } catch (error) {
    if (error instanceof ExpressionError) return error
    throw error
  }
}

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
  const error = mistakeIn(text)
  expect(error?.message).toContain(message)
  expect(error?.column).toBe(column)
})

test('the stages that a condition looks at are known', () => {
  expect(parseExpression("stages.a.verdict == 'fail' || stages.b-c.verdict == 'fail'").stages).toEqual(['a', 'b-c'])
})

test('any text is either understood or refused with a column inside it', () => {
  const piece = constantFrom('branch', 'env.A', "'x'", '==', '&&', '||', '!', '(', ')', ',', 'contains', ' ', '@', 'true', '"')
  assert(
    property(array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join(' ')
      const column = mistakeIn(text)?.column ?? 1
      return column >= 1 && column <= text.length + 1
    }),
  )
})
