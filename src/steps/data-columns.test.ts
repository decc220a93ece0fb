import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { httpServer, send } from '../../test/fixtures/http-server.ts'
import { mlflowServer, type Frame } from '../../test/fixtures/mlflow-server.ts'
import { stepContext } from '../../test/fixtures/step-context.ts'
import { tableFromRows } from '../core/table.ts'
import { ModelTestSuite } from '../model/suite.ts'
import { takeApart } from './data-columns.ts'
import { evaluate } from './evaluate.ts'
import { validateModel } from './validate-model.ts'

const rows = Array.from({ length: 40 }, (_, i) => ({
  id: `r${i}`,
  x: i % 7,
  w: 1 + (i % 3),
  user: i % 8,
  y: i % 2 === 0 ? 'no' : 'yes',
}))
const whole = tableFromRows(rows)
const roles = { label: ['y'], weight: 'w', cluster: 'user', id: 'id' }

test('columns with a role are taken out of the features, and stay in the data', () => {
  const { labels, features, table, weights, clusters, ids, queries } = takeApart(whole, roles, 'd.csv', false)
  expect({ labels, weights, clusters, ids, queries }).toEqual({
    labels: whole.columns['y'],
    weights: whole.columns['w'],
    clusters: whole.columns['user'],
    ids: whole.columns['id'],
    queries: undefined,
  })
  expect([Object.keys(features.columns), Object.keys(table.columns)]).toEqual([['x'], ['id', 'x', 'w', 'user']])
})

test('several labels come by their names; one column of names, or of 0 and 1, when it is said to be a multilabel model', () => {
  const data = tableFromRows([
    { red: 1, blue: 0, tags: 'a,b' },
    { red: 0, blue: 1, tags: 'a' },
  ])
  const labels = (label: string[], multilabel = true) => takeApart(data, { label }, 'd.csv', multilabel).labels
  expect(labels(['red', 'blue'])).toEqual({ red: Float64Array.of(1, 0), blue: Float64Array.of(0, 1) })
  expect(labels(['red'])).toEqual({ red: Float64Array.of(1, 0) })
  expect(labels(['red'], false)).toEqual(Float64Array.of(1, 0))
  expect(labels(['tags'])).toEqual(['a,b', 'a'])
})

test.each([
  [{ label: ['z'] }, 'E_COLUMN_MISSING', 'd.csv has no column "z" for the label'],
  [{ ...roles, weight: 'wait' }, 'E_COLUMN_MISSING', 'd.csv has no column "wait" for the weight'],
  [{ ...roles, id: 'y' }, 'E_USAGE', '"y" is named as the label and as the id'],
  [{ label: ['y', 'y'] }, 'E_USAGE', 'The label column "y" is named twice'],
])('%j is a mistake', (named, code, message) => {
  expect(() => takeApart(whole, named, 'd.csv', false)).toThrow(expect.objectContaining({ code, message }))
})

test('roles that do not go together are found when the parameters are read', () => {
  const problem = (params: object) => evaluate.params.safeParse({ predictions: 'p.csv', ...params }).error?.issues[0]?.message
  expect(problem({ task: 'ranking' })).toContain('A ranking needs query')
  expect(problem({ task: 'regression', query: 'q' })).toContain('query is for a ranking')
  expect(problem({ task: 'regression', label: ['a', 'b'] })).toContain('Several label columns are for a multilabel model')
  expect(problem({ label: 'a', query: 'q' })).toBeUndefined()
})

/** A folder with the rows as data.csv. */
function folder(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'data-columns-'))
  writeFileSync(join(cwd, 'data.csv'), ['id,x,w,user,y', ...rows.map((row) => Object.values(row).join(','))].join('\n'))
  return cwd
}
const given = { testData: 'data.csv', ...roles }
const yes = ({ columns, data }: Frame) => data.map((row) => (Number(row[columns.indexOf('x')]) % 2 === 0 ? 'no' : 'yes'))

test('a model that takes whatever it is given gets the features alone, in evaluate and in the shuffles of validate-model', async () => {
  const { url, requests } = await mlflowServer(yes)
  const cwd = folder()
  for (const step of [evaluate, validateModel]) {
    await step.run(stepContext(cwd), step.params.parse({ ...given, model: `${url}/invocations` }) as never)
  }
  const sent = requests.map(({ body }) => (JSON.parse(body) as { dataframe_split: Frame }).dataframe_split.columns.join())
  expect(sent.length).toBeGreaterThan(2)
  expect(new Set(sent)).toEqual(new Set(['x']))
})

test('a model that names such a column gets it, and none gets the label', async () => {
  const inputs = (...names: string[]) =>
    names.map((name) => ({ name, datatype: name === 'x' || name === 'w' ? 'FP64' : 'BYTES', shape: [-1] }))
  const serve = (...names: string[]) =>
    httpServer(({ url, body }, response) => {
      if (!url.endsWith('/infer')) return send(response, 200, JSON.stringify({ inputs: inputs(...names) }))
      const [{ shape }] = (JSON.parse(body) as { inputs: [{ shape: number[] }] }).inputs
      send(
        response,
        200,
        JSON.stringify({
          outputs: [
            {
              name: 'label',
              datatype: 'BYTES',
              shape,
              data: Array.from({ length: shape[0]! }, (_, i) => (i % 3 === 0 ? 'no' : 'yes')),
            },
          ],
        }),
      )
    })
  const named = await serve('x', 'w')
  await evaluate.run(stepContext(folder()), evaluate.params.parse({ ...given, model: `${named.url}/v2/models/m` }))
  expect(named.requests.at(-1)!.body).toMatch(/"name":"w"/)
  const greedy = await serve('x', 'y')
  await expect(
    evaluate.run(stepContext(folder()), evaluate.params.parse({ ...given, model: `${greedy.url}/v2/models/m` })),
  ).rejects.toMatchObject({
    code: 'E_MODEL_INPUT',
    message: expect.stringContaining('a column that the data lacks: y'),
  })
})

test('weights and clusters change what is measured, in the steps and in the library alike', async () => {
  const { url } = await mlflowServer(yes)
  const cwd = folder()
  const accuracy = async (params: object) => {
    const { results } = await evaluate.run(
      stepContext(cwd),
      evaluate.params.parse({ testData: 'data.csv', label: 'y', features: ['x'], model: `${url}/invocations`, ...params }),
    )
    return results.find(({ check }) => check === 'model.accuracy')!.measurements[0]!
  }
  const [plain, weighted, clustered] = [await accuracy({}), await accuracy({ weight: 'w' }), await accuracy({ cluster: 'user' })]
  const right = rows.map(({ x, y }) => (x % 2 === 0 ? 'no' : 'yes') === y)
  const total = rows.reduce((sum, { w }) => sum + w, 0)
  expect(plain.value).toBeCloseTo(right.filter(Boolean).length / rows.length, 12)
  expect(weighted.value).toBeCloseTo(rows.reduce((sum, { w }, i) => sum + (right[i] ? w : 0), 0) / total, 12)
  expect(weighted.value).not.toBe(plain.value)
  expect(clustered.interval!.lower).not.toBe(plain.interval!.lower)

  const model = {
    predict: (rows: { x: number }[]) => rows.map((row) => (Object.keys(row).join() === 'x' && row.x % 2 === 0 ? 'no' : 'yes')),
  }
  const suite = new ModelTestSuite(model, rows, 'y', { weights: 'w', clusters: 'user', ids: 'id' })
  const [result] = await suite.testMetric('accuracy', { min: 0.1 }).run()
  expect(result!.metrics['accuracy']).toBeCloseTo(Number(weighted.value), 12)
})
