import { z } from 'zod'
import { UserError } from '../../../core/errors.ts'
import type { Label } from '../../../core/predictor.ts'
import { bothClasses, mostProbable } from '../class-probabilities.ts'
import type { Metadata, OutputTensor } from './protocol.ts'

export interface Decoded {
  readonly labels: readonly Label[]
  readonly classes: readonly Label[] | null
  readonly probabilities: Float64Array | null
}

/**
 * @param given the classes in the order of the probabilities, where the model does not name them
 * @throws UserError E_PREDICTOR unless there is exactly one answer per row
 */
export function decodeOutputs(
  outputs: readonly OutputTensor[],
  metadata: Metadata,
  rows: number,
  name: string,
  given?: readonly Label[],
): Decoded {
  const isScore = ({ datatype }: OutputTensor) => /^(B?FP|BF)\d+$/.test(datatype)
  const label = outputs.find((output) => output.name === 'label') ?? outputs.find((output) => !isScore(output))
  const scores =
    outputs.find((output) => output.name === 'probabilities') ?? outputs.find((output) => isScore(output) && output !== label)
  for (const output of [label, scores]) {
    if (output && output.shape[0] !== rows) {
      throw new UserError('E_PREDICTOR', `${name} answered ${output.shape[0] ?? 0} predictions for ${rows} rows`)
    }
  }
  if (label === undefined && scores === undefined) throw new UserError('E_PREDICTOR', `${name} answered no predictions`)
  const classes = scores ? (classesOf(scores, metadata) ?? given ?? null) : null
  const labels = label && labelsOf(label, rows, name)
  if (scores === undefined) return { labels: labels!, classes: null, probabilities: null }
  const values = numbersOf(scores, name)
  if (classes === null) {
    if (labels) return { labels, classes: null, probabilities: null }
    if (values.length === rows) return { labels: Array.from(values), classes: null, probabilities: null }
    throw new UserError('E_PREDICTOR', `${name} answered probabilities, but not the names of their classes`, {
      hint: 'Name them in their order with --classes.',
    })
  }
  const probabilities = values.length === rows && classes.length === 2 ? bothClasses(values) : values
  if (probabilities.length !== rows * classes.length) {
    throw new UserError(
      'E_PREDICTOR',
      `${name} answered ${values.length} probabilities for ${rows} rows and ${classes.length} classes`,
    )
  }
  return { labels: labels ?? mostProbable(probabilities, classes), classes, probabilities }
}

function classesOf(scores: OutputTensor, { outputs }: Metadata): readonly Label[] | null {
  const declared = outputs.find((output) => output.name === scores.name)
  const classes = z
    .array(z.union([z.string(), z.number()]))
    .safeParse(scores.parameters?.['classes'] ?? declared?.parameters?.['classes'])
  return classes.success ? classes.data : null
}

function labelsOf({ data }: OutputTensor, rows: number, name: string): Label[] {
  if (data.length !== rows) throw new UserError('E_PREDICTOR', `${name} answered ${data.length} labels for ${rows} rows`)
  return data.map((value, row) => {
    if (typeof value === 'string' || typeof value === 'number') return value
    if (typeof value === 'boolean') return String(value)
    throw new UserError('E_PREDICTOR', `${name} answered no label for row ${row + 1}`)
  })
}

function numbersOf({ data }: OutputTensor, name: string): Float64Array {
  const flat = data.flat()
  return Float64Array.from(flat, (value) => {
    if (typeof value === 'number') return value
    if (value === null) return Number.NaN
    throw new UserError('E_PREDICTOR', `${name} answered ${JSON.stringify(value)} where a number belongs`)
  })
}
