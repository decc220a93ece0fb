import type { Format } from '../format.ts'
import { requirements } from './folder/requirements.ts'
import { gguf } from './gguf/format.ts'
import { hdf5 } from './hdf5/format.ts'
import { json } from './json/format.ts'
import { onnx } from './onnx/format.ts'
import { safetensors } from './safetensors.ts'
import { checkpointData, checkpointIndex, fingerprint } from './tensorflow/beside.ts'
import { kerasMetadata } from './tensorflow/keras-metadata.ts'
import { savedModel } from './tensorflow/saved-model.ts'
import { textGraph } from './tensorflow/text-graph.ts'
import { tflite } from './tensorflow/tflite.ts'
import { template } from './template/format.ts'
import { text } from './text.ts'
import { torchScript } from './torchscript/format.ts'
import { lightGbm } from './tree-models.ts'
import { ubjson } from './ubjson.ts'
import { xml } from './xml/format.ts'
import { yaml } from './yaml/format.ts'

/** Formats of models and of what lies beside them. */
export const FORMATS: readonly Format[] = [
  hdf5,
  gguf,
  safetensors,
  onnx,
  savedModel,
  kerasMetadata,
  fingerprint,
  checkpointIndex,
  checkpointData,
  tflite,
  ubjson,
  json,
  template,
  textGraph,
  xml,
  yaml,
  torchScript,
  requirements,
  lightGbm,
  text,
]
