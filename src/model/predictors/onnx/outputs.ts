import { UserError } from '../../../core/errors.ts'
import type { Label, Predictions } from '../../../core/predictor.ts'
import type { ValueInfo, WireTensor } from '../../../drivers/onnx-session-messages.ts'
import { collectClasses, collectLabels } from './classifier.ts'
import { collectLabelSets } from './multilabel.ts'
import { numbersOf } from './tensors.ts'

export type Answers = Readonly<Record<string, WireTensor>>

/** Gathers the answers for the batches of a table. */
export interface Collector {
  /**
   * Takes the answers for the rows from `from` on. The model may have been given more rows than count.
   *
   * @throws UserError E_PREDICTOR when they are not for exactly `asked` rows; E_MODEL_FORMAT when they cannot be understood
   */
  add(answers: Answers, from: number, rows: number, asked: number): void
  predictions(): Predictions
}

/** How the outputs of a model become predictions. */
export interface OnnxOutputs {
  /** The outputs to ask the runtime for. */
  readonly names: readonly string[]
  /** Whether there are scores of classes, which may turn out to be no probabilities. */
  readonly hasScores: boolean
  collect(rowCount: number): Collector
}

/** What is known of a model besides the names and shapes of its outputs. */
export interface OutputFacts {
  /** The names of its classes, from its metadata. */
  readonly classes: readonly Label[] | null
  /** The classes that its operators carry. */
  readonly operatorClasses: readonly Label[] | null
  /** Its scores are known to be no probabilities. */
  readonly hasRawScores: boolean
}

/** What the outputs of a model are. */
export interface Roles {
  readonly model: string
  readonly label: ValueInfo | undefined
  /** One matrix with a column per class, or one output per class. */
  readonly scores: readonly ValueInfo[]
  readonly classes: readonly Label[] | null
  readonly facts: OutputFacts
}

const FLOATS = /^float(16|32|64)$/
const INTEGERS = /^u?int\d+$/
const SAYS_SCORE = /prob|score|logit/i
const SAYS_LABEL = /label|class|pred/i

/**
 * Reads off a model's outputs what they mean: a label, scores with one column or one output per class, or both; for a multilabel
 * model a matrix of labels; else the value of a regression. A single score per row is the probability of the second of two
 * classes.
 *
 * @throws UserError E_MODEL_FORMAT when they cannot be understood
 */
export function onnxOutputs(model: string, values: readonly ValueInfo[], facts: OutputFacts): OnnxOutputs {
  const label = labelOf(values)
  const classes = classNames(label, facts)
  const rest = values.filter((value) => value !== label && value.type !== null)
  const scores = scoresOf(rest, classes, label && widthOf(label))
  if (label === undefined && scores.length === 0) {
    throw new UserError('E_MODEL_FORMAT', `${model} has no output of labels, probabilities or values`, {
      hint: `Its outputs: ${values.map(described).join(', ') || 'none'}.`,
    })
  }
  const names = [label, ...scores].flatMap((value) => value?.name ?? [])
  if (label === undefined && classes === null) return { names, hasScores: false, collect: regression(model, scores) }
  const roles: Roles = { model, label, scores, classes, facts }
  return {
    names,
    hasScores: classes !== null && scores.length > 0,
    collect(rowCount) {
      let collector: Collector | undefined
      return {
        add(answers, from, rows, asked) {
          collector ??= collectorFor(roles, answers, rowCount, asked)
          collector.add(answers, from, rows, asked)
        },
        predictions: () =>
          (collector ?? (scores.length > 0 && classes !== null ? collectClasses : collectLabels)(roles, rowCount)).predictions(),
      }
    },
  }
}

/** Exporters declare a matrix of labels as a list of them: what a model is shows in what it answers. */
function collectorFor(roles: Roles, answers: Answers, rowCount: number, asked: number): Collector {
  const { model, label, scores, classes } = roles
  const [rows, width = 1] = label === undefined ? [asked] : answers[label.name]!.dims
  if (rows === asked && width > 1) return collectLabelSets(roles, rowCount, width)
  if (scores.length === 0) return collectLabels(roles, rowCount)
  if (classes !== null) return collectClasses(roles, rowCount)
  const [only] = scores
  if (scores.length === 1 && (widthOf(only!) === 1 || !/prob/i.test(only!.name))) return collectLabels(roles, rowCount)
  throw unnamedClasses(model)
}

