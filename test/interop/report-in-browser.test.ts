import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { checkResult } from '../../src/core/check.ts'
import { stepReport, type Report } from '../../src/core/report.ts'
import { renderHtml } from '../../src/report/html.tsx'
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
