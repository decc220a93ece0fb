import { createHistogram } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { judgeLoad, measurementOf, percentilesOf } from './judge-load.ts'
import type { LoadTally } from './load-plan.ts'

/** A tally of answers with these response times in milliseconds. */
function tally(times: readonly number[], over: { failed?: number; dropped?: number; lagMs?: number } = {}): LoadTally {
  const { failed = 0, dropped = 0, lagMs = 0.1 } = over
  const [response, service, lag] = [createHistogram(), createHistogram(), createHistogram()]
  for (const time of times) {
    response.record(Math.round(time * 1e6))
    service.record(Math.max(1, Math.round((time - lagMs) * 1e6)))
    lag.record(Math.round(lagMs * 1e6))
  }
  return {
    sent: times.length + failed,
    answered: times.length,
    failures: failed > 0 ? { timeout: failed } : {},
    dropped,
    warmUp: { sent: 0, failed: 0 },
    response,
    service,
    lag,
    resent: 0,
    elapsedMs: 1000,
  }
}

/** 1 ms, 2 ms, … n ms. */
const ramp = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
const verdicts = (t: LoadTally, maxP95: number) => judgeLoad(t, { maxErrorRate: 0.01, maxP95 }).map(({ verdict }) => verdict)

test('passes when the whole interval is inside, fails when it is outside, else cannot tell', () => {
  // The interval of p95 of 500 is from the 465th to the 485th value.
  expect(verdicts(tally(ramp(500)), 490)).toEqual(['pass', 'pass'])
  expect(verdicts(tally(ramp(500)), 470)).toEqual(['pass', 'inconclusive'])
  expect(verdicts(tally(ramp(500)), 460)).toEqual(['pass', 'fail'])
})

test('500 requests without a failure prove an error rate below 1 %, 300 do not and say how many would', () => {
  const [enough] = judgeLoad(tally(ramp(500)), { maxErrorRate: 0.01 })
  expect(enough).toMatchObject({ verdict: 'pass' })
  // 1 - 0.025^(1/500), the exact upper end for no failures.
  expect(enough!.measurements[0]!.interval!.upper).toBeCloseTo(0.0073507, 6)
  const [few] = judgeLoad(tally(ramp(300)), { maxErrorRate: 0.01 })
  expect(few!.verdict).toBe('inconclusive')
  expect(few!.message).toContain('300 requests cannot tell, about 368 requests would tell')
})

test('a failed request counts as slower than any answer', () => {
  const mostlyFailed = tally(
    ramp(100).map(() => 1),
    { failed: 100 },
  )
  const [p50, p95] = percentilesOf(mostlyFailed)
  expect(p50!.value).toBeCloseTo(1, 1)
  expect(p50!.interval.upper).toBe(Infinity)
  expect(p95!.value).toBe(Infinity)
  expect(verdicts(mostlyFailed, 250)).toEqual(['fail', 'fail'])
  expect(measurementOf(p95!)).toMatchObject({ value: null, interval: { lower: null, upper: null } })
})

test('a percentile that so few requests cannot resolve never passes', () => {
  const [, p99] = judgeLoad(tally(ramp(100)), { maxErrorRate: 0.5, maxP99: 1000 })
  expect(p99).toMatchObject({ check: 'load.p99', verdict: 'inconclusive' })
  expect(p99!.message).toContain('not resolvable')
  expect(p99!.message).toContain('about 368 requests would tell')
})

test('a late generator can be blamed for slowness, never for speed', () => {
  const lateButFast = tally(
    ramp(500).map(() => 40),
    { lagMs: 30 },
  )
  expect(verdicts(lateButFast, 250)).toEqual(['pass', 'pass'])
  const slowOnlyByLag = tally(
    ramp(500).map(() => 300),
    { lagMs: 200 },
  )
  expect(verdicts(slowOnlyByLag, 250)).toEqual(['pass', 'error'])
  const slowAnyway = tally(
    ramp(500).map(() => 900),
    { lagMs: 200 },
  )
  expect(verdicts(slowAnyway, 250)).toEqual(['pass', 'fail'])
  const tooFew = tally(
    ramp(50).map(() => 40),
    { lagMs: 30 },
  )
  expect(verdicts(tooFew, 250)).toEqual(['inconclusive', 'inconclusive'])
})

test('nothing measured is an error, and requests that were not sent take a pass away', () => {
  expect(verdicts(tally([]), 250)).toEqual(['error', 'error'])
  expect(verdicts(tally(ramp(500), { dropped: 1 }), 1000)).toEqual(['error', 'error'])
  expect(verdicts(tally(ramp(500), { dropped: 1 }), 100)).toEqual(['error', 'fail'])
})
