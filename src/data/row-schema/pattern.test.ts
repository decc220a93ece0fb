import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { literal, openDuckdb } from '../../drivers/duckdb.ts'
import { toRe2 } from './pattern.ts'

const PATTERNS = [
  '^[A-Z]{2}\\d+$',
  '\\s',
  '^\\S*$',
  '[\\s,]+',
  '.',
  '^.$',
  'a|b|^$',
  '[^]',
  '[]',
  '[[a]',
  '[[:alpha:\\]]',
  '[&^~-]',
  '^(?<year>\\d{4})-(?:0[1-9]|1[0-2])$',
  '\\u00e9',
  '\\u{1F600}',
  '\\ud83d\\ude00',
  '\\x41',
  '[\\b]',
  '\\bfoo\\b',
  '\\cJ',
  '\\/\\.\\$',
  '\\p{Lu}',
  '\\P{L}',
  '\\p{Script=Greek}',
  '^(a+)+$',
  '\\w+@\\w+\\.\\w{2,3}',
  '\\0',
]
const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'AB12',
  'foo',
  'foobar',
  '2024-01',
  'é',
  '😀',
  'α',
  'x@y.org',
  '\n',
  'a\n',
  '\u2028',
  '\u00a0',
  '\ufeff',
  '\v',
  '[',
  ':]',
  '&',
  '^',
  '~',
  '-',
  '/.$',
  '\b',
  ',',
]

test('RE2 matches what ECMAScript matches', async () => {
  const duckdb = await openDuckdb()
  try {
    const random = fc.sample(
      fc.string({ unit: fc.constantFrom('a', 'A', '1', ' ', '\n', '\r', 'é', '😀', '[', ']', ':', '-', '\t'), maxLength: 6 }),
      300,
    )
    const texts = [...TEXTS, ...random]
    for (const pattern of PATTERNS) {
      const expression = new RegExp(pattern, 'u')
      const condition = `regexp_matches(text, ${literal(toRe2(pattern))})`
      const rows = await duckdb.query<{ matches: boolean }>(
        `SELECT ${condition} AS matches FROM (SELECT unnest([${texts.map(literal).join(', ')}]) AS text)`,
      )
      const differing = texts.filter((text, i) => expression.test(text) !== rows[i]!.matches)
      expect({ pattern, differing }).toEqual({ pattern, differing: [] })
    }
  } finally {
    duckdb.close()
  }
})

test.each([
  ['(?=a)b', /look-around/],
  ['(?<!a)b', /look-around/],
  ['(a)\\1', /back-reference/],
  ['(?<x>a)\\k<x>', /back-reference/],
  ['a{1001}', /repetitions/],
  ['[\\S]', /negated class/],
  ['(', /not a regular expression/],
  ['\\ud83d', /surrogate/],
])('%s is refused by name', (pattern, message) => {
  expect(() => toRe2(pattern)).toThrow(message)
})
