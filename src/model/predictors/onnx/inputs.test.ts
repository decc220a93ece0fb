import { expect, test } from 'vitest'
import { tableFromRows, type Cell, type Table } from '../../../core/table.ts'
import type { TensorType, ValueInfo, WireTensor } from '../../../drivers/onnx-session-messages.ts'
import { onnxInputs, type FeatureNames } from './inputs.ts'

const input = (name: string, type: string, ...shape: (number | string)[]): ValueInfo => ({ name, type, shape })
const memory = (bytes: number) => new ArrayBuffer(bytes)
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'E_MODEL_INPUT', message: expect.stringMatching(message) }) as Error

function feed(values: readonly ValueInfo[], named: FeatureNames | null, table: Table, rows = table.rowCount) {
  return onnxInputs('m.onnx', values, named).of(table)(0, table.rowCount, rows, memory)
}

/** What one column becomes as an input of a type. */
function elements(type: TensorType, ...cells: readonly Cell[]): unknown[] {
  const { x } = feed([input('x', type, 'N', 1)], null, { rowCount: cells.length, columns: { x: cells } })
  return x!.type === 'string' ? wordsOf(x!) : [...x!.data]
}

test('every type of tensor takes the values that it can hold, up to the ends of its range', () => {
  const { MAX_SAFE_INTEGER: most, MIN_SAFE_INTEGER: least } = Number
  expect(elements('float32', 1.5, null, -Infinity, true)).toEqual([1.5, Number.NaN, -Infinity, 1])
  expect(elements('float32', 3.4028235e38)).toEqual([2 ** 128 - 2 ** 104])
  expect(elements('float64', 1e300, null)).toEqual([1e300, Number.NaN])
  expect(elements('float16', 1, 65504, -2, null)).toEqual([0x3c00, 0x7bff, 0xc000, 0x7e00])
  expect(elements('int8', -128, 127)).toEqual([-128, 127])
  expect(elements('uint8', 0, 255)).toEqual([0, 255])
  expect(elements('int16', -32768, 32767)).toEqual([-32768, 32767])
  expect(elements('uint16', 0, 65535)).toEqual([0, 65535])
  expect(elements('int32', -(2 ** 31), 2 ** 31 - 1)).toEqual([-(2 ** 31), 2 ** 31 - 1])
  expect(elements('uint32', 0, 2 ** 32 - 1)).toEqual([0, 2 ** 32 - 1])
  expect(elements('int64', least, -1, -(2 ** 32), 0, 2 ** 31, 2 ** 32 + 5, most)).toEqual(
    [least, -1, -(2 ** 32), 0, 2 ** 31, 2 ** 32 + 5, most].map(BigInt),
  )
  expect(elements('uint64', 0, 2 ** 32, most)).toEqual([0n, 2n ** 32n, BigInt(most)])
  expect(elements('bool', true, false, 1, 0)).toEqual([1, 0, 1, 0])
  expect(elements('string', 'b', 'a', '', 'b')).toEqual(['b', 'a', '', 'b'])
})

test.each<[TensorType, Cell, RegExp]>([
  ['float32', 3.5e38, /numbers up to 3\.4e38 \(float32\) in "x"; row 2 has 3\.5e\+38/],
  ['float32', 'one', /takes numbers in "x"; row 2 has "one"/],
  ['float16', 65520, /up to 65504 \(float16\) in "x"; row 2 has 65520/],
  ['int8', 128, /integers \(int8\) in "x"; row 2 has 128/],
  ['int8', 0.5, /row 2 has 0\.5/],
  ['int32', null, /integers \(int32\) in "x"; row 2 has nothing/],
  ['uint8', -1, /row 2 has -1/],
  ['uint32', 2 ** 32, /row 2 has 4294967296/],
  ['int64', 2 ** 53, /integers \(int64, up to 2\^53\) in "x"; row 2 has 9007199254740992/],
  ['int64', '9007199254740993', /row 2 has "9007199254740993"/],
  ['uint64', -1, /row 2 has -1/],
  ['bool', 2, /truth values in "x"; row 2 has 2/],
  ['bool', null, /truth values in "x"; row 2 has nothing/],
  ['string', 1, /text in "x"; row 2 has 1/],
  ['string', null, /text in "x"; row 2 has nothing/],
])('%s does not take %s', (type, cell, message) => {
  const good = type === 'string' ? 'a' : 1
  expect(() => elements(type, good, cell)).toThrow(refusal(message))
})

test('a matrix holds rows one after the other, whatever its width, and names the column of a value that does not fit', () => {
  for (const width of [1, 3, 4, 5, 9]) {
    const names = Array.from({ length: width }, (_none, i) => `c${i}`)
    const columns = Object.fromEntries(
      names.map((name, c) => [name, Float64Array.from({ length: 2500 }, (_none, r) => 10 * r + c)]),
    )
    const values = [input('x', 'float32', 'N', width)]
    const { x } = feed(values, names, { rowCount: 2500, columns })
    expect(x!.dims).toEqual([2500, width])
    expect(Array.from(x!.data as Float32Array)).toEqual(
      Array.from({ length: 2500 * width }, (_none, i) => 10 * Math.floor(i / width) + (i % width)),
    )
    const last = names.at(-1)!
    columns[last]![2000] = -1e39
    expect(() => feed(values, names, { rowCount: 2500, columns })).toThrow(
      refusal(new RegExp(`"${last}"; row 2001 has -1e\\+39`)),
    )
    columns[last]![2000] = -Infinity
    expect((feed(values, names, { rowCount: 2500, columns })['x']!.data as Float32Array)[2000 * width + width - 1]).toBe(
      -Infinity,
    )
  }
})

