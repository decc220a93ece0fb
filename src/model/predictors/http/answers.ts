import { UserError } from '../../../core/errors.ts'
import type { Label, Predictions } from '../../../core/predictor.ts'
import { tableFromRows, type Cell } from '../../../core/table.ts'
import { spell } from '../../labels.ts'
import { bothClasses, mostProbable } from '../class-probabilities.ts'
import type { Answer } from './client.ts'
import type { PredictorOptions } from '../options.ts'
import { predictionsIn, requireNoProbabilities } from '../file/predictions-in.ts'

type Options = Pick<PredictorOptions, 'classes' | 'columns'>

/**
 * Predictions of an answer `{"predictions": [...]}`, which MLflow and TensorFlow Serving give alike.
 *
 * @param as how a server of the protocol answers, for the error
 * @throws UserError E_PREDICTOR for another answer, and what `answersOf` throws
 */
export function predictionsOf(
  { value, excerpt }: Pick<Answer, 'value' | 'excerpt'>,
  rows: number,
  name: string,
  options: Options,
  as: string,
): Predictions {
  const predictions = value !== null && typeof value === 'object' && 'predictions' in value ? value.predictions : undefined
  if (Array.isArray(predictions)) return answersOf(predictions, rows, name, options)
  throw new UserError('E_PREDICTOR', `${name} does not answer as ${as}: ${excerpt}`, {
    hint: 'An answer is {"predictions": [...]}, with one prediction per row.',
  })
}

/**
 * Predictions of an answer that is a list with one member per row, as MLflow and TensorFlow Serving give it: labels or values;
 * rows of numbers, which are probabilities in the order of `options.classes`; or records, which are read like the columns of a file of
 * predictions.
 *
 * @throws UserError E_PREDICTOR for a wrong number of predictions and for what is none of these; E_VALUE for numbers that nobody
 *   called probabilities, though they look so
 */
function answersOf(answers: readonly unknown[], rows: number, name: string, options: Options): Predictions {
  if (answers.length !== rows)
    throw new UserError('E_PREDICTOR', `${name} answered ${answers.length} predictions for ${rows} rows`)
  const [first] = answers
  if (Array.isArray(first))
    return ofRows(
      answers.map((row, i) => numbersOf(row, first.length, i, name)),
      first.length,
      name,
      options,
    )
  if (first !== null && typeof first === 'object')
    return ofRecords(
      answers.map((record, i) => recordOf(record, i, name)),
      name,
      options,
    )
  return ofScalars(
    answers.map((answer, i) => labelOf(answer, i, name)),
    name,
    options,
  )
}

function ofScalars(labels: Label[], name: string, { classes, columns = {} }: Options): Predictions {
  const rowCount = labels.length
  const known = classes && new Set(classes.map(spell))
  if (classes?.length === 2 && !labels.every((label) => known!.has(spell(label)))) {
    const odd = labels.findIndex((label) => typeof label !== 'number' || label < 0 || label > 1)
    if (odd >= 0)
      throw new UserError(
        'E_PREDICTOR',
        `${name} answered ${JSON.stringify(labels[odd])} for row ${odd + 1}, which is no class and no probability`,
      )
    const probabilities = bothClasses(Float64Array.from(labels as number[]))
    return { rowCount, labels: mostProbable(probabilities, classes), classes, probabilities }
  }
  requireNoProbabilities(labels, `The answer of ${name}`, columns.classes, nameClasses(columns.classes))
  return { rowCount, labels, classes: null, probabilities: null }
}

function ofRows(rows: readonly (readonly number[])[], width: number, name: string, options: Options): Predictions {
  if (width === 1)
    return ofScalars(
      rows.map(([value]) => value!),
      name,
      options,
    )
  const { classes = options.columns?.several, columns = {} } = options
  const values = Float64Array.from(rows.flat())
  if (classes?.length !== width) {
    const wrong = classes === undefined ? 'but not the names of their classes' : `but there are ${classes.length} classes`
    throw new UserError('E_PREDICTOR', `${name} answered ${width} numbers per row, ${wrong}`, {
      hint: nameClasses(columns.classes),
    })
  }
  if (columns.several === undefined)
    return { rowCount: rows.length, labels: mostProbable(values, classes), classes, probabilities: values }
  const given = (row: readonly number[]): Label => classes.filter((_name, k) => row[k]! >= 0.5).join(',')
  const isSet = values.every((value) => value === 0 || value === 1)
  return {
    rowCount: rows.length,
    labels: rows.map(given),
    classes,
    probabilities: isSet ? null : values,
    ...(isSet && { indicators: Uint8Array.from(values) }),
  }
}

