import { expect, test } from 'vitest'
import { hostileReport, sampleReport } from '../../test/fixtures/sample-report.ts'
import { renderHtml } from './html.tsx'

test('the sample', async () => {
  await expect(
    (await renderHtml(sampleReport)).replace(/<style>[^]*?<\/style>/, '<style/>').replaceAll('><', '>\n<'),
  ).toMatchFileSnapshot('../../test/golden/report.html')
})

test('is one page that fetches nothing and runs nothing', async () => {
  const html = await renderHtml(sampleReport)
  expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(/)
  expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
})

test('hostile text stays text', async () => {
  const tags = (html: string) => new Set([...html.matchAll(/<([a-z0-9]+)/gi)].map(([, tag]) => tag))
  const html = await renderHtml(hostileReport())
  const sample = tags(await renderHtml(sampleReport))
  expect([...tags(html)].filter((tag) => !sample.has(tag))).toEqual([])
  expect(html).not.toMatch(/<[^>]*\sonload="x/)
})

test('the bar holds the interval, the value and the threshold where they belong', async () => {
  const html = await renderHtml(sampleReport)
  expect(html).toContain('aria-label="0.8109 [0.7733, 0.8436] at 95 % (wilson), n = 476, gate ≥ 0.85"')
  const bar = /<svg class="interval"[^]*?<\/svg>/.exec(html)![0]
  const number = (pattern: RegExp) => Number(pattern.exec(bar)![1])
  const left = number(/class="range" x="([\d.]+)"/)
  const right = left + number(/class="range"[^>]* width="([\d.]+)"/)
  const value = number(/class="value" cx="([\d.]+)"/)
  const threshold = number(/class="threshold" x1="([\d.]+)"/)
  expect(left).toBeLessThan(value)
  expect(value).toBeLessThan(right)
  expect(right).toBeLessThan(threshold)
})
