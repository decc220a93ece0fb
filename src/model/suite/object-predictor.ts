import { messageOf, UserError } from '../../core/errors.ts'
import type { Label, Predictions, Predictor } from '../../core/predictor.ts'
import type { Cell, Table } from '../../core/table.ts'
import { shaped, type InputShape } from './test-data.ts'

/**
 * A model that is an object of the program, in the manner of scikit-learn. `predict` gets the test data in the form in which
 * the suite got them (row objects, columns, or rows as arrays; the rows of a file are objects), and answers one value per row, at
 * once or in a promise. Names in scikit-learn's spelling are understood too.
 */
export interface ModelObject {
  predict(data: never): unknown
  predictProba?(data: never): unknown
  predict_proba?(data: never): unknown
  /** The order of the columns of `predictProba`. */
  readonly classes?: ArrayLike<Label>
  readonly classes_?: ArrayLike<Label>
  /** By name, or in the order of the features. */
  readonly featureImportances?: ArrayLike<number> | Readonly<Record<string, number>>
  readonly feature_importances_?: ArrayLike<number> | Readonly<Record<string, number>>
}

/** Whether a model already speaks Plimsoll's own interface. */
export function isPredictor(model: object): model is Predictor {
  return 'kind' in model && 'close' in model && 'predict' in model
}

/** A model object as a predictor. What it throws, and answers that do not fit the rows, become UserErrors E_PREDICTOR. */
export function objectPredictor(model: ModelObject, features: readonly string[], shape: InputShape): Predictor {
  const classes = model.classes ?? model.classes_
  return {
    kind: 'object',
    name: model.constructor?.name && model.constructor.name !== 'Object' ? model.constructor.name : 'model object',
    digest: null,
    features,
    importances: namedImportances(model.featureImportances ?? model.feature_importances_, features),
    async predict(table) {
      const data = shaped(table, shape) as never
      const labels = await answered(table, 'predict', () => model.predict(data))
      const probabilityMethod = model.predictProba ? 'predictProba' : 'predict_proba'
      if (!model[probabilityMethod] || classes === undefined) return labelsOnly(table, labels)
      const rows = await answered(table, probabilityMethod, () => model[probabilityMethod]!(data))
      return { ...labelsOnly(table, labels), classes: Array.from(classes), probabilities: flatten(rows, classes.length) }
    },
    close: async () => undefined,
  }
}

function namedImportances(
  given: ArrayLike<number> | Readonly<Record<string, number>> | undefined,
  features: readonly string[],
): Record<string, number> | null {
  if (given === undefined) return null
  if (typeof given.length !== 'number') return { ...(given as Record<string, number>) }
  if (given.length === features.length)
    return Object.fromEntries(features.map((name, i) => [name, (given as ArrayLike<number>)[i]!]))
  throw new UserError('E_MODEL_INPUT', `The model has ${given.length} feature importances for ${features.length} features`)
}

async function answered(table: Table, method: string, ask: () => unknown): Promise<ArrayLike<unknown>> {
  let answer: unknown
  try {
    answer = await ask()
  } catch (error) {
    throw new UserError('E_PREDICTOR', `The model's ${method} threw: ${messageOf(error)}`, { cause: error })
  }
  const length = (answer as ArrayLike<unknown> | null | undefined)?.length
  if (length === table.rowCount) return answer as ArrayLike<unknown>
  const got = typeof length === 'number' ? `${length} values` : String(answer)
  throw new UserError('E_PREDICTOR', `The model's ${method} answered ${got} for ${table.rowCount} rows`)
}

/** NaN stands for what is not a label: the suite counts it as missing. */
function labelsOnly({ rowCount }: Table, answer: ArrayLike<unknown>): Predictions {
  const labels = Array.from(answer, (value): Label => {
    const cell = (Array.isArray(value) && value.length === 1 ? value[0] : value) as Cell | bigint | undefined
    if (typeof cell === 'number' || typeof cell === 'string') return cell
    return typeof cell === 'boolean' || typeof cell === 'bigint' ? String(cell) : Number.NaN
  })
  return { rowCount, labels, classes: null, probabilities: null }
}

function flatten(rows: ArrayLike<unknown>, width: number): Float64Array {
  const probabilities = new Float64Array(rows.length * width)
  for (let row = 0; row < rows.length; row++) {
    const ofRow = rows[row] as ArrayLike<number> | undefined
    if (ofRow?.length !== width) {
      throw new UserError('E_PREDICTOR', `The model's probabilities of row ${row + 1} are not ${width} numbers, one per class`)
    }
    for (let k = 0; k < width; k++) probabilities[row * width + k] = Number(ofRow[k])
  }
  return probabilities
}