function unnamedClasses(model: string): UserError {
  return new UserError('E_MODEL_FORMAT', `${model} gives probabilities, but not the names of its classes`, {
    hint: 'Write them into the model, in order: metadata_props "classes", a JSON list.',
  })
}

/** The output of labels: of text, truth values or integers; among several, the one whose name says so. */
function labelOf(values: readonly ValueInfo[]): ValueInfo | undefined {
  const isLabel = ({ type, name }: ValueInfo) =>
    type === 'string' || type === 'bool' || (type !== null && INTEGERS.test(type) && !SAYS_SCORE.test(name))
  const fitting = values.filter(isLabel)
  return fitting.find(({ name }) => SAYS_LABEL.test(name)) ?? fitting[0]
}

function classNames(label: ValueInfo | undefined, { classes, operatorClasses }: OutputFacts): readonly Label[] | null {
  if (classes !== null) return classes
  // A text label may be made after the classifier, whose own classes are then numbers that mean nothing outside.
  const fits = label === undefined || (label.type === 'string') === (typeof operatorClasses?.[0] === 'string')
  return fits ? operatorClasses : null
}

function scoresOf(
  values: readonly ValueInfo[],
  classes: readonly Label[] | null,
  labelWidth: number | null | undefined,
): readonly ValueInfo[] {
  const numeric = values.filter(({ type, name }) => FLOATS.test(type!) || (INTEGERS.test(type!) && SAYS_SCORE.test(name)))
  // One output per class, in their order, or of a multilabel model one per label.
  if (numeric.length > 1 && (numeric.length === classes?.length || numeric.length === labelWidth)) return numeric
  if (classes === null) {
    const named = numeric.filter(({ name }) => SAYS_SCORE.test(name))
    return named.length === 1 ? named : numeric
  }
  const fitting = numeric.filter((value) => {
    const width = widthOf(value)
    return width === null || width === classes.length || (width === 1 && classes.length === 2)
  })
  const best = fitting.find(({ name }) => /prob/i.test(name)) ?? fitting.find(({ name }) => SAYS_SCORE.test(name)) ?? fitting[0]
  return best ? [best] : numeric.slice(0, 1)
}

/** Columns of an output, null when it is only known in the answer. */
function widthOf({ shape }: ValueInfo): number | null {
  if (shape.length === 0) return null
  if (shape.length === 1) return 1
  const last = shape.at(-1)
  return typeof last === 'number' && last > 0 ? last : null
}

const described = ({ name, type, shape }: ValueInfo): string => `${name} (${type ?? 'not a tensor'} [${shape.join(', ')}])`

function regression(model: string, scores: readonly ValueInfo[]): (rowCount: number) => Collector {
  const [value, second] = scores
  const width = widthOf(value!)
  if (second !== undefined || (width !== null && width > 1)) {
    const what = second ? `the outputs ${scores.map(described).join(', ')}` : `${width} values for each row in "${value!.name}"`
    throw new UserError('E_MODEL_FORMAT', `${model} gives ${what}, but not the names of its classes`, {
      hint: 'A classifier names its classes in order in metadata_props "classes", a JSON list; a regression has one output of one value.',
    })
  }
  return (rowCount) => {
    const values = new Float64Array(rowCount)
    return {
      add(answers, from, rows, asked) {
        const found = numbersOf(model, value!.name, answers, asked)
        if (found.length !== asked) {
          throw new UserError('E_MODEL_FORMAT', `${model}: output "${value!.name}" does not have one value per row`)
        }
        values.set(found.length === rows ? found : found.subarray(0, rows), from)
      },
      predictions: () => ({ rowCount, labels: toList(values), classes: null, probabilities: null }),
    }
  }
}

/** Much faster than `Array.from`. */
function toList(values: Float64Array): number[] {
  const list: number[] = []
  for (let i = 0; i < values.length; i++) list.push(values[i]!)
  return list
}