const nameClasses = (ofData: readonly Label[] | undefined): string =>
  `Name the classes in the order of the model's probabilities: --classes ${ofData && ofData.length <= 8 ? ofData.join(',') : 'A,B'}, if that is their order.`

type Record_ = Readonly<Record<string, unknown>>

function ofRecords(records: readonly Record_[], name: string, options: Options): Predictions {
  const { classes, columns = {} } = options
  const keys = Object.keys(records[0]!)
  const odd = records.findIndex(
    (record) => Object.keys(record).length !== keys.length || keys.some((key) => !Object.hasOwn(record, key)),
  )
  if (odd >= 0) throw new UserError('E_PREDICTOR', `${name} answered other keys for row ${odd + 1} than for row 1`)
  // A data frame of one column is a series.
  if (keys.length === 1 && !named(keys[0]!, options))
    return answersOf(
      records.map((record) => record[keys[0]!]),
      records.length,
      name,
      options,
    )
  const names = (classes ?? columns.classes)?.map(String)
  if (names !== undefined && names.length === keys.length && names.every((key) => keys.includes(key))) {
    const ordered = (classes ?? columns.classes)!
    return ofRows(
      records.map((record, i) =>
        numbersOf(
          names.map((key) => record[key]),
          names.length,
          i,
          name,
        ),
      ),
      names.length,
      name,
      { columns, classes: ordered },
    )
  }
  return predictionsIn(tableFromRows(records.map((record, i) => flat(record, i, name, options))), `the answer of ${name}`, {
    ...columns,
    ...(classes && { classes }),
  })
}

const named = (key: string, { columns = {} }: Options): boolean =>
  key === columns.probability || key.startsWith(columns.probability ?? 'probability_')

/** A list of probabilities in a record becomes one column per class. */
function flat(record: Record_, row: number, name: string, { classes, columns = {} }: Options): Record<string, Cell> {
  const cells: Record<string, Cell> = {}
  for (const [key, value] of Object.entries(record)) {
    if (!Array.isArray(value)) cells[key] = cellOf(value, key, row, name)
    else if (key === columns.probability && classes?.length === value.length) {
      for (const [k, probability] of numbersOf(value, value.length, row, name).entries())
        cells[`${key}${classes[k]}`] = probability
    } else {
      throw new UserError('E_PREDICTOR', `${name} answered a list of ${value.length} in "${key}" for row ${row + 1}`, {
        hint: `If these are probabilities: --probability ${key} --classes, with the ${value.length} classes in their order.`,
      })
    }
  }
  return cells
}

function cellOf(value: unknown, key: string, row: number, name: string): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  throw new UserError('E_PREDICTOR', `${name} answered a structure in "${key}" for row ${row + 1}, not a prediction`)
}

function recordOf(value: unknown, row: number, name: string): Record_ {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record_
  throw mixed(row, name)
}

function labelOf(value: unknown, row: number, name: string): Label {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'boolean') return String(value)
  if (value === null) throw new UserError('E_PREDICTOR', `${name} answered no prediction for row ${row + 1}`)
  throw mixed(row, name)
}

function numbersOf(value: unknown, width: number, row: number, name: string): number[] {
  if (!Array.isArray(value)) throw mixed(row, name)
  if (value.length !== width)
    throw new UserError('E_PREDICTOR', `${name} answered ${value.length} values for row ${row + 1}, and ${width} for row 1`)
  return value.map((member: unknown) => {
    if (typeof member === 'number') return member
    throw new UserError(
      'E_PREDICTOR',
      `${name} answered ${JSON.stringify(member)?.slice(0, 40)} for row ${row + 1}, where a number belongs`,
    )
  })
}

const mixed = (row: number, name: string): UserError =>
  new UserError('E_PREDICTOR', `${name} answered row ${row + 1} in another form than row 1`)
