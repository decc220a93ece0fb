import type { Digest } from '../../core/digest.ts'
import { UserError } from '../../core/errors.ts'
import type { Label, Predictor } from '../../core/predictor.ts'
import { sliceTable } from '../../core/table.ts'
import { displayUrl, excerpt, httpRequest, type HttpOptions, type HttpResponse } from '../../drivers/http.ts'
import type { z } from 'zod'
import { featureColumns } from './columns.ts'
import { datatypesOf, encodeColumns, encodeMatrix, matrixInput } from './http-inputs.ts'
import { decodeOutputs } from './http-outputs.ts'
import { Answer, Model, Server } from './http-protocol.ts'
import type { PredictorOptions } from './options.ts'

const BATCH_ROWS = 1000
const TIMEOUT_MS = 30_000
const RETRIES = 2

/**
 * A predictor behind an address that speaks the Open Inference Protocol v2 (REST): the address of a server that has one model
 * and says so, or of a model, `http://host/v2/models/NAME`. Only a request that got no answer is sent again.
 *
 * @throws UserError E_NETWORK when it cannot be reached or does not speak the protocol, E_NOT_FOUND for an unclear model
 */
export async function openHttpPredictor(address: string, options: PredictorOptions): Promise<Predictor> {
  const { signal, timeout = TIMEOUT_MS } = options
  const name = displayUrl(address)
  const request: HttpOptions = { timeout, retries: RETRIES, ...(signal && { signal }) }
  const base = await modelAddress(address, name, request)
  const described = await httpRequest(base, request)
  const metadata = parse(Model, described, name)
  const digest = digestOf(described)
  const matrix = matrixInput(metadata)
  const features = matrix ? (options.features ?? null) : metadata.inputs.map((input) => input.name)
  if (matrix && features === null) {
    throw new UserError('E_MODEL_INPUT', `${name} takes a matrix of ${matrix.shape[1]} columns; their names are not known`, {
      hint: 'Name them in order with --features.',
    })
  }
  const reads = features && features.length > 0 ? features : null

  return {
    kind: 'http',
    name,
    digest,
    features: reads,
    datatypes: datatypesOf(metadata, reads),
    importances: metadata.parameters?.feature_importances ?? null,
    async predict(table, { signal: abort = signal, batchSize = BATCH_ROWS } = {}) {
      const { rowCount } = table
      const labels: Label[] = []
      const probabilities: number[] = []
      let classes: readonly Label[] | null = null
      for (let from = 0; from < rowCount; from += Math.max(1, batchSize)) {
        const batch = rowCount <= batchSize ? table : sliceTable(table, from, from + batchSize)
        const columns = reads ? featureColumns(batch, reads, name) : new Map(Object.entries(batch.columns))
        const inputs = matrix ? [encodeMatrix(matrix, columns, batch, name)] : encodeColumns(metadata, columns, name)
        const response = await httpRequest(`${base}/infer`, {
          ...request,
          ...(abort && { signal: abort }),
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ inputs }),
        })
        sameModel(digest, response, name)
        const answer = decodeOutputs(parse(Answer, response, name).outputs, metadata, batch.rowCount, name)
        for (const label of answer.labels) labels.push(label)
        for (const probability of answer.probabilities ?? []) probabilities.push(probability)
        classes = answer.classes
      }
      return { rowCount, labels, classes, probabilities: classes ? Float64Array.from(probabilities) : null }
    },
    close: async () => {},
  }
}

/** `…/v2/models/NAME`, which may have to be asked for. */
async function modelAddress(address: string, name: string, request: HttpOptions): Promise<string> {
  const bare = address.replace(/[?#].*$/, '').replace(/\/+$/, '')
  if (/\/v2\/models\/[^/]+/.test(bare)) return bare.replace(/\/infer$/, '')
  const base = bare.replace(/\/v2$/, '')
  const { models = [] } = parse(Server, await httpRequest(`${base}/v2`, request), name)
  if (models.length !== 1) {
    const found = models.length === 0 ? 'does not say which models it has' : `has several models: ${models.join(', ')}`
    throw new UserError('E_NOT_FOUND', `${name} ${found}`, { hint: `Name one: ${displayUrl(base)}/v2/models/NAME.` })
  }
  return `${base}/v2/models/${encodeURIComponent(models[0]!)}`
}

function parse<T>(schema: z.ZodType<T>, { status, text }: HttpResponse, name: string): T {
  if (status < 200 || status > 299) {
    throw new UserError('E_PREDICTOR', `${name} answered ${status}: ${excerpt(errorIn(text) ?? text)}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UserError('E_PREDICTOR', `${name} answered something that is not JSON: ${excerpt(text)}`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UserError('E_PREDICTOR', `${name} does not answer as the Open Inference Protocol says: ${excerpt(text, 120)}`, {
    hint: issue && `${issue.path.join('.')}: ${issue.message}`,
  })
}

/** The protocol's errors are `{ "error": "…" }`. */
function errorIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? error : undefined
  } catch {
    return undefined
  }
}

function digestOf({ headers }: HttpResponse): Digest | null {
  const digest = headers.get('x-model-digest')
  return digest !== null && /^sha256:[0-9a-f]{64}$/.test(digest) ? (digest as Digest) : null
}

/** Predictions of two models are no predictions of either. */
function sameModel(digest: Digest | null, response: HttpResponse, name: string): void {
  const now = digestOf(response)
  if (digest === null || now === null || now === digest) return
  throw new UserError('E_PREDICTOR', `${name} began to serve another model while it was asked`, {
    hint: `First ${digest}, now ${now}. Try again when the deployment is over.`,
  })
}
