import { expect, test } from 'vitest'
import type { ColumnProfile, DataProfile } from '../core/column-profile.ts'
import { renderProfileHtml } from './data-profile-page.tsx'
import { blocks, renderProfileText } from './data-profile-text.ts'

const base = { rows: 1000, missing: 0, distinct: 400, distinctIsEstimate: false } as const
const AMOUNT: ColumnProfile = {
  ...base,
  name: 'the_amount_that_was_asked_for',
  type: 'DOUBLE',
  kind: 'number',
  missing: 123,
  numbers: { min: 0, max: 1234567.25, mean: 4321.5, standardDeviation: 99.5, quantiles: { '0.5': 4000 }, zeros: 1, infinite: 2 },
  histogram: { edges: Array.from({ length: 21 }, (_, i) => i), counts: Array.from({ length: 20 }, (_, i) => i * i) },
}
const WORD: ColumnProfile = {
  ...base,
  name: '<b>word</b>\u001b[31m',
  type: 'VARCHAR',
  kind: 'text',
  lengths: { min: 1, max: 9, mean: 4 },
  top: [
    { value: '<script>alert(1)</script>', rows: 900 },
    { value: 'two', rows: 100 },
  ],
}
const SECRET: ColumnProfile = { ...base, name: 'email', type: 'VARCHAR', kind: 'text', sensitive: true }
const profile = (columns: readonly ColumnProfile[]): DataProfile => ({ path: 'data.csv', format: 'csv', rows: 1000, columns })

test('a table is readable at 80 columns', () => {
  const text = renderProfileText(profile([AMOUNT, WORD, SECRET]), profile([AMOUNT]), { width: 80 })
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(text).toContain('the_amount_th…')
  expect(text).toContain('12.3 %')
  expect(text).not.toContain('\u001b')
  expect(text.match(/^ {2}reference/gm)).toHaveLength(1)
})

test('blocks are as high as their counts; an empty range is a space, a count of one is not', () => {
  expect(blocks({ edges: [0, 1, 2, 3, 4], counts: [1, 0, 500, 1000] }, 20)).toBe('▁ ▅█')
  expect(blocks({ edges: [0, 1, 2, 3, 4], counts: [1, 1, 4, 0] }, 2)).toBe('▅█')
})

test('a page shows every column with a drawing of its values, and runs nothing', async () => {
  const html = await renderProfileHtml(profile([AMOUNT, WORD, SECRET]), profile([AMOUNT, { ...WORD, name: 'gone' }]))
  expect(html.match(/<span class="column-name">/g)).toHaveLength(3)
  expect(html).toContain('aria-label="the_amount_that_was_asked_for: 20 ranges from 0 to 20, against the reference"')
  expect(html.match(/against the reference"/g)).toHaveLength(1)
  expect(html).toContain('&lt;script&gt;alert')
  expect(html).not.toMatch(/<script|https?:/)
  expect(html).toContain('values are masked')
  expect(html).not.toContain('class="before"')
  expect(html).toContain('Only in the reference: gone.')
  expect(html).not.toMatch(/Rules|Drift/)
})
