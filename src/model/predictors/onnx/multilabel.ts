import { UserError } from '../../../core/errors.ts'
import type { Label } from '../../../core/predictor.ts'
import type { WireTensor } from '../../../drivers/onnx-session-messages.ts'
import type { Answers, Collector, Roles } from './outputs.ts'
import { elementsAsNumbers, requireRows } from './tensors.ts'

/**
 * Sets of labels: a matrix `[N, labels]` of 0 and 1. Scores are `[N, labels]`, or for each label apart "no" and "yes", as one
 * tensor `[labels, N, 2]` or as an output `[N, 2]` for each.
 *
 * @param width the number of labels
 */
export function collectLabelSets({ model, label, scores, classes, facts }: Roles, rowCount: number, width: number): Collector {
  const named = [classes, facts.operatorClasses].find((names) => names?.length === width)
  const names: readonly Label[] = named ?? Array.from({ length: width }, (_none, i) => i)
  const indicators = new Uint8Array(rowCount * width)
  const probabilities = scores.length > 0 ? new Float64Array(rowCount * width) : null
  let areProbabilities = !facts.hasRawScores

  return {
    add(answers, from, rows, asked) {
      const answer = answers[label!.name]!
      requireRows(model, answer, asked)
      const given = elementsAsNumbers(model, label!.name, answer)
      for (let i = 0; i < rows * width; i++) {
        const value = given[i]!
        if (value !== 0 && value !== 1) throw severalClasses(model, label!.name, value)
        indicators[from * width + i] = value
      }
      if (probabilities === null) return
      const yes = yesColumns(
        model,
        scores.map(({ name }) => name),
        answers,
        { width, asked },
      )
      for (let row = 0; row < rows; row++) {
        for (let k = 0; k < width; k++) {
          const value = yes(row, k)
          probabilities[(from + row) * width + k] = value
          if (value < 0 || value > 1) areProbabilities = false
        }
      }
    },
    predictions: () => ({
      rowCount,
      labels: namesOfSets(indicators, names),
      classes: names,
      probabilities: areProbabilities ? probabilities : null,
      indicators,
    }),
  }
}

/** The probability that a row has a label, out of any of the three layouts. */
function yesColumns(
  model: string,
  names: readonly string[],
  answers: Answers,
  { width, asked }: { width: number; asked: number },
): (row: number, k: number) => number {
  const tensors = names.map((name) => answers[name]!)
  const [first] = tensors
  const numbers = tensors.map((tensor, i) => elementsAsNumbers(model, names[i]!, tensor))
  const isShape = ({ dims }: WireTensor, ...wanted: readonly number[]) =>
    dims.length === wanted.length && dims.every((size, i) => size === wanted[i])
  if (tensors.length === 1 && isShape(first!, asked, width)) return (row, k) => numbers[0]![row * width + k]!
  if (tensors.length === 1 && isShape(first!, width, asked, 2)) return (row, k) => numbers[0]![(k * asked + row) * 2 + 1]!
  if (tensors.length === width && tensors.every((tensor) => isShape(tensor, asked, 2)))
    return (row, k) => numbers[k]![2 * row + 1]!
  const shapes = tensors.map(({ dims }, i) => `"${names[i]!}" [${dims.join(', ')}]`).join(', ')
  throw new UserError('E_MODEL_FORMAT', `${model}: ${shapes} are not probabilities of ${width} labels for ${asked} rows`)
}

function severalClasses(model: string, output: string, value: number): UserError {
  return new UserError('E_MODEL_FORMAT', `${model}: output "${output}" gives each row several labels, and one is ${value}`, {
    hint: 'A multilabel model says 0 or 1 for each label. Give a model of several targets an output of its own for one of them.',
  })
}

/** The names of each row's labels, joined by commas. */
function namesOfSets(indicators: Uint8Array, names: readonly Label[]): string[] {
  const width = names.length
  return Array.from({ length: indicators.length / width }, (_none, row) =>
    names.filter((_name, k) => indicators[row * width + k] === 1).join(','),
  )
}
