import { UserError } from '../../../core/errors.ts'
import { displayUrl } from '../../../drivers/http.ts'
import type { z } from 'zod'
import { featureColumns } from '../columns.ts'
import type { Answer, Client } from './client.ts'
import type { Conversation } from './conversation.ts'
import { datatypesOf, encodeColumns, encodeMatrix, matrixInput } from './inputs.ts'
import { decodeOutputs } from './outputs.ts'
import { InferAnswer, Model, Server } from './protocol.ts'
import type { PredictorOptions } from '../options.ts'

/**
 * The Open Inference Protocol v2 (REST): the address of a server that has one model and says so, or of a model,
 * `http://host/v2/models/NAME` with or without `/versions/N`.
 *
 * @throws UserError E_NETWORK when it cannot be reached, E_PREDICTOR when it does not speak the protocol, E_NOT_FOUND for an
 *   unclear model, E_MODEL_INPUT for a matrix whose columns are not known
 */
export async function inferConversation(address: string, client: Client, options: PredictorOptions): Promise<Conversation> {
  const { name } = client
  const base = await modelAddress(address, client)
  const described = (await client.get(base.href))!
  const metadata = read(Model, described, name)
  const matrix = matrixInput(metadata)
  const features = matrix ? (options.features ?? null) : metadata.inputs.map((input) => input.name)
  if (matrix && features === null) {
    throw new UserError('E_MODEL_INPUT', `${name} takes a matrix of ${matrix.shape[1]} columns; their names are not known`, {
      hint: 'Name them in order with --features.',
    })
  }
  const reads = features && features.length > 0 ? features : null
  return {
    url: below(base, '/infer').href,
    digest: described.digest,
    features: reads,
    datatypes: datatypesOf(metadata, reads),
    importances: metadata.parameters?.feature_importances ?? null,
    encode(batch) {
      const columns = reads ? featureColumns(batch, reads, name) : new Map(Object.entries(batch.columns))
      return JSON.stringify({
        inputs: matrix ? [encodeMatrix(matrix, columns, batch, name)] : encodeColumns(metadata, columns, name),
      })
    },
    decode: (answer, rows) => ({
      rowCount: rows,
      ...decodeOutputs(read(InferAnswer, answer, name).outputs, metadata, rows, name, options.classes),
    }),
  }
}

/** `…/v2/models/NAME`, which may have to be asked for. */
async function modelAddress(address: string, client: Client): Promise<URL> {
  const url = new URL(address)
  url.hash = ''
  url.pathname = url.pathname.replace(/\/+$/, '')
  if (/\/v2\/models\/[^/]+/.test(url.pathname)) {
    url.pathname = url.pathname.replace(/\/infer$/, '')
    return url
  }
  url.pathname = url.pathname.replace(/\/v2$/, '')
  const { models = [] } = read(Server, (await client.get(below(url, '/v2').href))!, client.name)
  if (models.length !== 1) {
    const found = models.length === 0 ? 'does not say which models it has' : `has several models: ${models.join(', ')}`
    throw new UserError('E_NOT_FOUND', `${client.name} ${found}`, { hint: `Name one: ${displayUrl(url)}/v2/models/NAME.` })
  }
  return below(url, `/v2/models/${encodeURIComponent(models[0]!)}`)
}

function below(url: URL, path: string): URL {
  const longer = new URL(url)
  longer.pathname = `${url.pathname.replace(/\/$/, '')}${path}`
  return longer
}

function read<T>(schema: z.ZodType<T>, { value, excerpt }: Answer, name: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UserError('E_PREDICTOR', `${name} does not answer as the Open Inference Protocol says: ${excerpt}`, {
    hint: issue && `${issue.path.join('.')}: ${issue.message}`,
  })
}
