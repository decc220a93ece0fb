import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Predictor } from '../../src/core/predictor.ts'
import type { Report } from '../../src/core/report.ts'
import type { Step } from '../../src/core/step.ts'
import { digestFile } from '../../src/drivers/files.ts'
import { openPredictor } from '../../src/model/predictors/open.ts'
import { createInferenceServer, type InferenceServer } from '../../src/serve/server.ts'
import { evaluate } from '../../src/steps/evaluate.ts'
import { validateModel } from '../../src/steps/validate-model.ts'
import { stepContext } from '../fixtures/step-context.ts'
import { lacks, PYPI_PYTHON } from './peers.ts'

/**
 * One decision tree, as scikit-learn, ONNX and MLflow have it. Each of its 16 leaves was made of 64 rows, so that every probability is a
 * multiple of 1/1024: the same number in 32 and in 64 bits, and in decimal text. What differs between reports is then no rounding.
 */
const MODELS = `
import pickle, random
import mlflow.sklearn, numpy, pandas
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.tree import DecisionTreeClassifier

cells = [(a, b) for a in range(4) for b in range(4)]
yes = {(a, b): 4 * a + b + 20 * (a > 1) for a, b in cells}
x = pandas.DataFrame([cell for cell in cells for _ in range(64)], columns=["a", "b"], dtype=float)
y = numpy.concatenate([["yes"] * yes[cell] + ["no"] * (64 - yes[cell]) for cell in cells])
tree = DecisionTreeClassifier(random_state=1).fit(x, y)
everywhere = tree.predict_proba(x) * 1024
assert (everywhere == numpy.round(everywhere)).all()

pickle.dump(tree, open("tree.pkl", "wb"))
onnx = to_onnx(tree, initial_types=[("x", FloatTensorType([None, 2]))])
open("tree.onnx", "wb").write(onnx.SerializeToString())
mlflow.sklearn.save_model(tree, "mlflow", pyfunc_predict_fn="predict_proba", pip_requirements=[], serialization_format="pickle")

draw = random.Random(5)
rows = []
for i in range(600):
    a, b = draw.randrange(4), draw.randrange(4)
    rows.append((f"c-{i:03}", a, b, 1 + draw.randrange(4) / 4, f"u{draw.randrange(200)}", "yes" if draw.random() < yes[a, b] / 64 else "no"))
test = pandas.DataFrame(rows, columns=["customer", "a", "b", "weight", "user", "bought"])
test.to_csv("test.csv", index=False)
probabilities = tree.predict_proba(test[["a", "b"]].astype(float))
said = pandas.DataFrame({"customer": test.customer, "said": tree.predict(test[["a", "b"]].astype(float)), "p_no": probabilities[:, 0], "p_yes": probabilities[:, 1]})
said.to_csv("in-order.csv", index=False)
said.sample(frac=1, random_state=3).to_csv("shuffled.csv", index=False)
`

/** MLflow's own scoring server, without the package manager that \`mlflow models serve\` puts around it. */
const SCORING_SERVER = `
import socket, sys, uvicorn, mlflow.pyfunc
from mlflow.pyfunc import scoring_server
app = scoring_server.init(mlflow.pyfunc.load_model("mlflow"))
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
print(listening.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])
`

const FEATURES = ['a', 'b']
const data = { testData: 'test.csv', label: 'bought', weight: 'weight', cluster: 'user', id: 'customer' }
const suite = {
  tests: [
    'accuracy-threshold=0.6',
    'f1-score=0.6',
    'prediction-distribution',
    'no-nan-predictions',
    'roc-auc>=0.7',
    'log-loss<=0.7',
  ],
}

