import { readFile } from 'node:fs/promises'
import type * as OnnxRuntime from 'onnxruntime-node'
import type { InferenceSession } from 'onnxruntime-node'
import { sha256 } from '../../core/digest.ts'
import { messageOf, UserError } from '../../core/errors.ts'
import type { Label, Predictor } from '../../core/predictor.ts'
import { sliceTable } from '../../core/table.ts'
import { decodeOnnx, encodeOnnx, type ModelProto } from '../../drivers/onnx-proto.ts'
import { onnxInputs } from './onnx-inputs.ts'
import { hasExternalData, onnxFacts, withoutZipMap } from './onnx-metadata.ts'
import { onnxOutputs } from './onnx-outputs.ts'
import type { PredictorOptions } from './options.ts'

const BATCH_ROWS = 4096
/** One thread per session: a pipeline runs stages in parallel, and a server answers many small requests. */
const SESSION: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 }

/**
 * A predictor that runs an ONNX model in this process with ONNX Runtime. The model has one input per column, `[N, 1]`, or
 * one matrix `[N, columns]` whose columns are named by `features` or by its metadata_props `feature_names`.
 *
 * @throws UserError E_DEPENDENCY without onnxruntime-node, E_MODEL_FORMAT, E_MODEL_INPUT
 */
export async function openOnnxPredictor(
  path: string,
  name: string,
  { features, signal: whole }: PredictorOptions,
): Promise<Predictor> {
  const bytes = await readFile(path)
  const model = decode(bytes, name)
  const facts = onnxFacts(model, name)
  const { Tensor, InferenceSession } = await onnxRuntime()

  let session: InferenceSession
  try {
    const rewritten = hasExternalData(model.graph) ? undefined : withoutZipMap(model)
    if (hasExternalData(model.graph)) session = await InferenceSession.create(path, SESSION)
    else session = await InferenceSession.create(rewritten ? encodeOnnx(rewritten) : bytes, SESSION)
  } catch (error) {
    throw new UserError('E_MODEL_FORMAT', `${name} cannot be loaded by ONNX Runtime: ${firstLine(error)}`, { cause: error })
  }
  const inputs = onnxInputs(Tensor, name, session.inputMetadata, features ?? facts.featureNames)
  const outputs = onnxOutputs(name, session.outputMetadata, facts)

  return {
    kind: 'onnx',
    name,
    digest: sha256(bytes),
    features: inputs.features,
    datatypes: inputs.datatypes,
    importances: facts.importances,
    async predict(table, { signal = whole, batchSize = BATCH_ROWS } = {}) {
      const { rowCount } = table
      const rowsAtOnce = inputs.fixedRows ?? Math.max(1, batchSize)
      if (inputs.fixedRows !== null && rowCount % inputs.fixedRows !== 0) {
        throw new UserError(
          'E_MODEL_INPUT',
          `${name} takes exactly ${inputs.fixedRows} rows at a time; ${rowCount} is no multiple`,
          {
            hint: 'Export the model with a batch dimension of any size.',
          },
        )
      }
      const labels: Label[] = []
      const width = outputs.classes?.length ?? 0
      const probabilities = outputs.classes ? new Float64Array(rowCount * width) : null
      for (let from = 0; from < rowCount; from += rowsAtOnce) {
        signal?.throwIfAborted()
        const batch = rowCount <= rowsAtOnce ? table : sliceTable(table, from, from + rowsAtOnce)
        const answer = outputs.read(await run(session, name, inputs.feeds(batch), outputs.names), batch.rowCount)
        for (const label of answer.labels) labels.push(label)
        if (answer.probabilities) probabilities?.set(answer.probabilities, from * width)
      }
      return { rowCount, labels, classes: outputs.classes, probabilities }
    },
    async close() {
      await session.release()
    },
  }
}

function decode(bytes: Uint8Array, name: string): ModelProto {
  try {
    return decodeOnnx(bytes)
  } catch (error) {
    throw new UserError('E_MODEL_FORMAT', `${name}: ${messageOf(error)}`, { cause: error })
  }
}

async function onnxRuntime(): Promise<typeof OnnxRuntime> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    const why = isMissing ? 'is not installed' : `cannot be loaded: ${firstLine(error)}`
    throw new UserError('E_DEPENDENCY', `ONNX models need the package onnxruntime-node, which ${why}`, {
      hint: 'Install it beside plimsoll: npm install onnxruntime-node',
      cause: error,
    })
  }
}

async function run(
  session: InferenceSession,
  name: string,
  feeds: InferenceSession.OnnxValueMapType,
  outputs: readonly string[],
): Promise<InferenceSession.OnnxValueMapType> {
  try {
    return await session.run(feeds, outputs)
  } catch (error) {
    throw new UserError('E_PREDICTOR', `${name} failed: ${firstLine(error)}`, { cause: error })
  }
}

const firstLine = (error: unknown): string => messageOf(error).split('\n')[0]!
