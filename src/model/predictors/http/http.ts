import type { Digest } from '../../../core/digest.ts'
import { UserError } from '../../../core/errors.ts'
import type { Predictions, Predictor } from '../../../core/predictor.ts'
import { sliceTable } from '../../../core/table.ts'
import { displayUrl } from '../../../drivers/http.ts'
import { createClient, type Client } from './client.ts'
import type { Conversation } from './conversation.ts'
import { inferConversation } from './infer.ts'
import { joinBatches } from './batches.ts'
import { mlflowConversation } from './mlflow.ts'
import { tensorflowConversation } from './tensorflow.ts'
import type { PredictorOptions } from '../options.ts'

const BATCH_ROWS = 1000

/**
 * A predictor behind an address. The address tells the protocol: `…/invocations` is a scoring server of MLflow,
 * `…/v1/models/NAME:predict` TensorFlow Serving, everything else the Open Inference Protocol v2. Rows go in batches, of which
 * `options.concurrency` are under way at once; answers are put in the order of the rows. Only a request that got no answer is
 * sent again.
 *
 * @throws UserError E_VALUE for what is no address, and what `inferConversation` and `tensorflowConversation` throw
 */
export async function openHttpPredictor(address: string, options: PredictorOptions): Promise<Predictor> {
  if (!URL.canParse(address)) {
    throw new UserError('E_VALUE', `Not an http:// or https:// address: ${displayUrl(address)}`, {
      hint: 'Write the whole address, for example http://127.0.0.1:8080.',
    })
  }
  const client = createClient(address, options)
  const conversation = await converse(address, client, options)
  const { features, datatypes, importances } = conversation
  const { name } = client
  let { digest } = conversation
  /** Predictions of two models are no predictions of either. */
  const sameModel = (now: Digest | null) => {
    digest ??= now
    if (now === null || now === digest) return
    throw new UserError('E_PREDICTOR', `${name} began to serve another model while it was asked`, {
      hint: `First ${digest}, now ${now}. Try again when the deployment is over.`,
    })
  }
  return {
    kind: 'http',
    name,
    digest,
    features,
    datatypes,
    importances,
    async predict(table, { signal = options.signal, batchSize = BATCH_ROWS } = {}) {
      const { rowCount } = table
      const size = Math.max(1, batchSize)
      const count = Math.ceil(rowCount / size)
      const batches: Predictions[] = []
      let next = 0
      const failed = new AbortController()
      const abort = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
      const work = async (): Promise<void> => {
        while (next < count && !abort.aborted) {
          const index = next++
          const batch = count === 1 ? table : sliceTable(table, index * size, Math.min(rowCount, (index + 1) * size))
          const answer = await client.post(conversation.url, conversation.encode(batch), abort)
          sameModel(answer.digest)
          batches[index] = conversation.decode(answer, batch.rowCount)
        }
      }
      try {
        await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 1, count) }, work))
      } catch (error) {
        failed.abort(error)
        throw error
      }
      signal?.throwIfAborted()
      return joinBatches(batches, rowCount, name)
    },
    close: async () => {},
  }
}

function converse(address: string, client: Client, options: PredictorOptions): Conversation | Promise<Conversation> {
  const url = new URL(address)
  url.hash = ''
  const { pathname } = url
  if (/\/invocations\/?$/.test(pathname)) return mlflowConversation(url.href, client, options)
  const method = /\/v1\/models\/[^/:]+(?:\/(?:versions|labels)\/[^/:]+)?(?::(\w+))?$/.exec(pathname)
  if (method === null) return inferConversation(address, client, options)
  if (method[1] !== undefined && method[1] !== 'predict') {
    throw new UserError('E_VALUE', `${client.name} asks TensorFlow Serving to ${method[1]}, which answers in a way of its own`, {
      hint: `Give the address that ends in :predict.`,
    })
  }
  if (method[1] === undefined) url.pathname = `${pathname}:predict`
  return tensorflowConversation(url.href, client, options)
}
