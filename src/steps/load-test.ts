import { z } from 'zod'
import { formatCount } from '../core/counts.ts'
import { Duration, formatDuration } from '../core/duration.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { DATATYPES } from '../core/predictor.ts'
import { evenlySpread, takeRows } from '../core/table.ts'
import { readTable } from '../drivers/duckdb.ts'
import { displayUrl, httpJson } from '../drivers/http.ts'
import { ARRIVALS } from '../load/arrivals.ts'
import { judgeLoad, measurementOf, ms, percentilesOf } from '../load/judge-load.ts'
import type { LoadTally } from '../load/load-plan.ts'
import { runLoad } from '../load/run-load.ts'
import { encodeInferRequest } from '../serve/encode-request.ts'
import { endpointAddress, endpointParams, endpointReads, findModel, type EndpointModel } from './endpoint.ts'

/** Rows from which the payloads are drawn. */
const PAYLOADS = 1000
const MOST_REQUESTS = 10_000_000

export const loadTest = defineStep({
  name: 'load-test',
  summary: 'Put a load on an endpoint on a fixed schedule and judge its response times and errors by their intervals.',
  params: z.strictObject({
    ...endpointParams,
    testData: z.string().meta({ value: 'PATH' }).describe('Data whose rows are sent, one per request'),
    rps: z.number().positive().max(100_000).default(100).describe('Requests per second'),
    duration: Duration.refine((ms) => ms > 0, 'must be more than 0')
      .prefault('60s')
      .describe('How long is measured'),
    warmup: Duration.prefault('2s').describe('How long the same load runs before, unmeasured'),
    maxP95: Duration.prefault('250ms').describe('Limit on the 95th percentile of the response time'),
    maxP99: Duration.optional().describe('Limit on the 99th percentile; none by default'),
    maxErrorRate: z.number().gt(0).max(1).default(0.01).describe('Limit on the share of requests that fail'),
    arrivals: z.enum(ARRIVALS).default('constant').describe('Evenly spaced, or in random bunches as from independent users'),
    timeout: Duration.prefault('10s').describe('A request without an answer after this has failed'),
    maxInFlight: z.int().min(1).max(100_000).default(2000).describe('Requests that may wait for an answer at once'),
    seed: z.int().default(1).describe('Fixes the random arrivals and the order of the rows'),
  }),
  examples: [
    'plimsoll load-test --environment staging --test-data data/test/ --rps 100 --duration 60s',
    'plimsoll load-test --endpoint http://127.0.0.1:8080 --test-data data/test/ --rps 50 --duration 30s --max-p99 100ms',
  ],
  reads: (params) => [...endpointReads(params), file(params.testData)],
  writes: () => [],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    requireFeasible(params.rps, params.duration + params.warmup)
    const model = await findModel(await endpointAddress(context, params), context.signal)
    const bodies = await payloads(context, model, params.testData)
    context.say(
      `${params.rps} requests/s for ${formatDuration(params.duration)} after ${formatDuration(params.warmup)} of warm-up`,
    )
    const tally = await runLoad(
      {
        url: `${model.url}/infer`,
        bodies,
        rps: params.rps,
        durationMs: params.duration,
        warmUpMs: params.warmup,
        arrivals: params.arrivals,
        seed: params.seed,
        timeoutMs: params.timeout,
        maxInFlight: params.maxInFlight,
      },
      context.signal,
    )
    return stepReport({
      name: 'load-test',
      summary: summaryOf(tally, params.rps),
      subject: { kind: 'endpoint', name: displayUrl(model.url) },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results: judgeLoad(tally, params),
      details: {
        endpoint: displayUrl(model.url),
        plan: {
          rps: params.rps,
          durationMs: params.duration,
          warmUpMs: params.warmup,
          arrivals: params.arrivals,
          seed: params.seed,
        },
        payloads: bodies.length,
        ...tallyDetails(tally),
      },
    })
  },
})

/** The schedule of all requests is made beforehand. */
function requireFeasible(rps: number, totalMs: number): void {
  if ((rps * totalMs) / 1000 <= MOST_REQUESTS) return
  throw new UserError(
    'E_VALUE',
    `${formatCount(rps)} requests/s for ${formatDuration(totalMs)} are more than ${formatCount(MOST_REQUESTS)} requests`,
    {
      hint: 'Lower --rps or --duration.',
    },
  )
}

/** One request body per sampled row. */
async function payloads({ cwd, signal }: StepContext, model: EndpointModel, testData: string): Promise<string[]> {
  const data = await readTable(cwd, testData, { signal })
  if (data.rowCount === 0) throw new UserError('E_FILE_FORMAT', `There are no rows in ${testData}`)
  const metadata = Metadata.safeParse(await httpJson(model.url, { signal }))
  if (!metadata.success || metadata.data.inputs.length === 0) {
    throw new UserError('E_NETWORK', `${displayUrl(model.url)} does not say what its inputs are`, {
      hint: 'The endpoint must speak the Open Inference Protocol v2 and describe its model.',
    })
  }
  const { inputs } = metadata.data
  return evenlySpread(data.rowCount, PAYLOADS).map((row) => encodeInferRequest(takeRows(data, [row]), inputs))
}

const Metadata = z.object({
  inputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.enum(DATATYPES),
      shape: z.array(z.int()),
      parameters: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
})

function summaryOf(tally: LoadTally, rps: number): string {
  const shown = percentilesOf(tally).filter(({ p }) => p <= 0.99)
  const times = shown.map(({ name, value }) => `${name} ${ms(value)}`).join(', ')
  return `${formatCount(tally.sent)} requests at ${rps}/s, ${tally.sent - tally.answered} failed, ${times}`
}

function tallyDetails(tally: LoadTally): Record<string, unknown> {
  const { sent, answered, failures, dropped, resent, warmUp, lag, service, elapsedMs } = tally
  const at = (times: LoadTally['lag'], p: number) => (times.count === 0 ? null : times.percentile(p) / 1e6)
  return {
    requests: { sent, answered, failures, dropped, resent },
    warmUp,
    elapsedMs,
    percentiles: percentilesOf(tally).map(measurementOf),
    serviceMs: { p50: at(service, 50), p95: at(service, 95), p99: at(service, 99) },
    /** How late the generator itself was. */
    lagMs: { p50: at(lag, 50), p99: at(lag, 99), max: at(lag, 100) },
  }
}
