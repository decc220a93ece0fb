import { checkResult, type CheckResult } from '../core/check.ts'
import { UserError } from '../core/errors.ts'
import type { StepContext } from '../core/step.ts'
import { displayPath } from '../drivers/files.ts'
import { httpRequest } from '../drivers/http.ts'
import { environmentFiles } from '../release/local/layout.ts'
import type { Release } from '../release/release.ts'
import { MODEL_DIGEST_HEADER, MODEL_VERSION_HEADER, RELEASE_HEADER } from '../serve/protocol.ts'
import { compareGoldenRows } from './golden-rows.ts'

export interface EndpointExpectation {
  readonly url: string
  readonly environment: string
  readonly release: Release
  /** Rows to send; without them only the identity is checked. */
  readonly testData?: string | undefined
  readonly rows: number
}

/** Whether an endpoint is what it should be; `measured` says in the summary what that rests on. */
export async function endpointResults(
  context: StepContext,
  { url, environment, release, testData, rows }: EndpointExpectation,
): Promise<{ results: CheckResult[]; measured: string }> {
  const identity = await identityResult(context, url, release)
  // What another model answers says nothing of this one.
  if (testData === undefined || identity.verdict !== 'pass') return { results: [identity], measured: '' }
  const golden = await compareGoldenRows(context, {
    endpoint: `${url}/v2/models/${encodeURIComponent(release.modelName)}`,
    model: displayPath(context.cwd, environmentFiles(context.stateDir, environment).modelOf(release)),
    testData,
    rows,
    ...(release.python !== null && { python: release.python }),
  })
  return { results: [identity, ...golden], measured: `, ${rowsOf(golden)} golden rows` }
}

/** How many rows were sent, which may be fewer than were asked for. */
function rowsOf(golden: readonly CheckResult[]): number {
  return Math.max(0, ...golden.flatMap(({ measurements }) => measurements.map(({ n }) => n ?? 0)))
}

/** The endpoint is ready and says of itself that it is the release, with its model's digest. */
async function identityResult({ signal }: StepContext, url: string, release: Release): Promise<CheckResult> {
  const check = { check: 'deployment.identity', title: 'The endpoint serves the release', expected: release.modelDigest }
  try {
    const ready = await httpRequest(`${url}/v2/models/${encodeURIComponent(release.modelName)}/ready`, { signal })
    const answers = {
      release: [release.id, ready.headers.get(RELEASE_HEADER)],
      'model version': [release.modelVersion, ready.headers.get(MODEL_VERSION_HEADER)],
      'model digest': [release.modelDigest, ready.headers.get(MODEL_DIGEST_HEADER)],
    } as const
    const wrong = Object.entries(answers).filter(([, [expected, actual]]) => expected !== actual)
    const actual = ready.headers.get(MODEL_DIGEST_HEADER) ?? 'no digest'
    if (ready.status !== 200 && wrong.length === 0) {
      return checkResult({ ...check, actual, verdict: 'fail', message: `${url} is not ready: it answers ${ready.status}.` })
    }
    if (wrong.length > 0) {
      const said = wrong.map(([what, [expected, actual]]) => `${what} ${actual ?? 'missing'} instead of ${expected}`).join('; ')
      return checkResult({ ...check, actual, verdict: 'fail', message: `${url} serves something else: ${said}.` })
    }
    return checkResult({
      ...check,
      actual,
      verdict: 'pass',
      message: `${url} reports release ${release.id} with ${release.modelDigest}.`,
    })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return checkResult({
      ...check,
      verdict: 'error',
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    })
  }
}
