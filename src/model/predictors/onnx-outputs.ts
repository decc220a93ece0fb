import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { UserError } from '../../core/errors.ts'
import type { Label } from '../../core/predictor.ts'
import { bothClasses, mostProbable } from './class-probabilities.ts'
import type { OnnxFacts } from './onnx-metadata.ts'

/** The answer for one batch. */
export interface OnnxAnswer {
  readonly labels: Label[]
  readonly probabilities: Float64Array | null
}

/** How the outputs of a model become predictions. */
export interface OnnxOutputs {
  /** The outputs to ask the runtime for. */
  readonly names: readonly string[]
  readonly classes: readonly Label[] | null
  /** @throws UserError E_PREDICTOR when the answer is not for exactly `rows` rows */
  read(outputs: Readonly<Record<string, OrtTensor>>, rows: number): OnnxAnswer
}

type TensorOutput = InferenceSession.TensorValueMetadata

/**
 * Reads off a model's outputs what they mean: a label tensor, a float tensor with one column per class, or both. A single
 * float per row is the probability of the second of two classes where classes are known, else the value of a regression.
 *
 * @throws UserError E_MODEL_FORMAT when they cannot be understood
 */
export function onnxOutputs(model: string, metadata: readonly InferenceSession.ValueMetadata[], facts: OnnxFacts): OnnxOutputs {
  const tensors = metadata.filter((output): output is TensorOutput => output.isTensor)
  const label = pick(tensors, (type) => /^(string|bool|u?int\d+)$/.test(type), /label|class|pred/i)
  const scores = pick(tensors, (type) => /^float(32|64)$/.test(type), /prob|score/i)
  const width = widthOf(scores)
  const classes = classNames(label, facts)
  if (label === undefined && scores === undefined) {
    throw new UserError('E_MODEL_FORMAT', `${model} has no output of labels, probabilities or values`, {
      hint: `Its outputs: ${metadata.map(({ name }) => name).join(', ') || 'none'}.`,
    })
  }
  const isRegression = label === undefined && classes === null && (width === 1 || width === null)
  if (scores !== undefined && classes === null && !isRegression) {
    throw new UserError('E_MODEL_FORMAT', `${model} gives probabilities, but not the names of its classes`, {
      hint: 'Write them into the model, in order: metadata_props "classes", a JSON list.',
    })
  }
  return {
    names: [label, scores].flatMap((output) => (output ? [output.name] : [])),
    classes: scores === undefined ? null : classes,
    read(outputs, rows) {
      const values = scores && numbersOf(model, outputs[scores.name], rows)
      if (isRegression) {
        if (values!.length !== rows) throw shape(model, scores!.name, 'one value per row')
        return { labels: Array.from(values!), probabilities: null }
      }
      const probabilities = values === undefined ? null : perClass(model, scores!.name, values, rows, classes!)
      const labels = label ? labelsOf(model, outputs[label.name], rows, classes) : mostProbable(probabilities!, classes!)
      return { labels, probabilities }
    },
  }
}

/** The output of a fitting type; among several, the one whose name says so. */
function pick(outputs: readonly TensorOutput[], fits: (type: string) => boolean, name: RegExp): TensorOutput | undefined {
  const fitting = outputs.filter(({ type }) => fits(type))
  return fitting.find((output) => name.test(output.name)) ?? fitting[0]
}

/** Columns of an output, null when it is only known in the answer. */
function widthOf(output: TensorOutput | undefined): number | null {
  if (output === undefined || output.shape.length === 0) return null
  if (output.shape.length === 1) return 1
  const last = output.shape.at(-1)
  return typeof last === 'number' && last > 0 ? last : null
}

function classNames(label: TensorOutput | undefined, { classes, operatorClasses }: OnnxFacts): readonly Label[] | null {
  if (classes !== null) return classes
  // A text label is often mapped after the classifier, whose own classes are then numbers that mean nothing outside.
  const fits = label === undefined || (label.type === 'string') === (typeof operatorClasses?.[0] === 'string')
  return fits ? operatorClasses : null
}

function numbersOf(model: string, output: OrtTensor | undefined, rows: number): Float64Array {
  if (output?.dims[0] !== rows) throw shortAnswer(model, rows, output?.dims[0] ?? 0)
  return Float64Array.from(output.data as Float32Array | Float64Array)
}

function labelsOf(model: string, output: OrtTensor | undefined, rows: number, classes: readonly Label[] | null): Label[] {
  const data = output?.data as ArrayLike<string | number | bigint | boolean> | undefined
  if (data?.length !== rows) throw shortAnswer(model, rows, data?.length ?? 0)
  const labels = Array.from(data, (value): Label => {
    if (output!.type === 'bool') return value ? 'true' : 'false'
    return typeof value === 'string' ? value : Number(value)
  })
  if (typeof classes?.[0] !== 'string' || output!.type === 'string' || output!.type === 'bool') return labels
  return labels.map((index) => {
    const name = classes[Number(index)]
    if (name === undefined) {
      throw new UserError('E_PREDICTOR', `${model} answered class ${index}, but it names only ${classes.length} classes`)
    }
    return name
  })
}

function perClass(model: string, output: string, values: Float64Array, rows: number, classes: readonly Label[]): Float64Array {
  if (values.length === rows * classes.length) return values
  if (values.length === rows && classes.length === 2) return bothClasses(values)
  throw shape(model, output, `one column for each of the classes ${classes.join(', ')}`)
}

function shape(model: string, output: string, wanted: string): UserError {
  return new UserError('E_MODEL_FORMAT', `${model}: output "${output}" does not have ${wanted}`)
}

function shortAnswer(model: string, rows: number, answered: number): UserError {
  return new UserError('E_PREDICTOR', `${model} answered ${answered} predictions for ${rows} rows`)
}
