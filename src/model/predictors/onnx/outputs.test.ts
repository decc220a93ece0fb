import { expect, test } from 'vitest'
import type { Label, Predictions } from '../../../core/predictor.ts'
import type { TensorElements, ValueInfo, WireTensor } from '../../../drivers/onnx-session-messages.ts'
import { toFloat16 } from './float16.ts'
import { onnxOutputs, type OutputFacts } from './outputs.ts'

const info = (name: string, type: string, ...shape: (number | string)[]): ValueInfo => ({ name, type, shape })
const numbers = (type: Exclude<WireTensor['type'], 'string'>, dims: readonly number[], data: TensorElements): WireTensor => ({
  type,
  dims,
  data,
})
const texts = (...list: readonly string[]): WireTensor => ({
  type: 'string',
  dims: [list.length],
  data: { words: list, codes: Int32Array.from(list.keys()) },
})
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) }) as Error

type Given = readonly (readonly [info: ValueInfo, tensor: WireTensor])[]

/** What outputs are read as, in one batch of as many rows as the first has. */
function read(given: Given, facts: Partial<OutputFacts> = {}, rowCount = given[0]![1].dims[0]!): Predictions {
  const outputs = onnxOutputs(
    'm.onnx',
    given.map(([value]) => value),
    {
      classes: null,
      operatorClasses: null,
      hasRawScores: false,
      ...facts,
    },
  )
  const collector = outputs.collect(rowCount)
  const answers = Object.fromEntries(
    given.filter(([{ name }]) => outputs.names.includes(name)).map(([{ name }, tensor]) => [name, tensor]),
  )
  collector.add(answers, 0, rowCount, rowCount)
  return collector.predictions()
}

const label = (type: Exclude<WireTensor['type'], 'string'>, data: TensorElements): Given[number] => [
  info('label', type, 'N'),
  numbers(type, [data.length], data),
]
const half = (...values: readonly number[]) => Uint16Array.from(values, toFloat16)

test.each<[string, Given[number], readonly Label[]]>([
  ['int64', label('int64', BigInt64Array.of(-1n, 1n, 2n ** 40n)), [-1, 1, 2 ** 40]],
  [
    'int64 beyond 2^53',
    label('int64', BigInt64Array.of(2n ** 53n + 1n, -(2n ** 60n))),
    ['9007199254740993', String(-(2n ** 60n))],
  ],
  ['uint64', label('uint64', BigUint64Array.of(0n, 2n ** 31n, 2n ** 64n - 1n)), [0, 2 ** 31, '18446744073709551615']],
  ['int32', label('int32', Int32Array.of(-5, 5)), [-5, 5]],
  ['uint32', label('uint32', Uint32Array.of(2 ** 32 - 1)), [2 ** 32 - 1]],
  ['int16', label('int16', Int16Array.of(-300)), [-300]],
  ['uint16', label('uint16', Uint16Array.of(65535)), [65535]],
  ['int8', label('int8', Int8Array.of(-3)), [-3]],
  ['uint8', label('uint8', Uint8Array.of(200)), [200]],
  ['bool', label('bool', Uint8Array.of(1, 0)), ['true', 'false']],
  ['text', [info('label', 'string', 'N'), texts('b', 'a')], ['b', 'a']],
])('labels of type %s', (_type, given, labels) => {
  expect(read([given])).toEqual({ rowCount: labels.length, labels, classes: null, probabilities: null })
})

test.each<[string, Given[number]]>([
  ['float32', [info('y', 'float32', 'N', 1), numbers('float32', [2, 1], Float32Array.of(0.5, -2))]],
  ['float64', [info('y', 'float64', 'N'), numbers('float64', [2], Float64Array.of(0.5, -2))]],
  ['float16', [info('y', 'float16', 'N', 1), numbers('float16', [2, 1], half(0.5, -2))]],
])('the value of a regression as %s', (_type, given) => {
  expect(read([given])).toEqual({ rowCount: 2, labels: [0.5, -2], classes: null, probabilities: null })
})

