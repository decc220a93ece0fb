import { expect, test } from 'vitest'
import { brokenColumn, hostileReport, sampleReport } from '../../test/fixtures/sample-report.ts'
import { checkResult } from '../core/check.ts'
import type { Verdict } from '../core/verdict.ts'
import { renderAnnotations, renderStepSummary } from './github.ts'

test('one annotation per check that is not pass or skip, the most important first', () => {
  expect(renderAnnotations(sampleReport)).toMatchInlineSnapshot(`
    "::error title=model-validation › validate-model › Accuracy at least 0.85::Accuracy is 0.8109, below 0.85 even at the upper end of its interval.%0ALook at the slices below for where the model is weak.
    ::error title=integration-tests › Service postgres::No PostgreSQL could be had.%0ASet DATABASE_URL or install PostgreSQL.
    ::warning title=model-validation › validate-model › True-positive rate difference::The difference is 0.06 with an interval from -0.09 to 0.21; about 900 more rows are needed.
    ::warning file=data/raw/latest.parquet,line=17,title=data-validation › validate-schema › hrat at most 3::2 of 2,380 rows are above 3.%0ARaise the maximum in schemas/input.json if the value is real.
    "
  `)
})

test('a value can neither end a command nor begin another', () => {
  const lines = renderAnnotations(hostileReport()).trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  for (const line of lines) {
    expect(line).toMatch(/^::(error|warning) /)
    const properties = line.slice(2, line.indexOf('::', 2))
    expect(properties).not.toContain('::')
    expect(line).not.toContain('\r')
  }
})

test('at most ten of each kind; failures are kept before warnings and the rest is counted', () => {
  const check = (verdict: Verdict, i: number) =>
    checkResult({ check: `${verdict}-${i}`, title: `${verdict} ${i}`, verdict, message: 'm' })
  const of = (verdict: Verdict, n: number) => Array.from({ length: n }, (_, i) => check(verdict, i))
  const results = [...of('warn', 12), ...of('error', 8), ...of('fail', 9), ...of('inconclusive', 3)]
  const lines = renderAnnotations({ ...sampleReport, results, children: [] })
    .trimEnd()
    .split('\n')
  const errors = lines.filter((line) => line.startsWith('::error '))
  const warnings = lines.filter((line) => line.startsWith('::warning '))
  expect(errors).toHaveLength(10)
  expect(warnings).toHaveLength(10)
  expect(errors.slice(0, 9).every((line) => line.includes('title=fail '))).toBe(true)
  expect(errors[9]).toContain('8 more are not shown')
  expect(warnings.slice(0, 3).every((line) => line.includes('title=inconclusive '))).toBe(true)
})

test('each broken rule of a schema stands at its own line of the schema', () => {
  const lines = renderAnnotations({ ...sampleReport, results: [brokenColumn], children: [] })
  expect(lines).toMatchInlineSnapshot(`
    "::error file=schemas/input.json,line=11,col=7,title=Column age › age%3A type integer::12 rows (1.2 %25) break type integer: line 14: -3%0AThe column holds VARCHAR.
    ::error file=schemas/input.json,line=12,col=7,title=Column age › age%3A minimum 18::12 rows (1.2 %25) break minimum 18: line 14: -3%0AThe column holds VARCHAR.
    ::warning file=schemas/input.json,line=13,col=7,title=Column age › age%3A maximum 120::12 rows (1.2 %25) break maximum 120: line 14: -3%0AThe column holds VARCHAR.
    "
  `)
})

test('a step summary stays under 1 MiB together with what is there already', () => {
  const results = Array.from({ length: 3000 }, (_, i) =>
    checkResult({ check: `c${i}`, title: `check ${i}`, verdict: 'fail', message: 'é'.repeat(500) }),
  )
  const summary = renderStepSummary({ ...sampleReport, results, children: [] }, 100_000)
  expect(Buffer.byteLength(summary) + 100_000).toBeLessThan(1024 * 1024)
  expect(summary).toContain('left out')
})
