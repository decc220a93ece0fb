import { createHistogram, performance } from 'node:perf_hooks'
import { messageOf } from '../core/errors.ts'
import { seededRandom } from '../stats/random.ts'
import { problemWith } from './answer.ts'
import { arrivalTimes } from './arrivals.ts'
import { createLoadClient } from './client.ts'
import type { LoadPlan, LoadTally } from './load-plan.ts'

/** setTimeout is up to a millisecond late; the rest of a wait is spent looking at the clock. */
const SPIN_MS = 1.5
/** Reasons told apart; a server that fails in a thousand ways needs no thousand counters. */
const MOST_REASONS = 20
/** The seed of the payloads must not repeat the numbers of the arrivals. */
const PAYLOAD_STREAM = 0x5eed

/** Sends the load from this thread and counts what comes of it. */
export async function generateLoad(plan: LoadPlan): Promise<LoadTally> {
  const times = arrivalTimes(plan.arrivals, plan.rps, plan.warmUpMs + plan.durationMs, plan.seed)
  const payloads = seededRandom(plan.seed ^ PAYLOAD_STREAM)
  const client = createLoadClient(plan.url, plan.timeoutMs)
  const [response, service, lag] = [histogram(), histogram(), histogram()]
  const failures: Record<string, number> = {}
  const warmUp = { sent: 0, failed: 0 }
  let [sent, answered, resent, dropped, inFlight] = [0, 0, 0, 0, 0]
  let lastAnswer = 0

  async function send(due: number, measured: boolean): Promise<void> {
    const sentAt = performance.now()
    if (measured) {
      sent++
      lag.record(nanoseconds(sentAt - due))
    } else warmUp.sent++
    inFlight++
    const problem = await ask(plan.bodies[payloads.integer(plan.bodies.length)]!, measured)
    inFlight--
    const now = performance.now()
    lastAnswer = now
    if (!measured) {
      if (problem !== null) warmUp.failed++
    } else if (problem === null) {
      answered++
      response.record(nanoseconds(now - due))
      service.record(nanoseconds(now - sentAt))
    } else {
      const reason = problem in failures || Object.keys(failures).length < MOST_REASONS ? problem : 'another reason'
      failures[reason] = (failures[reason] ?? 0) + 1
    }
  }

  async function ask(body: string, measured: boolean): Promise<string | null> {
    try {
      const answer = await client.post(body)
      if (measured && answer.resent) resent++
      return problemWith(answer.status, answer.body, 1)
    } catch (error) {
      return messageOf(error)
    }
  }

  const start = performance.now()
  const pending = new Set<Promise<void>>()
  await new Promise<void>((resolve) => {
    let next = 0
    const tick = () => {
      for (const now = performance.now(); next < times.length && start + times[next]! <= now; next++) {
        const measured = times[next]! >= plan.warmUpMs
        if (inFlight >= plan.maxInFlight) {
          if (measured) dropped++
          continue
        }
        const sending = send(start + times[next]!, measured)
        pending.add(sending)
        void sending.finally(() => pending.delete(sending))
      }
      if (next >= times.length) return resolve()
      const wait = start + times[next]! - performance.now()
      if (wait > SPIN_MS) setTimeout(tick, wait - 1)
      else setImmediate(tick)
    }
    tick()
  })
  await Promise.all(pending)
  client.close()
  const elapsedMs = Math.max(0, lastAnswer - start - plan.warmUpMs)
  return { sent, answered, failures, resent, dropped, warmUp, response, service, lag, elapsedMs }
}

/** Three significant digits. */
function histogram(): LoadTally['response'] {
  return createHistogram({ figures: 3 })
}

function nanoseconds(ms: number): number {
  return Math.max(1, Math.round(ms * 1e6))
}