test('scores of any floating type are probabilities of the classes; without labels the highest is the class', () => {
  const values = [0.25, 0.75, 1, 0]
  for (const tensor of [
    numbers('float32', [2, 2], Float32Array.from(values)),
    numbers('float64', [2, 2], Float64Array.from(values)),
    numbers('float16', [2, 2], half(...values)),
  ]) {
    const { labels, probabilities } = read([[info('p', tensor.type, 'N', 2), tensor]], { classes: ['no', 'yes'] })
    expect({ labels, probabilities }).toEqual({ labels: ['yes', 'no'], probabilities: Float64Array.from(values) })
  }
})

const pair = (...values: readonly number[]) => numbers('float32', [values.length / 2, 2], Float32Array.from(values))
const probabilities = info('probabilities', 'float32', 'N', 2)

test('the number of a class is its place, or what its operator calls it; a truth value counts too', () => {
  const p: Given[number] = [probabilities, pair(0.25, 0.75, 1, 0)]
  const classes = ['no', 'yes']
  expect(read([label('int64', BigInt64Array.of(1n, 0n)), p], { classes }).labels).toEqual(['yes', 'no'])
  expect(read([label('int64', BigInt64Array.of(1n, -1n)), p], { classes, operatorClasses: [-1, 1] }).labels).toEqual([
    'yes',
    'no',
  ])
  expect(read([label('bool', Uint8Array.of(1, 0)), p], { classes }).labels).toEqual(['yes', 'no'])
  expect(() => read([label('int32', Int32Array.of(1, 2)), p], { classes })).toThrow(failure('E_PREDICTOR', /answered class 2/))
})

test('scores that are no distribution are not passed off as probabilities; the labels stand', () => {
  const given = (...values: readonly number[]): Given => [
    [info('label', 'string', 'N'), texts('a', 'b')],
    [probabilities, pair(...values)],
  ]
  const facts = { operatorClasses: ['a', 'b'] }
  expect(read(given(0.6, 0.4, 0, 1), facts).classes).toEqual(['a', 'b'])
  for (const scores of [
    [0.6, 0.4, -2, 3],
    [0.6, 0.4, 0.9, 0.8],
    [12, 3, 0.5, 0.5],
  ]) {
    expect(read(given(...scores), facts)).toEqual({ rowCount: 2, labels: ['a', 'b'], classes: null, probabilities: null })
  }
  expect(read(given(Number.NaN, Number.NaN, 0.5, 0.5), facts).probabilities).toEqual(
    Float64Array.of(Number.NaN, Number.NaN, 0.5, 0.5),
  )
  expect(read(given(0.6, 0.4, 0, 1), { ...facts, hasRawScores: true }).probabilities).toBeNull()
})

test('a single score is the probability of the second class; where it is none, only a model with labels can be understood', () => {
  const margin: Given[number] = [info('score', 'float32', 'N', 1), numbers('float32', [2, 1], Float32Array.of(0.25, 3))]
  const facts = { classes: ['no', 'yes'] }
  expect(() => read([margin], facts)).toThrow(failure('E_PREDICTOR', /"score" holds 3, which is no probability of yes/))
  expect(read([label('int64', BigInt64Array.of(0n, 1n)), margin], facts)).toEqual({
    rowCount: 2,
    labels: ['no', 'yes'],
    classes: null,
    probabilities: null,
  })
})

test('one output per class', () => {
  const column = (name: string, ...values: readonly number[]): Given[number] => [
    info(name, 'float32', 'N'),
    numbers('float32', [2], Float32Array.from(values)),
  ]
  const found = read(
    [label('int64', BigInt64Array.of(10n, 20n)), column('i10', 0.7, 0.2), column('i20', 0.2, 0.7), column('i30', 0.1, 0.1)],
    {
      operatorClasses: [10, 20, 30],
    },
  )
  expect(found.classes).toEqual([10, 20, 30])
  expect(Array.from(found.probabilities!, (p) => Number(p.toFixed(6)))).toEqual([0.7, 0.2, 0.1, 0.2, 0.7, 0.1])
})

