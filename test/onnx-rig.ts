import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { encodeOnnx, type GraphProto, type ModelProto } from '../src/drivers/onnx-proto.ts'
import { digestFile } from '../src/drivers/files.ts'
import { openPredictor, type PredictorOptions } from '../src/model/predictors/open.ts'

export const ML = 'ai.onnx.ml'

/** A model of a graph, with metadata as JSON. */
export function onnxModel(graph: GraphProto, metadata: Record<string, unknown> = {}): ModelProto {
  return {
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 17 },
      { domain: ML, version: 3 },
    ],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value: JSON.stringify(value) })),
    graph: { name: 'test', ...graph },
  }
}

/** Opens a model, or any bytes, as `model.onnx`. It is closed when the test is over. */
export async function openModel(value: ModelProto | Uint8Array, features?: string[], options: Partial<PredictorOptions> = {}) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-onnx-'))
  const bytes = value instanceof Uint8Array ? value : encodeOnnx(value)
  await writeFile(join(cwd, 'model.onnx'), bytes)
  const predictor = await openPredictor('model.onnx', {
    cwd,
    env: {},
    admit: digestFile,
    ...(features && { features }),
    ...options,
  })
  onTestFinished(() => predictor.close())
  return { bytes, predictor }
}