describe.skipIf(lacks('skl2onnx') || lacks('mlflow-skinny'))(
  'the same model behind every kind of predictor gives the same report (scikit-learn, skl2onnx, mlflow-skinny)',
  () => {
    const cwd = mkdtempSync(join(tmpdir(), 'plimsoll-same-report-'))
    const context = stepContext(cwd)
    let mlflow: ChildProcess | undefined
    let address = ''
    let predictor: Predictor | undefined
    let server: InferenceServer | undefined

    beforeAll(async () => {
      execFileSync(PYPI_PYTHON, ['-c', MODELS], { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
      mlflow = spawn(PYPI_PYTHON, ['-c', SCORING_SERVER], { cwd, stdio: ['ignore', 'pipe', 'ignore'] })
      const [port] = (await once(createInterface(mlflow.stdout!), 'line')) as [string]
      address = `http://127.0.0.1:${port}/invocations`
      predictor = await openPredictor('tree.onnx', {
        cwd,
        env: {},
        features: FEATURES,
        admit: digestFile,
      })
      const model = { modelName: 'tree', modelVersion: '1', modelDigest: predictor.digest!, releaseId: 'r' }
      server = await createInferenceServer({ predictor, ...model })
    })
    afterAll(async () => {
      mlflow?.kill()
      await server?.drain()
      await predictor?.close()
    })

    const sources = (): Record<string, Record<string, unknown>> => ({
      'scikit-learn': { model: 'tree.pkl', python: PYPI_PYTHON },
      ONNX: { model: 'tree.onnx', features: FEATURES },
      'our server': { model: server!.url, batchSize: 70, concurrency: 3 },
      'MLflow server': { model: address, features: FEATURES, classes: ['no', 'yes'], batchSize: 130, concurrency: 2 },
      'predictions in order': { model: 'in-order.csv', id: undefined, prediction: 'said', probability: 'p_' },
      'predictions by id': { predictions: 'shuffled.csv', prediction: 'said', probability: 'p_' },
    })

    /** The text of a report without names, digests and times. The rows of `predictions.parquet` have a test of their own. */
    const textOf = async (step: Step, params: Record<string, unknown>): Promise<string> => {
      const report: Report = await step.run(context, step.params.parse({ ...data, ...params }))
      const { subject: _model, artifacts: _files, startedAt: _when, durationMs: _long, ...rest } = report
      return JSON.stringify(rest, undefined, 1)
    }

    test('evaluate: every metric, its interval and its sentence, and the predictions file to the last byte', async () => {
      const texts: Record<string, string> = {}
      const files: Record<string, Buffer> = {}
      for (const [name, source] of Object.entries(sources())) {
        texts[name] = await textOf(evaluate, { ...source, output: 'results' })
        files[name] = readFileSync(join(cwd, 'results/predictions.parquet'))
      }
      const first = texts['scikit-learn']!
      expect(first).toContain('"roc-auc"')
      expect(texts).toEqual(Object.fromEntries(Object.keys(texts).map((name) => [name, first])))
      expect(Object.keys(files).filter((name) => !files[name]!.equals(files['scikit-learn']!))).toEqual([])
      // What evaluate has written is one more kind of predictor; only the data are called otherwise then.
      writeFileSync(join(cwd, 'written.parquet'), files['scikit-learn']!)
      const named = (text: string) => text.replace(/"data": \{[^}]*\}/, '')
      expect(named(await textOf(evaluate, { predictions: 'written.parquet', testData: undefined, output: 'results' }))).toBe(
        named(first),
      )
      expect(readFileSync(join(cwd, 'results/predictions.parquet')).equals(files['scikit-learn']!)).toBe(true)
    })

    test('validate-model: every verdict, number and sentence', async () => {
      const texts: Record<string, string> = {}
      for (const [name, source] of Object.entries(sources())) texts[name] = await textOf(validateModel, { ...source, ...suite })
      const first = texts['scikit-learn']!
      expect(JSON.parse(first)).toMatchObject({
        results: suite.tests.map(() => expect.objectContaining({ verdict: expect.any(String) })),
      })
      expect(texts).toEqual(Object.fromEntries(Object.keys(texts).map((name) => [name, first])))
    })

    test('another model gives another report: the comparison can fail', async () => {
      const lines = readFileSync(join(cwd, 'in-order.csv'), 'utf8').split('\n')
      writeFileSync(
        join(cwd, 'other.csv'),
        lines.map((line, i) => (i === 300 ? line.replace(/yes|no/, (said) => (said === 'yes' ? 'no' : 'yes')) : line)).join('\n'),
      )
      const other = await textOf(evaluate, {
        model: 'other.csv',
        id: undefined,
        prediction: 'said',
        probability: 'p_',
        output: 'results',
      })
      expect(other).not.toBe(await textOf(evaluate, { ...sources()['ONNX'], output: 'results' }))
    })
  },
)
