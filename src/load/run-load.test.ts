import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { arrivalTimes } from './arrivals.ts'
import { judgeLoad, percentilesOf } from './judge-load.ts'
import type { LoadPlan } from './load-plan.ts'
import { runLoad } from './run-load.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

const GOOD = JSON.stringify({ model_name: 'm', outputs: [{ name: 'label', shape: [1], datatype: 'INT64', data: [1] }] })
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => listener(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/models/m/infer`
}

const plan = (url: string, over: Partial<LoadPlan> = {}): LoadPlan => ({
  url,
  bodies: ['{"a":1}', '{"b":2}'],
  rps: 200,
  durationMs: 1000,
  warmUpMs: 0,
  arrivals: 'constant',
  seed: 1,
  timeoutMs: 5000,
  maxInFlight: 1000,
  ...over,
})

test('sends what the plan says, with every payload, and leaves the warm-up out', async () => {
  const bodies = new Map<string, number>()
  const url = await serve((request, response) => {
    bodies.set(request.headers['content-length']!, (bodies.get(request.headers['content-length']!) ?? 0) + 1)
    response.end(GOOD)
  })
  const tally = await runLoad(plan(url, { bodies: ['{"a":1}', '{"b":22}'], warmUpMs: 200 }))
  expect(tally).toMatchObject({ sent: 200, answered: 200, failures: {}, dropped: 0, warmUp: { sent: 40, failed: 0 } })
  expect(tally.response.count).toBe(200)
  expect(tally.lag.count).toBe(200)
  expect([...bodies.values()].toSorted((a, b) => a - b)[0]).toBeGreaterThan(80)
  expect(tally.elapsedMs).toBeGreaterThan(900)
})

test('a stall is seen by every request that was due in it, not by one', async () => {
  // Answers one at a time, at once, but for half a second in the middle not at all: a closed loop would see one slow request.
  let stalledUntil = 0
  let seen = 0
  const url = await serve((_request, response) => {
    if (++seen === 60) stalledUntil = performance.now() + 500
    setTimeout(() => response.end(GOOD), Math.max(0, stalledUntil - performance.now()))
  })
  const tally = await runLoad(plan(url))
  // 100 of the 200 requests were due in the stall; their waits are spread evenly from 500 ms to 0.
  expect(percentilesOf(tally).find(({ name }) => name === 'p95')!.value).toBeGreaterThan(350)
  expect(tally.response.mean / 1e6).toBeGreaterThan(80)
})

test('latency counts from the moment when a request was due, also when the generator was late', async () => {
  const url = await serve((_request, response) => response.end(GOOD))
  const tally = await runLoad(plan(url))
  expect(tally.response.mean).toBeGreaterThanOrEqual(tally.service.mean)
  expect(tally.response.max).toBeGreaterThanOrEqual(tally.lag.max * 0.99)
})

test('wrong answers, refusals and timeouts are failures by their reason', async () => {
  let count = 0
  const url = await serve((request, response) => {
    const kind = count++ % 5
    if (kind === 0) response.end(GOOD)
    else if (kind === 1) response.writeHead(500).end('no')
    else if (kind === 2) response.end('{"hello":"world"}')
    else if (kind === 3) response.writeHead(200, { 'content-length': 9 }).write('half', () => request.socket.destroy())
  })
  const tally = await runLoad(plan(url, { rps: 100, timeoutMs: 1500 }))
  expect(tally).toMatchObject({ sent: 100, answered: 20 })
  expect(tally.failures).toEqual({ 'status 500': 20, 'the answer has no outputs': 20, 'the answer broke off': 20, timeout: 20 })
  const checks = judgeLoad(tally, { maxErrorRate: 0.01, maxP95: 250 })
  expect(checks.map(({ check, verdict }) => [check, verdict])).toEqual([
    ['load.error-rate', 'fail'],
    ['load.p95', 'fail'],
  ])
  expect(checks[1]!.message).toContain('p95 no answer')
})

test('what is more than may be under way is dropped, and then nothing passes', async () => {
  const url = await serve(async (_request, response) => {
    await after(300)
    response.end(GOOD)
  })
  const tally = await runLoad(plan(url, { maxInFlight: 5 }))
  expect(tally.dropped).toBeGreaterThan(150)
  expect(tally.sent + tally.dropped).toBe(200)
  const [errorRate, p95] = judgeLoad(tally, { maxErrorRate: 0.5, maxP95: 10_000 })
  expect([errorRate!.verdict, p95!.verdict]).toEqual(['error', 'error'])
  // Too slow even under less than the whole load: that is a fail.
  expect(judgeLoad(tally, { maxErrorRate: 0.5, maxP95: 10 })[1]!.verdict).not.toBe('pass')
})

test('stops at once when aborted', async () => {
  const url = await serve((_request, response) => response.end(GOOD))
  const started = performance.now()
  await expect(runLoad(plan(url, { durationMs: 60_000 }), AbortSignal.timeout(200))).rejects.toThrow('timeout')
  expect(performance.now() - started).toBeLessThan(5000)
})

test('arrivals do not depend on anything but the plan', () => {
  expect([...arrivalTimes('constant', 4, 1000, 1)]).toEqual([0, 250, 500, 750])
  const poisson = arrivalTimes('poisson', 100, 100_000, 7)
  expect([...arrivalTimes('poisson', 100, 100_000, 7)]).toEqual([...poisson])
  expect(arrivalTimes('poisson', 100, 100_000, 8)[0]).not.toBe(poisson[0])
  // 10 000 expected; five standard deviations are 500. Mean and standard deviation of an exponential gap are the same.
  expect(Math.abs(poisson.length - 10_000)).toBeLessThan(500)
  const gaps = poisson.slice(1).map((time, i) => time - poisson[i]!)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length)
  expect(deviation / mean).toBeCloseTo(1, 1)
})
