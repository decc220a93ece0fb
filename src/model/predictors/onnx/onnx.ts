import { access, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256 } from '../../../core/digest.ts'
import { messageOf, UserError } from '../../../core/errors.ts'
import type { Predictor } from '../../../core/predictor.ts'
import { decodeOnnx, encodeOnnx, type ModelProto } from '../../../drivers/onnx-proto.ts'
import { openOnnxSession } from '../../../drivers/onnx-session.ts'
import { classesOfGraph } from './classes.ts'
import { onnxInputs } from './inputs.ts'
import { externalFiles, hasLoop, readMetadata, requireTensorTypes } from './metadata.ts'
import { onnxOutputs, type Answers } from './outputs.ts'
import { hasRawScores, tensorOutputs } from './rewrite.ts'
import type { PredictorOptions } from '../options.ts'

/**
 * Rows of a batch: enough that handing it over costs little beside the model, and few enough to be answered soon and to need
 * little memory. They depend on nothing that changes from run to run, since the last digits of an answer may depend on them.
 */
const BATCH_ROWS = { small: 16_384, large: 4096 }
const SMALL_MODEL_BYTES = 2 ** 20
const BATCH_VALUES = 2 ** 19
/** For one batch of a model that may not come to an end. Any other does, sooner or later, and is waited for. */
const LOOP_TIMEOUT_MS = 120_000

/**
 * A predictor that runs an ONNX model with ONNX Runtime in a thread of its own; a model with loops, which may never end, in a
 * process of its own. While one batch is run the next is prepared.
 *
 * Only bytes that `options.admit` has let pass are loaded.
 *
 * The model has one input per column, `[N]` or `[N, 1]`, matrices `[N, columns]`, or both; see `onnxInputs`.
 *
 * @throws UserError E_DEPENDENCY without onnxruntime-node, E_MODEL_UNSCANNED, E_MODEL_FORMAT, E_MODEL_INPUT, E_FILE_MISSING for
 *   files that hold its weights
 */
export async function openOnnxPredictor(path: string, name: string, options: PredictorOptions): Promise<Predictor> {
  const { features, env, timeout, say, signal: whole } = options
  const admitted = await options.admit(path)
  const bytes = await readFile(path)
  const digest = sha256(bytes)
  if (digest !== admitted) {
    throw new UserError('E_MODEL_UNSCANNED', `${name} has changed since it was scanned; it was not loaded`)
  }
  const model = decode(bytes, name)
  requireTensorTypes(model, name)
  const metadata = readMetadata(model, name)
  const external = externalFiles(model)
  for (const file of external) await requireExternal(dirname(path), file, name)
  const isolated = hasLoop(model)
  const rewritten = external.length > 0 ? undefined : tensorOutputs(model)
  const runnable = external.length > 0 ? path : rewritten ? encodeOnnx(rewritten) : bytes

  const session = await openOnnxSession(runnable, {
    name,
    isolated,
    env,
    timeout: timeout ?? (isolated ? LOOP_TIMEOUT_MS : undefined),
    signal: whole,
  })
  try {
    const inputs = onnxInputs(name, session.inputs, features ?? metadata.featureNames)
    const outputs = onnxOutputs(name, session.outputs, {
      classes: metadata.classes,
      operatorClasses: classesOfGraph(model.graph ?? {}),
      hasRawScores: hasRawScores(model),
    })
    const mostRows = bytes.length <= SMALL_MODEL_BYTES && external.length === 0 ? BATCH_ROWS.small : BATCH_ROWS.large
    const usualRows = Math.max(1, Math.min(mostRows, Math.floor(BATCH_VALUES / inputs.width)))
    let hasTold = false
    return {
      kind: 'onnx',
      name,
      digest,
      features: inputs.features,
      datatypes: inputs.datatypes,
      importances: metadata.importances,
      async predict(table, { signal = whole, batchSize = usualRows } = {}) {
        signal?.throwIfAborted()
        const { rowCount } = table
        const feed = inputs.of(table)
        const collector = outputs.collect(rowCount)
        const atOnce = inputs.fixedRows ?? Math.max(1, batchSize)
        let running: { readonly from: number; readonly rows: number; readonly answers: Promise<Answers> } | undefined
        const take = async () => {
          if (running) collector.add(await running.answers, running.from, running.rows, inputs.fixedRows ?? running.rows)
        }
        for (let from = 0; from < rowCount; from += atOnce) {
          const rows = Math.min(atOnce, rowCount - from)
          // Prepared and handed over before the answer of the batch before is waited for.
          const answers = session.run(feed(from, from + rows, inputs.fixedRows ?? rows, session.memory), outputs.names, signal)
          answers.catch(() => {}) // it is looked at one turn later, or not at all when the one before has failed
          await take()
          running = { from, rows, answers }
        }
        await take()
        const predictions = collector.predictions()
        if (outputs.hasScores && predictions.probabilities === null && !hasTold) {
          hasTold = true
          say?.(`${name}: its scores are not probabilities, which are 0 to 1 and add up to 1; only its labels are used`)
        }
        return predictions
      },
      close: session.close,
    }
  } catch (error) {
    await session.close()
    throw error
  }
}

function decode(bytes: Uint8Array, name: string): ModelProto {
  try {
    return decodeOnnx(bytes)
  } catch (error) {
    throw new UserError('E_MODEL_FORMAT', `${name}: ${messageOf(error)}`, { hint: hintFor(bytes), cause: error })
  }
}

function hintFor(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 40)).toString('latin1')
  return start.startsWith('version https://git-lfs')
    ? 'It is a pointer of Git LFS. Fetch the file itself: git lfs pull'
    : undefined
}

/** @throws UserError E_FILE_MISSING when a file that the model has its weights in is not beside it */
async function requireExternal(folder: string, file: string, name: string): Promise<void> {
  try {
    await access(join(folder, file))
  } catch (error) {
    throw new UserError('E_FILE_MISSING', `${name} has its weights in another file, which is not there: ${file || '(unnamed)'}`, {
      hint: 'Keep the files that were exported together in one folder.',
      cause: error,
    })
  }
}
