import { checkResult, type CheckResult, type Interval, type Measurement, type Threshold } from '../core/check.ts'
import { judge, type Judgement } from '../stats/judge.ts'
import { clopperPearson } from '../stats/proportion.ts'
import type { LoadTally } from './load-plan.ts'
import { quantileRanks, valuesToResolve } from './quantile.ts'

/** What an endpoint is allowed. */
export interface LoadLimits {
  /** Milliseconds; undefined judges nothing by it. */
  readonly maxP95?: number | undefined
  readonly maxP99?: number | undefined
  /** Share of requests. */
  readonly maxErrorRate: number
}

/** A quantile of the time that answers took, in milliseconds; Infinity where the request at that rank failed. */
export interface Percentile {
  readonly name: string
  readonly p: number
  readonly value: number
  /** `upper` is null when so few requests cannot tell how high the quantile may be. */
  readonly interval: Interval
  readonly n: number
}

const CONFIDENCE = 0.95
const REPORTED = [0.5, 0.95, 0.99, 0.999]
/** The generator's own delay that is let pass: this, or that share of a limit. */
const LAG_MS = 1
const LAG_SHARE = 0.05

/**
 * Quantiles of the response time (`response`: from the moment when a request was due) or of the service time (`service`: from
 * the moment when it was sent). A failed request counts as slower than any answered one, so that a server cannot look
 * fast by refusing.
 */
export function percentilesOf(tally: LoadTally, times: 'response' | 'service' = 'response'): Percentile[] {
  const at = (rank: number | null): number | null => {
    if (rank === null) return null
    return rank > tally.answered ? Infinity : tally[times].percentile((100 * rank) / tally.answered) / 1e6
  }
  if (tally.sent === 0) return []
  return REPORTED.map((p) => {
    const ranks = quantileRanks(p, tally.sent, CONFIDENCE)
    const interval = { lower: at(ranks.lower), upper: at(ranks.upper), confidence: CONFIDENCE, method: 'order-statistics' }
    return { name: `p${Number((p * 100).toFixed(3))}`, p, value: at(ranks.rank)!, interval, n: tally.sent }
  })
}

/** A percentile for a report: nothing in place of a number that was not measured. */
export function measurementOf({ name, value, interval, n }: Percentile): Measurement {
  const finite = (end: number | null) => (end !== null && Number.isFinite(end) ? end : null)
  const { lower, upper } = interval
  return { name, value: finite(value), unit: 'ms', interval: { ...interval, lower: finite(lower), upper: finite(upper) }, n }
}

/** Judges what came of a load, each limit by the interval of what was measured. */
export function judgeLoad(tally: LoadTally, limits: LoadLimits): CheckResult[] {
  const checks = [judgeErrorRate(tally, limits.maxErrorRate)]
  if (limits.maxP95 !== undefined) checks.push(judgeLatency(tally, 0.95, limits.maxP95))
  if (limits.maxP99 !== undefined) checks.push(judgeLatency(tally, 0.99, limits.maxP99))
  return checks
}

function judgeErrorRate(tally: LoadTally, limit: number): CheckResult {
  const failed = tally.sent - tally.answered
  const value = failed / tally.sent
  const interval = tally.sent === 0 ? null : clopperPearson(failed, tally.sent, CONFIDENCE)
  const judgement = withDrops(judge({ value, interval, n: tally.sent }, atMost(limit)), tally)
  // With no failures the upper end is 1 - (α/2)^(1/n).
  const needed = failed === 0 ? Math.ceil(Math.log((1 - CONFIDENCE) / 2) / Math.log1p(-limit)) : judgement.rowsNeeded
  const found = `${failed} of ${tally.sent} requests failed (${range(interval, percent)})`
  return checkResult({
    check: 'load.error-rate',
    title: 'Error rate under load',
    verdict: judgement.verdict,
    message: sentence(judgement.verdict, found, `at most ${percent(limit)}`, tally, needed),
    expected: `at most ${percent(limit)}`,
    actual: percent(value),
    measurements: [
      {
        name: 'error-rate',
        value: Number.isNaN(value) ? null : value,
        unit: 'share',
        ...(interval && { interval }),
        n: tally.sent,
        threshold: atMost(limit),
      },
    ],
    findings: Object.entries(tally.failures)
      .toSorted(([, a], [, b]) => b - a)
      .map(([reason, count]) => ({ message: `${count} × ${reason}`, severity: 'error', rule: 'load.failure' })),
  })
}

