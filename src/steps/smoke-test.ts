import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { shortDigest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file } from '../core/step.ts'
import { digestFile, requireFile } from '../drivers/files.ts'
import { displayUrl, excerpt, type HttpResponse } from '../drivers/http.ts'
import { MODEL_DIGEST_HEADER } from '../serve/protocol.ts'
import { endpointAddress, endpointParams, endpointReads, findModel, get } from './endpoint.ts'
import { compareGoldenRows } from './golden-rows.ts'

export const smokeTest = defineStep({
  name: 'smoke-test',
  summary: 'Check that an endpoint is ready, serves the model that it should, and predicts golden rows as the model itself does.',
  params: z.strictObject({
    ...endpointParams,
    model: z.string().meta({ value: 'FILE' }).describe('The model that the endpoint should serve'),
    testData: z.string().meta({ value: 'PATH' }).describe('Data from which the golden rows are taken'),
    rows: z.int().min(1).max(10_000).default(20).describe('How many rows to send'),
    tolerance: z.number().min(0).max(1).default(1e-5).describe('Largest difference of a probability that is let pass'),
    python: z.string().optional().meta({ value: 'PROGRAM' }).describe('The Python that loads a Python model'),
  }),
  examples: [
    'plimsoll smoke-test --environment staging --model artifacts/model.onnx --test-data data/test/',
    'plimsoll smoke-test --endpoint http://127.0.0.1:8080 --model artifacts/model.onnx --test-data data/test/ --rows 50',
  ],
  reads: (params) => [...endpointReads(params), file(params.model), file(params.testData)],
  writes: () => [],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const digest = await digestFile(await requireFile(context.cwd, params.model, 'The model'))
    const endpoint = await endpointAddress(context, params)
    const server = endpoint.replace(/\/v2(?:\/.*)?$/, '')
    // Nobody answers: that is thrown, and not a finding of an endpoint that works badly.
    const ready = await get(`${server}/v2/health/ready`, context.signal)
    const results = [
      readiness(server, ready),
      await identity(endpoint, digest, context.signal, params.endpoint ? 'foreign' : 'ours'),
      ...(await compareGoldenRows(context, { ...params, endpoint })),
    ]
    const golden = results.find(({ check }) => check === 'endpoint.golden-rows')
    return stepReport({
      name: 'smoke-test',
      summary: `${golden?.actual ?? 'no rows'} through ${displayUrl(server)} as ${shortDigest(digest)} predicts them`,
      subject: { kind: 'endpoint', name: displayUrl(endpoint), digest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results,
      details: { endpoint: displayUrl(endpoint), model: params.model, rows: params.rows, tolerance: params.tolerance },
    })
  },
})

function readiness(server: string, { status, text }: HttpResponse): CheckResult {
  const isReady = status === 200
  return checkResult({
    check: 'endpoint.ready',
    title: 'The endpoint is ready',
    verdict: isReady ? 'pass' : 'fail',
    message: isReady
      ? `${displayUrl(server)} says that it is ready.`
      : `${displayUrl(server)} is not ready: it answers ${status} ${excerpt(text, 80)}.`,
    expected: '200',
    actual: String(status),
  })
}

/** Which model the endpoint says that it serves. Servers that are not ours need not say; then the golden rows must tell. */
async function identity(endpoint: string, digest: string, signal: AbortSignal, whose: 'ours' | 'foreign'): Promise<CheckResult> {
  const check = { check: 'endpoint.identity', title: 'The endpoint serves the model', expected: digest }
  try {
    const model = await findModel(endpoint, signal)
    const { headers } = await get(model.url, signal)
    const reported = headers.get(MODEL_DIGEST_HEADER)
    if (reported === null) {
      const message = `${displayUrl(model.url)} does not say which model it serves (no ${MODEL_DIGEST_HEADER} header)`
      return checkResult({ ...check, verdict: whose === 'ours' ? 'fail' : 'skip', message: `${message}.` })
    }
    const same = reported === digest
    return checkResult({
      ...check,
      actual: reported,
      verdict: same ? 'pass' : 'fail',
      message: same
        ? `The endpoint serves "${model.name}" with digest ${shortDigest(digest)}, which is the model's.`
        : `The endpoint serves "${model.name}" with digest ${shortDigest(reported)}, but the model has ${shortDigest(digest)}.`,
      ...(!same && { hint: 'Deploy the model that was tested, or test the model that is deployed.' }),
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return checkResult({
      ...check,
      verdict: 'fail',
      message: `The endpoint does not say which model it has: ${error.message}.`,
      ...(error.hint !== undefined && { hint: error.hint }),
    })
  }
}
