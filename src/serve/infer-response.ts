import type { Predictions } from '../core/predictor.ts'
import { LABEL_OUTPUT, labelDatatype, PROBABILITIES_OUTPUT, RequestError, type InferResponse, type Tensor } from './protocol.ts'

/**
 * The body of an infer response.
 *
 * @throws RequestError 400 when an output was asked for that the model does not give; 500 when the model answered a number
 *   that is not finite, which JSON cannot carry and no client should act on
 */
export function encodeInferResponse(
  model: { readonly name: string; readonly version: string },
  inference: { readonly id: string | undefined; readonly outputs: ReadonlySet<string> | undefined },
  predictions: Predictions,
): string {
  const { id, outputs: wanted } = inference
  const outputs: Tensor[] = []
  if (!wanted || wanted.has(LABEL_OUTPUT)) outputs.push(labelTensor(predictions))
  const probabilities = probabilityTensor(predictions)
  if (probabilities && (!wanted || wanted.has(PROBABILITIES_OUTPUT))) outputs.push(probabilities)
  if (!probabilities && wanted?.has(PROBABILITIES_OUTPUT)) {
    throw new RequestError(400, `the model gives no "${PROBABILITIES_OUTPUT}"`)
  }
  const response: InferResponse = {
    model_name: model.name,
    model_version: model.version,
    ...(id !== undefined && { id }),
    outputs,
  }
  return JSON.stringify(response)
}

function labelTensor({ labels, rowCount }: Predictions): Tensor {
  const bad = labels.findIndex((label) => typeof label === 'number' && !Number.isFinite(label))
  if (bad !== -1) throw notFinite(bad)
  const datatype = labelDatatype(labels)
  return { name: LABEL_OUTPUT, shape: [rowCount], datatype, data: datatype === 'BYTES' ? labels.map(String) : labels }
}

function probabilityTensor({ probabilities, classes, rowCount }: Predictions): Tensor | undefined {
  if (probabilities === null || classes === null) return undefined
  const bad = probabilities.findIndex((probability) => !Number.isFinite(probability))
  if (bad !== -1) throw notFinite(Math.floor(bad / classes.length))
  return {
    name: PROBABILITIES_OUTPUT,
    shape: [rowCount, classes.length],
    datatype: 'FP64',
    parameters: { classes },
    data: Array.from(probabilities),
  }
}

function notFinite(row: number): RequestError {
  return new RequestError(500, `the model answered a number that is not finite for row ${row}`)
}