test('sets of labels, with probabilities in each of the layouts that exporters know', () => {
  const sets = numbers('int64', [2, 3], BigInt64Array.of(1n, 0n, 1n, 0n, 0n, 0n))
  const yes = [0.75, 0.25, 1, 0.25, 0, 0.5]
  const perLabel = [0, 1, 2].map((k) => [0, 1].flatMap((row) => [1 - yes[row * 3 + k]!, yes[row * 3 + k]!]))
  const layouts: Given[] = [
    [[info('probabilities', 'float32', 'N', 3), numbers('float32', [2, 3], Float32Array.from(yes))]],
    [[info('probabilities', 'float32', 3, 'N', 2), numbers('float32', [3, 2, 2], Float32Array.from(perLabel.flat()))]],
    perLabel.map((values, k): Given[number] => [info(`p${k}`, 'float32', 'N', 2), pair(...values)]),
  ]
  for (const layout of layouts) {
    expect(read([[info('label', 'int64', 'N', 3), sets], ...layout])).toEqual({
      rowCount: 2,
      labels: ['0,2', ''],
      classes: [0, 1, 2],
      probabilities: Float64Array.from(yes),
      indicators: Uint8Array.of(1, 0, 1, 0, 0, 0),
    })
  }
  const named = read([[info('label', 'int64', 'N', 3), sets]], { classes: ['red', 'green', 'blue'] })
  expect(named).toMatchObject({ labels: ['red,blue', ''], classes: ['red', 'green', 'blue'], probabilities: null })
  const severalTargets = numbers('int64', [1, 3], BigInt64Array.of(1n, 2n, 0n))
  expect(() => read([[info('label', 'int64', 'N', 3), severalTargets]])).toThrow(
    failure('E_MODEL_FORMAT', /several labels, and one is 2/),
  )
})

test('labels beside scores whose classes are unknown count alone, unless the scores call themselves probabilities', () => {
  const distances: Given[number] = [info('scores', 'float32', 'N', 2), pair(3, 4, 5, 6)]
  expect(read([label('int64', BigInt64Array.of(0n, 1n)), distances])).toMatchObject({ labels: [0, 1], classes: null })
  expect(() => read([label('int64', BigInt64Array.of(0n, 1n)), [probabilities, pair(0, 1, 1, 0)]])).toThrow(
    failure('E_MODEL_FORMAT', /probabilities, but not the names of its classes/),
  )
})

test.each<[string, Given, RegExp]>([
  ['several values per row', [[info('y', 'float32', 'N', 2), pair(1, 2)]], /gives 2 values for each row in "y"/],
  [
    'several outputs of values',
    [
      [info('mean', 'float32', 'N', 1), numbers('float32', [1, 1], Float32Array.of(1))],
      [info('deviation', 'float32', 'N', 1), numbers('float32', [1, 1], Float32Array.of(1))],
    ],
    /the outputs mean \(float32 \[N, 1\]\), deviation/,
  ],
  ['more values than it declares', [[info('y', 'float32', 'N', 'M'), pair(1, 2)]], /"y" does not have one value per row/],
])('a regression with %s is refused', (_what, given, message) => {
  expect(() => read(given)).toThrow(failure('E_MODEL_FORMAT', message))
})

test('a width that is not that of the classes, and answers for other rows, are refused', () => {
  const facts = { classes: ['a', 'b', 'c'] }
  expect(() => read([[info('p', 'float32', 'N', 'M'), pair(0.5, 0.5)]], facts)).toThrow(
    failure('E_MODEL_FORMAT', /"p" does not have one column for each of the classes a, b, c/),
  )
  const two: Given = [
    [info('label', 'string', 'N'), texts('a', 'b')],
    [probabilities, pair(1, 0)],
  ]
  expect(() => read(two, { operatorClasses: ['a', 'b'] })).toThrow(failure('E_PREDICTOR', /answered 1 predictions for 2 rows/))
  expect(() =>
    onnxOutputs('m.onnx', [{ name: 'map', type: null, shape: [] }], {
      classes: null,
      operatorClasses: null,
      hasRawScores: false,
    }),
  ).toThrow(failure('E_MODEL_FORMAT', /no output of labels, probabilities or values/))
})
