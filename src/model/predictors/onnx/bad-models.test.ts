import { spawnSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { ML, onnxModel, openModel } from '../../../../test/onnx-rig.ts'
import { tableFromRows } from '../../../core/table.ts'
import {
  ATTRIBUTE_TYPE,
  DATA_TYPE,
  encodeOnnx,
  EXTERNAL_DATA,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  onnxNode,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../../drivers/onnx-proto.ts'
import { builtModule } from '../../../drivers/self.ts'

const { FLOAT, INT64, BOOL, BFLOAT16 } = DATA_TYPE

const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) }) as Error

const floats = (name: string, dims: readonly number[], ...values: readonly number[]): TensorProto => ({
  name,
  dims,
  dataType: FLOAT,
  floatData: values,
})
const longs = (name: string, dims: readonly number[], ...values: readonly number[]): TensorProto => ({
  name,
  dims,
  dataType: INT64,
  int64Data: values,
})

/** `y` of `x`, one number each. */
const chain = (node: readonly NodeProto[], initializer: readonly TensorProto[] = []): ModelProto =>
  onnxModel({
    input: [tensorInfo('x', FLOAT, ['N', 1])],
    output: [tensorInfo('y', FLOAT, ['M', 1])],
    node,
    initializer,
  })

const rows = tableFromRows([{ x: 1 }, { x: 2 }, { x: 3 }])

/** Adds 1 to `x` as often as it is told; 2^62 times is for ever. */
function counting(times: number): ModelProto {
  const body = {
    name: 'body',
    input: [tensorInfo('i', INT64, []), tensorInfo('goes', BOOL, []), tensorInfo('v', FLOAT, ['N', 1])],
    output: [tensorInfo('goesOn', BOOL, []), tensorInfo('next', FLOAT, ['N', 1])],
    node: [onnxNode('Identity', ['goes'], ['goesOn']), onnxNode('Add', ['v', 'one'], ['next'])],
    initializer: [floats('one', [], 1)],
  }
  const loop = onnxNode('Loop', ['times', 'true', 'x'], ['y'], [{ name: 'body', type: ATTRIBUTE_TYPE.GRAPH, g: body }])
  return chain([loop], [longs('times', [], times), { name: 'true', dims: [], dataType: BOOL, int32Data: [1] }])
}

test('a model with a loop answers as any other', async () => {
  const { predictor } = await openModel(counting(10))
  expect((await predictor.predict(rows)).labels).toEqual([11, 12, 13])
})

test('a model that hangs is ended when its time is up, and stays ended', async () => {
  const { predictor } = await openModel(counting(2 ** 53), undefined, { timeout: 300 })
  await expect(predictor.predict(rows)).rejects.toThrow(failure('E_PREDICTOR', /model\.onnx did not answer within 0\.3 s/))
  await expect(predictor.predict(rows)).rejects.toThrow(failure('E_PREDICTOR', /did not answer/))
})

test('a model that hangs can be broken off', async () => {
  const { predictor } = await openModel(counting(2 ** 53))
  const stopping = new AbortController()
  setTimeout(() => stopping.abort(new Error('stopped')), 200)
  await expect(predictor.predict(rows, { signal: stopping.signal })).rejects.toThrow('stopped')
})

test('closing does not wait for a model that hangs', async () => {
  const { predictor } = await openModel(counting(2 ** 53))
  const answer = predictor.predict(rows).catch((error: unknown) => error)
  await predictor.close()
  expect(await answer).toEqual(failure('E_PREDICTOR', /process was ended by SIGKILL/))
})

test('a model that fails at a row is an error with the reason, and can be asked again', async () => {
  const index = [onnxNode('Cast', ['x'], ['i'], [intAttribute('to', INT64)]), onnxNode('Gather', ['list', 'i'], ['y'])]
  const { predictor } = await openModel(chain(index, [floats('list', [3], 10, 20, 30)]))
  await expect(predictor.predict(rows)).rejects.toThrow(failure('E_PREDICTOR', /model\.onnx failed: .*[Gg]ather/))
  expect((await predictor.predict(tableFromRows([{ x: 2 }, { x: 0 }]))).labels).toEqual([30, 10])
})

