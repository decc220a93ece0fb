import { expect, test } from 'vitest'
import { checkResult } from './check.ts'
import { allResults, countVerdicts, stepReport, type Report } from './report.ts'

const step = (name: string, verdicts: readonly ('pass' | 'fail' | 'skip')[]): Report =>
  stepReport({
    name,
    summary: '',
    startedAt: new Date(0),
    durationMs: 1,
    results: verdicts.map((verdict, i) => checkResult({ check: `c.${i}`, title: 't', verdict, message: 'm' })),
  })

test('a step is as good as its worst check, and an error when it has none', () => {
  expect(step('a', ['pass', 'fail', 'skip']).verdict).toBe('fail')
  expect(step('b', []).verdict).toBe('error')
})

test('results are found at every depth, with the path to them', () => {
  const run: Report = {
    ...step('run', ['pass']),
    children: [{ ...step('stage', []), children: [step('step', ['fail', 'skip'])] }],
  }
  expect([...allResults(run)].map(({ path, result }) => `${path.join('/')}:${result.verdict}`)).toEqual([
    'run:pass',
    'run/stage/step:fail',
    'run/stage/step:skip',
  ])
  expect(countVerdicts(run)).toEqual({ pass: 1, warn: 0, fail: 1, inconclusive: 0, error: 0, skip: 1 })
})
