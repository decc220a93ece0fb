import { expect, test } from 'vitest'
import { hostileReport, sampleReport } from '../../test/fixtures/sample-report.ts'
import { renderMarkdown } from './markdown.ts'

test('the sample', async () => {
  await expect(renderMarkdown(sampleReport)).toMatchFileSnapshot('../../test/golden/report.md')
})

test('nothing from data becomes HTML, a link or a mention', () => {
  const withoutCode = (text: string) => text.replace(/^( *)(`{3,})\n[^]*?\n\1\2$/gm, '').replace(/(`+) .*? \1(?!`)/g, '')
  const text = withoutCode(renderMarkdown(hostileReport()))
  expect(text).not.toMatch(/(^|[^\\])<script/)
  expect(text).not.toMatch(/[^\\]\[a\]\(/)
  expect(text).not.toContain('@team')
})

test('keeps within a budget of bytes, and says that something is left out', () => {
  const whole = renderMarkdown(sampleReport)
  const short = renderMarkdown(sampleReport, { maxBytes: 900 })
  expect(Buffer.byteLength(short)).toBeLessThanOrEqual(900)
  expect(short).toMatch(/sections? left out/)
  expect(whole.startsWith(short.split('\n')[0]!)).toBe(true)
})