test('an answer for more or fewer rows than were asked is an error, and which', async () => {
  const doubled = await openModel(chain([onnxNode('Concat', ['x', 'x'], ['y'], [intAttribute('axis', 0)])]))
  await expect(doubled.predictor.predict(rows)).rejects.toThrow(failure('E_PREDICTOR', /answered 6 predictions for 3 rows/))
  const first = await openModel(
    chain([onnxNode('Slice', ['x', 'from', 'to'], ['y'])], [longs('from', [1], 0), longs('to', [1], 1)]),
  )
  await expect(first.predictor.predict(rows)).rejects.toThrow(failure('E_PREDICTOR', /answered 1 predictions for 3 rows/))
  expect((await first.predictor.predict(tableFromRows([{ x: 5 }]))).labels).toEqual([5])
})

test('a model whose batches have a fixed size answers any number of rows, one each', async () => {
  const { predictor } = await openModel(
    onnxModel({
      input: [tensorInfo('x', FLOAT, [2, 1])],
      output: [tensorInfo('y', FLOAT, [2, 1])],
      node: [onnxNode('Neg', ['x'], ['y'])],
    }),
  )
  expect((await predictor.predict(rows)).labels).toEqual([-1, -2, -3])
  expect((await predictor.predict({ rowCount: 0, columns: { x: new Float64Array() } })).labels).toEqual([])
})

test('NaN, infinite and constant answers come through as they are, for a gate to judge', async () => {
  const logs = await openModel(chain([onnxNode('Log', ['x'], ['y'])]))
  expect((await logs.predictor.predict(tableFromRows([{ x: -1 }, { x: 0 }, { x: 1 }]))).labels).toEqual([NaN, -Infinity, 0])
  const constant = await openModel(
    chain(
      [onnxNode('Mul', ['x', 'zero'], ['none']), onnxNode('Add', ['none', 'seven'], ['y'])],
      [floats('zero', [], 0), floats('seven', [], 7)],
    ),
  )
  expect((await constant.predictor.predict(rows)).labels).toEqual([7, 7, 7])
})

test('a classifier whose scores are NaN has no class for these rows, and its probabilities stay NaN', async () => {
  const { predictor } = await openModel(
    onnxModel(
      {
        input: [tensorInfo('x', FLOAT, ['N', 1])],
        output: [tensorInfo('p', FLOAT, ['N', 1])],
        node: [onnxNode('Sqrt', ['x'], ['p'])],
      },
      { classes: ['no', 'yes'] },
    ),
  )
  const { labels, probabilities } = await predictor.predict(tableFromRows([{ x: -1 }, { x: 0.81 }]))
  expect(labels).toEqual([Number.NaN, 'yes'])
  expect(Array.from(probabilities!, (p) => Math.round(p * 1e6) / 1e6)).toEqual([Number.NaN, Number.NaN, 0.1, 0.9])
})

test('a matrix that the operators do not fit is an error before a single row is judged', async () => {
  const weights = floats('w', [3, 1], 1, 2, 3)
  const wrong = onnxModel({
    input: [tensorInfo('x', FLOAT, ['N', 'width'])],
    output: [tensorInfo('y', FLOAT, ['N', 1])],
    node: [onnxNode('MatMul', ['x', 'w'], ['y'])],
    initializer: [weights],
  })
  const { predictor } = await openModel(wrong, ['x', 'y'])
  const table = tableFromRows([{ x: 1, y: 2 }])
  await expect(predictor.predict(table)).rejects.toThrow(failure('E_PREDICTOR', /MatMul/))
})

