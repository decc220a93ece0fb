import { expect, test } from 'vitest'
import { dataReport } from '../../test/fixtures/data-report.ts'
import { HOSTILE, hostileReport, sampleReport } from '../../test/fixtures/sample-report.ts'
import type { Report } from '../core/report.ts'
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

test('columns of data: charts, values, rules and findings of each, against the reference', async () => {
  const html = await renderHtml(dataReport(6))
  const row = (name: string) => new RegExp(`<tr><th scope="row"><span class="column-name">${name}</span>.*?</tr>`).exec(html)![0]
  expect([...html.matchAll(/<span class="column-name">/g)]).toHaveLength(6)
  expect(row('amount_0')).toContain('aria-label="amount_0: 20 ranges from 0 to 50, against the reference"')
  expect(row('amount_0')).toContain(
    '<code>minimum 0</code>: 30 rows (0.1 %) break it <span class="place">schemas/input.json:10:7',
  )
  expect(row('amount_0')).toContain('PSI 0.31, above 0.2')
  expect(row('purpose_1')).toContain('aria-label="purpose_1: home improvement 50 %')
  expect(row('seen_at_2')).toContain('2024-01-01 to 2025-02-04 11:30')
  expect(row('ssn_4')).toContain('values are masked')
  expect(row('ssn_4')).not.toContain('role-mark current')
  expect(html).toContain('rows at least 1,000')
})

test('rows that break a rule are told with row, key, value and rule, in their order', async () => {
  const html = await renderHtml(dataReport(6))
  const table = /<section class="failing">.*?<\/section>/.exec(html)![0]
  const cells = [...table.matchAll(/<tr><td.*?<\/tr>/g)].map(([line]) =>
    [...line.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell!.replaceAll(/<[^>]*>/g, '')),
  )
  expect(table).toContain('Row of data/raw/latest.csv')
  expect(cells.slice(0, 3)).toEqual([
    ['17 (line 18)', 'c-1000', '2026-01', '-1', 'amount_0: minimum 0'],
    ['22 (line 23)', 'c-1000', '2026-01', '-1', 'amount_5: minimum 0'],
    ['57 (line 58)', 'c-1001', '2026-01', 'missing', 'amount_0: minimum 0'],
  ])
})

test('the page of a run has the columns of its data steps, folded; details of another version are left alone', async () => {
  const step = dataReport(3)
  const run: Report = { ...sampleReport, children: [{ ...sampleReport.children[0]!, children: [step] }] }
  expect(await renderHtml(run)).toContain('<details class="data"><summary>3 columns</summary>')
  const others = { columns: ['a', 'b'], rules: [{ rule: 'minimum' }], reference: 'old.csv' }
  const html = await renderHtml({ ...step, details: others })
  expect(html).not.toContain('<span class="column-name">')
})

test('columns may have hostile names and values', async () => {
  const report = dataReport(2)
  const text = JSON.stringify(report).replaceAll(
    /amount_0|home improvement|minimum 0|c-1000/g,
    JSON.stringify(HOSTILE).slice(1, -1),
  )
  const html = await renderHtml(JSON.parse(text) as Report)
  expect(html).not.toMatch(/<[^>]*\sonload="x|<script/)
  expect(html).toContain('&lt;script>')
})