const homes = tableFromRows([
  { area: 50, rooms: 2, city: 'Rome', kind: 'flat' },
  { area: 60, rooms: 3, city: 'Oslo', kind: 'house' },
])
const numbers = input('numbers', 'float32', 'N', 2)
const texts = input('texts', 'string', 'N', 2)

test('several matrices deal a list of names out in their order, or take a list for each', () => {
  for (const named of [['rooms', 'area', 'kind', 'city'], { texts: ['kind', 'city'], numbers: ['rooms', 'area'] }]) {
    const inputs = onnxInputs('m.onnx', [numbers, texts], named)
    expect(inputs.features).toEqual(['rooms', 'area', 'kind', 'city'])
    expect(inputs.datatypes).toEqual({ rooms: 'FP32', area: 'FP32', kind: 'BYTES', city: 'BYTES' })
    const fed = inputs.of(homes)(0, 2, 2, memory)
    expect(fed['numbers']).toEqual({ type: 'float32', dims: [2, 2], data: Float32Array.of(2, 50, 3, 60) })
    expect(wordsOf(fed['texts']!)).toEqual(['flat', 'Rome', 'house', 'Oslo'])
  }
})

function wordsOf(tensor: WireTensor): string[] {
  if (tensor.type !== 'string') throw new Error(tensor.type)
  return Array.from(tensor.data.codes, (code) => tensor.data.words[code]!)
}

test('a matrix may stand beside inputs of one column, which are called as their columns', () => {
  const values = [numbers, input('city', 'string', 'N', 1)]
  const fed = feed(values, { numbers: ['area', 'rooms'] }, homes)
  expect(wordsOf(fed['city']!)).toEqual(['Rome', 'Oslo'])
  expect(feed(values, ['area', 'rooms', 'city'], homes)).toEqual(fed)
})

test('inputs of one column can be given other columns, in order; names that hold those of the inputs are not an order', () => {
  const values = [input('a', 'float32', 'N', 1), input('b', 'float32', 'N')]
  expect(feed(values, ['area', 'rooms'], homes)['b']).toEqual({ type: 'float32', dims: [2], data: Float32Array.of(2, 3) })
  expect(onnxInputs('m.onnx', values, ['b', 'c', 'a']).features).toEqual(['a', 'b'])
})

test('how wide a matrix is may be told by the names alone', () => {
  const open = input('numbers', 'float32', 'N', 'width')
  expect(feed([open, texts], ['area', 'rooms', 'city', 'kind'], homes)['numbers']!.dims).toEqual([2, 2])
  expect(() => onnxInputs('m.onnx', [open, { ...open, name: 'more' }], ['area', 'rooms'])).toThrow(
    refusal(/how many columns the inputs "numbers", "more" have is not known/),
  )
})

test.each<[string, readonly ValueInfo[], FeatureNames | null, RegExp]>([
  ['a matrix without names', [numbers], null, /"numbers", a matrix of 2 columns; their names are not known/],
  ['too many names for one input', [numbers], ['a', 'b', 'c'], /"numbers", a matrix of 2 columns; 3 are named/],
  ['too few names for all', [numbers, texts], ['a', 'b', 'c'], /takes 4 columns; 3 are named: a, b, c/],
  ['a list of the wrong length', [numbers, texts], { numbers: ['a'], texts: ['b', 'c'] }, /"numbers", .* 2 columns; 1 are named/],
  ['an input that there is not', [numbers], { number: ['a', 'b'] }, /no input "number"/],
  ['an image', [input('image', 'float32', 'N', 3, 8, 8)], null, /"image" has shape \[N, 3, 8, 8\]/],
  ['a single number', [input('rate', 'float32')], null, /"rate" has shape \[\]/],
  ['what is no tensor', [{ name: 'x', type: null, shape: [] }], null, /"x" is not a tensor/],
  [
    'batches of different sizes',
    [input('a', 'float32', 2, 1), input('b', 'float32', 3, 1)],
    null,
    /different numbers of rows, 2 and 3/,
  ],
  ['no inputs at all', [], null, /has no inputs/],
])('refused: %s', (_what, values, named, message) => {
  expect(() => onnxInputs('m.onnx', values, named)).toThrow(refusal(message))
})

test('columns that the data lacks are named', () => {
  expect(() => feed([numbers], ['area', 'room'], homes)).toThrow(refusal(/lacks: room$/))
})

test('a batch of fixed size is filled up with its last row', () => {
  const { x } = feed([input('x', 'float32', 4, 2)], ['area', 'rooms'], homes, 4)
  expect(x).toEqual({ type: 'float32', dims: [4, 2], data: Float32Array.of(50, 2, 60, 3, 60, 3, 60, 3) })
  const { y } = feed([input('y', 'int64', 3)], { y: ['rooms'] }, homes, 3)
  expect(y!.data).toEqual(BigInt64Array.of(2n, 3n, 3n))
})