/**
 * Latency counts from the moment when a request was due, so a delay of the generator itself can make an endpoint look slow but
 * never fast: a pass stands. Where the generator was late and there is no pass, the time from sending decides; if that passes,
 * the delay was the generator's, and nothing was measured.
 */
function judgeLatency(tally: LoadTally, p: number, limit: number): CheckResult {
  const of = (times: 'response' | 'service') => percentilesOf(tally, times).find((percentile) => percentile.p === p)
  const response = of('response')
  const judged = (percentile: Percentile | undefined) =>
    judge({ value: percentile?.value ?? null, interval: percentile?.interval ?? null, n: tally.sent }, atMost(limit))
  const lag = tally.lag.count === 0 ? 0 : tally.lag.percentile(99) / 1e6
  const late = lag > Math.max(LAG_MS, LAG_SHARE * limit)
  let judgement = judged(response)
  let excused = false
  if (late && judgement.verdict !== 'pass') {
    judgement = judged(of('service'))
    excused = judgement.verdict === 'pass'
    if (excused) judgement = { ...judgement, verdict: 'error' }
  }
  judgement = withDrops(judgement, tally)

  const name = response?.name ?? `p${p * 100}`
  const needed = response?.interval.upper === null ? valuesToResolve(p, CONFIDENCE) : judgement.rowsNeeded
  const found = response ? `${name} ${ms(response.value)} (${range(response.interval, ms)})` : 'nothing was measured'
  const why = excused ? `; the generator itself was late (lag p99 ${ms(lag)}), so the endpoint cannot be blamed` : ''
  return checkResult({
    check: `load.${name}`,
    title: `Response time ${name} under load`,
    verdict: judgement.verdict,
    message: sentence(judgement.verdict, found + why, `at most ${ms(limit)}`, tally, needed),
    expected: `at most ${ms(limit)}`,
    actual: response ? ms(response.value) : 'nothing',
    measurements: response ? [{ ...measurementOf(response), threshold: atMost(limit) }] : [],
    ...(excused && { hint: 'Run the load test where less else is running, or at a lower rate.' }),
  })
}

const atMost = (value: number): Threshold => ({ value, good: 'at-most' })

/** What was not sent made the load lighter than asked: failing under it counts, passing does not. */
function withDrops(judgement: Judgement, { dropped }: LoadTally): Judgement {
  return dropped === 0 || judgement.verdict === 'fail' ? judgement : { ...judgement, verdict: 'error' }
}

function sentence(
  verdict: Judgement['verdict'],
  found: string,
  allowed: string,
  tally: LoadTally,
  needed: number | null,
): string {
  const drops = tally.dropped === 0 ? '' : `; ${tally.dropped} requests could not be sent because too many were under way`
  const start = `${found}, allowed is ${allowed}${drops}`
  if (verdict !== 'inconclusive') return start
  const more = needed !== null && needed > tally.sent ? `about ${needed} requests would tell` : 'the two are too close to tell'
  return `${start}; ${tally.sent} requests cannot tell, ${more}`
}

function range(interval: Interval | null, format: (value: number) => string): string {
  if (interval === null) return 'no interval'
  const { lower, upper, confidence } = interval
  const end = (value: number | null, open: string) => (value === null ? open : format(value))
  return `${percent(confidence)} interval ${end(lower, 'below')} to ${end(upper, 'not resolvable')}`
}

export function ms(value: number): string {
  if (value === Infinity) return 'no answer'
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : Math.round(value)} ms`
}

function percent(share: number): string {
  return Number.isNaN(share) ? 'nothing' : `${Number((share * 100).toPrecision(3))} %`
}
