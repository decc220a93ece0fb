import { UserError } from '../../../core/errors.ts'
import type { Label } from '../../../core/predictor.ts'
import { placeOfHighest } from '../class-probabilities.ts'
import type { Collector, Roles } from './outputs.ts'
import { numbersOf, requireRows, writeLabels } from './tensors.ts'

/** Labels alone. */
export function collectLabels({ model, label, classes, facts }: Roles, rowCount: number): Collector {
  const labels = listOf(rowCount)
  const names = namesByNumber(classes, facts.operatorClasses)
  return {
    add(answers, from, rows, asked) {
      writeLabels(labels, answers[label!.name]!, { model, from, rows, asked, names })
    },
    predictions: () => ({ rowCount, labels, classes: null, probabilities: null }),
  }
}

/** Labels with a score per class; without an output of labels they are the classes with the highest scores. */
export function collectClasses(roles: Roles, rowCount: number): Collector {
  const { model, label, scores, classes, facts } = roles
  const width = classes!.length
  const labels = listOf(rowCount)
  const probabilities = new Float64Array(rowCount * width)
  const names = namesByNumber(classes, facts.operatorClasses)
  let areProbabilities = !facts.hasRawScores

  return {
    add(answers, from, rows, asked) {
      const part = probabilities.subarray(from * width, (from + rows) * width)
      if (scores.length > 1)
        fillColumns(
          part,
          scores.map(({ name }) => numbersOf(model, name, answers, asked)),
        )
      else fillMatrix(roles, part, numbersOf(model, scores[0]!.name, answers, asked), asked)
      areProbabilities &&= isDistribution(part, width)
      if (label) {
        requireRows(model, answers[label.name]!, asked)
        writeLabels(labels, answers[label.name]!, { model, from, rows, asked, names })
      } else {
        for (let row = 0; row < rows; row++) {
          const best = placeOfHighest(part, row * width, width)
          labels[from + row] = best < 0 ? Number.NaN : classes![best]!
        }
      }
    },
    predictions() {
      return areProbabilities
        ? { rowCount, labels, classes, probabilities }
        : { rowCount, labels, classes: null, probabilities: null }
    },
  }
}

/** A list with room for its members: one that grows is copied again and again. */
function listOf(rowCount: number): Label[] {
  const list: Label[] = []
  list.length = rowCount
  return list
}

/**
 * What integer labels stand for, where the classes have names: places among the classes of the operator, which need not count
 * from 0, or in the list of names.
 */
function namesByNumber(classes: readonly Label[] | null, operatorClasses: readonly Label[] | null): Map<number, Label> | null {
  if (typeof classes?.[0] !== 'string') return null
  const numbers = operatorClasses?.map(Number) ?? []
  const fits = numbers.length === classes.length && numbers.every(Number.isInteger)
  return new Map(classes.map((name, i) => [fits ? numbers[i]! : i, name]))
}

function fillMatrix(
  { model, classes, scores, label }: Roles,
  part: Float64Array,
  values: ArrayLike<number>,
  asked: number,
): void {
  const width = classes!.length
  if (values.length === asked * width) {
    part.set(values.length === part.length ? values : Array.from(values).slice(0, part.length))
  } else if (values.length === asked && width === 2) {
    for (let row = 0; 2 * row < part.length; row++) {
      const p = values[row]!
      part[2 * row] = 1 - p
      part[2 * row + 1] = p
      if (label === undefined && (p < 0 || p > 1)) throw noProbability(model, scores[0]!.name, p, classes![1]!)
    }
  } else {
    throw new UserError(
      'E_MODEL_FORMAT',
      `${model}: output "${scores[0]!.name}" does not have one column for each of the classes ${classes!.join(', ')}`,
    )
  }
}

function noProbability(model: string, output: string, score: number, positive: Label): UserError {
  return new UserError('E_PREDICTOR', `${model}: output "${output}" holds ${score}, which is no probability of ${positive}`, {
    hint: 'Let the model end in a sigmoid, or give its labels too: from which score on a row is of that class is not known.',
  })
}

function fillColumns(part: Float64Array, columns: readonly ArrayLike<number>[]): void {
  const width = columns.length
  for (const [c, column] of columns.entries()) {
    for (let row = 0, at = c; at < part.length; row++, at += width) part[at] = column[row]!
  }
}

/** How far the sum of a row may be from 1: half-precision numbers add up to no more exact than that. */
const SUM_TOLERANCE = 0.01

/** Whether every row is a distribution over the classes. A row with NaN says nothing either way. */
function isDistribution(values: Float64Array, width: number): boolean {
  for (let row = 0; row < values.length; row += width) {
    let sum = 0
    let lowest = 0
    for (let k = 0; k < width; k++) {
      const value = values[row + k]!
      sum += value
      if (value < lowest) lowest = value
    }
    if (lowest < -1e-6 || Math.abs(sum - 1) > SUM_TOLERANCE) return false
  }
  return true
}