test('files that are cut short, are pointers, lack their weights or are of foreign types are told from one another', async () => {
  const whole = encodeOnnx(chain([onnxNode('MatMul', ['x', 'w'], ['y'])], [floats('w', [1, 1], 2)]))
  await expect(openModel(whole.subarray(0, whole.length - 30))).rejects.toThrow(
    failure('E_MODEL_FORMAT', /model\.onnx: Not an ONNX model: the file ends in the middle/),
  )
  await expect(
    openModel(Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n')),
  ).rejects.toMatchObject({
    code: 'E_MODEL_FORMAT',
    hint: expect.stringContaining('git lfs pull'),
  })
  const external: TensorProto = {
    name: 'w',
    dims: [1, 1],
    dataType: FLOAT,
    dataLocation: EXTERNAL_DATA,
    externalData: [{ key: 'location', value: 'weights.bin' }],
  }
  await expect(openModel(chain([onnxNode('MatMul', ['x', 'w'], ['y'])], [external]))).rejects.toThrow(
    failure('E_FILE_MISSING', /weights in another file, which is not there: weights\.bin/),
  )
  await expect(
    openModel(
      onnxModel({
        input: [tensorInfo('x', BFLOAT16, ['N', 1])],
        output: [tensorInfo('y', FLOAT, ['N', 1])],
        node: [onnxNode('Cast', ['x'], ['y'], [intAttribute('to', FLOAT)])],
      }),
    ),
  ).rejects.toThrow(failure('E_MODEL_FORMAT', /input "x" is bfloat16/))
})

test('scores that are distances from a plane are not taken for probabilities, not even of a single row', async () => {
  const linear = (transform: string) =>
    onnxModel({
      input: [tensorInfo('x', FLOAT, ['N', 1])],
      output: [tensorInfo('label', DATA_TYPE.STRING, ['N']), tensorInfo('probabilities', FLOAT, ['N', 2])],
      node: [
        onnxNode(
          'LinearClassifier',
          ['x'],
          ['label', 'probabilities'],
          [
            floatsAttribute('coefficients', [-1, 1]),
            floatsAttribute('intercepts', [1, 0]),
            stringsAttribute('classlabels_strings', ['no', 'yes']),
            stringAttribute('post_transform', transform),
          ],
          ML,
        ),
      ],
    })
  // Both scores add up to 1.
  const one = tableFromRows([{ x: 0.75 }])
  const raw = await (await openModel(linear('NONE'))).predictor.predict(one)
  expect(raw).toEqual({ rowCount: 1, labels: ['yes'], classes: null, probabilities: null })
  const soft = await (await openModel(linear('SOFTMAX'))).predictor.predict(one)
  expect(soft.classes).toEqual(['no', 'yes'])
})

/** A mean of numbers that are all the same, the long way round. */
function slow(): ModelProto {
  const squares = Array.from({ length: 60 }, (_none, i) => onnxNode('MatMul', [`x${i}`, 'w'], [`x${i + 1}`]))
  const mean = onnxNode('ReduceMean', ['x60'], ['y'], [intsAttribute('axes', [1]), intAttribute('keepdims', 1)])
  return chain(
    [onnxNode('MatMul', ['x', 'wide'], ['x0']), ...squares, mean],
    [
      floats('wide', [1, 256], ...new Float32Array(256).fill(1)),
      floats('w', [256, 256], ...new Float32Array(256 * 256).fill(1 / 256)),
    ],
  )
}

test('while a model runs, the main thread goes on', async () => {
  const { predictor } = await openModel(slow())
  const answer = predictor.predict({ rowCount: 1024, columns: { x: new Float64Array(1024).fill(3) } })
  let turns = 0
  let turn = setImmediate(function count() {
    turns++
    turn = setImmediate(count)
  })
  await answer
  clearImmediate(turn)
  expect((await answer).labels[1023]).toBeCloseTo(3, 4)
  expect(turns).toBeGreaterThan(100)
})

test('an abort in the middle of a run is heard at once, and the process ends as it wants to', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-onnx-'))
  await writeFile(join(cwd, 'model.onnx'), encodeOnnx(slow()))
  // A thread that is ended inside the runtime takes the process with it: SIGABRT, exit code 134.
  const script = `
    import { openPredictor } from ${JSON.stringify(pathToFileURL(builtModule('model/predictors/open')).href)}
    const { digestFile } = await import(${JSON.stringify(pathToFileURL(builtModule('drivers/files')).href)})
    const predictor = await openPredictor('model.onnx', { cwd: process.cwd(), env: {}, admit: digestFile })
    const stopping = new AbortController()
    const table = { rowCount: 50_000, columns: { x: new Float64Array(50_000) } }
    const answer = predictor.predict(table, { signal: stopping.signal, batchSize: 500 })
    setTimeout(() => stopping.abort(new Error('stopped')), 100)
    await answer.catch((error) => console.log(error.message))
    if (process.argv[1] === 'closes') await predictor.close()
    process.exitCode = 7`
  for (const manner of ['closes', 'forgets to close']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, manner], {
      cwd,
      encoding: 'utf8',
    })
    expect({ status, stdout, stderr }).toEqual({ status: 7, stdout: 'stopped\n', stderr: '' })
  }
})
