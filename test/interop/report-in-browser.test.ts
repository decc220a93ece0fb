import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { checkResult } from '../../src/core/check.ts'
import { stepReport, type Report } from '../../src/core/report.ts'
import { renderHtml } from '../../src/report/html.tsx'
import { dataReport } from '../fixtures/data-report.ts'
import { CHROMIUM, lacks } from './peers.ts'

/** Without these, Chromium looks for its maker's hosts. */
const OFFLINE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Texts of drawings that reach beyond the drawing. */
const CUT_OFF = `[...document.querySelectorAll('svg.chart text')]
  .filter((text) => {
    const [own, all] = [text.getBoundingClientRect(), text.closest('svg').getBoundingClientRect()]
    return own.left < all.left - 1 || own.right > all.right + 1
  })
  .map((text) => text.textContent)`

const HOSTILE = '<img src=x onerror="document.title=\'run\'"><script>document.title="run"</script>'

const step = stepReport({
  name: 'validate-model',
  summary: HOSTILE,
  startedAt: new Date(0),
  durationMs: 12,
  results: [
    checkResult({
      check: 'model.accuracy',
      title: 'Accuracy',
      verdict: 'fail',
      message: HOSTILE,
      measurements: [
        {
          name: 'accuracy',
          value: 0.8,
          n: 500,
          interval: { lower: 0.76, upper: 0.83, confidence: 0.95, method: 'wilson' },
          threshold: { value: 0.85, good: 'at-least' },
        },
      ],
    }),
  ],
})
const stage: Report = { ...step, kind: 'stage', name: 'model-validation', results: [], children: [step] }
const run: Report = { ...stage, kind: 'run', name: 'mortgage', children: [stage] }

test.skipIf(lacks('chromium'))(
  'the report page (chromium) shows gates with their intervals, runs no script and asks for nothing',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-report-'))
    await writeFile(join(folder, 'report.html'), await renderHtml(run))
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: OFFLINE })
    try {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ colorScheme, viewport: { width: 390, height: 800 } })
        const asked: string[] = []
        page.on('request', (request) => asked.push(request.url()))
        await page.goto(`file://${join(folder, 'report.html')}`)
        expect(await page.locator('h1').innerText()).toContain('mortgage')
        expect(await page.locator('svg.interval').first().isVisible()).toBe(true)
        expect(await page.title()).not.toBe('run')
        expect(asked).toEqual([`file://${join(folder, 'report.html')}`])
        // A page that is wider than a telephone hides its verdicts.
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
        await page.close()
      }
    } finally {
      await browser.close()
      await rm(folder, { recursive: true })
    }
  },
)

test.skipIf(lacks('chromium'))(
  'the page of a validation (chromium) draws columns in colours of the scheme, runs no script, asks for nothing and fits',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-report-'))
    const url = `file://${join(folder, 'page.html')}`
    await writeFile(join(folder, 'page.html'), await renderHtml(dataReport(50)))
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: OFFLINE })
    try {
      const colours = new Set<string>()
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [390, 1280]) {
          const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } })
          const asked: string[] = []
          const complaints: string[] = []
          page.on('request', (request) => asked.push(request.url()))
          page.on('console', (message) => complaints.push(message.text()))
          await page.goto(url)
          expect(await page.locator('table.columns tbody tr').count()).toBe(50)
          expect(await page.locator('svg.chart .current path').nth(5).isVisible()).toBe(true)
          colours.add(await page.evaluate('getComputedStyle(document.querySelectorAll("svg.chart .current path")[5]).fill'))
          expect(await page.locator('.failing tbody tr').count()).toBeGreaterThan(10)
          // No label of a drawing is cut off at its edge, and no row is stretched by a cell without room.
          expect(await page.evaluate(CUT_OFF)).toEqual([])
          const heights = 'Math.max(...[...document.querySelectorAll("table.columns tr")].map((row) => row.offsetHeight))'
          expect(await page.evaluate(heights)).toBeLessThan(360)
          expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
          expect(asked).toEqual([url])
          expect(complaints).toEqual([])
          await page.close()
        }
      }
      expect(colours.size).toBe(2)
    } finally {
      await browser.close()
      await rm(folder, { recursive: true })
    }
  },
)
