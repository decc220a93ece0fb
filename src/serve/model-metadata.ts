import type { Datatype, Predictions, Predictor } from '../core/predictor.ts'
import type { Table } from '../core/table.ts'
import type { Signature } from './infer-request.ts'
import { LABEL_OUTPUT, labelDatatype, PROBABILITIES_OUTPUT, type ModelMetadata, type TensorMetadata } from './protocol.ts'

const PLATFORMS: Readonly<Record<Predictor['kind'], string>> = {
  onnx: 'onnxruntime_onnx',
  python: 'python',
  http: 'http',
  file: 'predictions',
  object: 'plimsoll',
}

/** What a predictor takes. */
export function signatureOf({ features, datatypes }: Predictor): Signature {
  return { features, datatypes: datatypes ?? {} }
}

/**
 * The protocol's description of a model.
 *
 * @param sample predictions that the model has made, from which its outputs are known; null before the first
 */
export function modelMetadata(
  predictor: Predictor,
  model: { readonly name: string; readonly version: string },
  sample: Predictions | null,
): ModelMetadata {
  const { features, datatypes } = signatureOf(predictor)
  return {
    name: model.name,
    versions: [model.version],
    platform: PLATFORMS[predictor.kind],
    inputs: (features ?? []).map((name): TensorMetadata => {
      const datatype = datatypes[name]
      // The protocol has no word for "any": a model that does not declare its types takes every datatype.
      return { name, datatype: datatype ?? 'FP64', shape: [-1], ...(!datatype && { parameters: { any_datatype: true } }) }
    }),
    outputs: sample === null ? [] : outputsOf(sample),
    ...(predictor.importances && { parameters: { feature_importances: predictor.importances } }),
  }
}

function outputsOf({ labels, classes }: Predictions): TensorMetadata[] {
  const label: TensorMetadata = { name: LABEL_OUTPUT, datatype: labelDatatype(classes ?? labels), shape: [-1] }
  if (classes === null) return [label]
  return [label, { name: PROBABILITIES_OUTPUT, datatype: 'FP64', shape: [-1, classes.length], parameters: { classes } }]
}

/**
 * One row of neutral values, to warm a model up with; null when its columns are not known. Where it does not declare the types
 * of its inputs they are taken for numbers, and then the row is a guess that the model may refuse.
 */
export function neutralRow(predictor: Predictor): { readonly row: Table; readonly isGuess: boolean } | null {
  const { features, datatypes } = signatureOf(predictor)
  if (features === null) return null
  const columns = Object.fromEntries(features.map((name) => [name, neutralColumn(datatypes[name] ?? 'FP64')]))
  return { row: { rowCount: 1, columns }, isGuess: features.some((name) => datatypes[name] === undefined) }
}

function neutralColumn(datatype: Datatype): Float64Array | readonly (string | boolean)[] {
  if (datatype === 'BYTES') return ['']
  return datatype === 'BOOL' ? [false] : new Float64Array(1)
}
