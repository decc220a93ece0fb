import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { sha256 } from '../../src/core/digest.ts'
import type { Predictor } from '../../src/core/predictor.ts'
import { tableFromRows } from '../../src/core/table.ts'
import { digestFile } from '../../src/drivers/files.ts'
import { builtModule } from '../../src/drivers/self.ts'
import { openPredictor, type PredictorOptions } from '../../src/model/predictors/open.ts'
import { lacks, python } from './peers.ts'

const MODELS = `
import json, pickle, joblib, numpy, pandas
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
import odd

x, y = load_breast_cancer(return_X_y=True, as_frame=True)
forest = RandomForestClassifier(20, random_state=1).fit(x, y)
for protocol in (2, 4, 5):
    with open(f"forest-p{protocol}.pkl", "wb") as file:
        pickle.dump(forest, file, protocol)
joblib.dump(forest, "forest.joblib")
joblib.dump(forest, "forest-zlib.joblib", compress=3)
joblib.dump(forest, "forest-by-joblib.pkl")
named = make_pipeline(StandardScaler(), LogisticRegression()).fit(x.to_numpy(), numpy.where(y, "benign", "malignant"))
joblib.dump(named, "unnamed-columns.joblib")
line = LinearRegression().fit(*load_diabetes(return_X_y=True, as_frame=True))
pickle.dump(line, open("line.pkl", "wb"))
for name in ("Chatty", "NotANumber", "Short", "Long", "Wide", "Dies", "Crashes", "Sleeps", "Raises", "Leaves", "Gorges", "Warns"):
    pickle.dump(getattr(odd, name)(), open(f"{name}.pkl", "wb"))
pickle.dump({"weights": [1]}, open("dictionary.pkl", "wb"))
x.to_csv("x.csv", index=False)
json.dump({
    "x": x.to_dict("list"),
    "forest": forest.predict_proba(x).ravel().tolist(),
    "labels": forest.predict(x).tolist(),
    "importances": forest.feature_importances_.tolist(),
    "named": named.predict_proba(x.to_numpy()).ravel().tolist(),
    "diabetes": load_diabetes(as_frame=True).data.to_dict("list"),
    "line": line.predict(load_diabetes(as_frame=True).data).tolist(),
}, open("expected.json", "w"))
`
const ODD = `
import os, time
import numpy

class Model:
    def __init__(self):
        self.classes_ = numpy.array(["no", "yes"])
    def predict(self, rows):
        return numpy.array(["no"] * len(rows), dtype=object)

class Chatty(Model):
    def predict(self, rows):
        print("hello from the model")
        os.write(1, b"straight to the file descriptor")
        return super().predict(rows)

class NotANumber(Model):
    def predict_proba(self, rows):
        return numpy.full((len(rows), 2), numpy.nan)

class Short(Model):
    def predict(self, rows):
        return super().predict(rows)[:-1]

class Long(Model):
    def predict(self, rows):
        return numpy.array(["no"] * (len(rows) + 1), dtype=object)

class Wide(Model):
    def predict_proba(self, rows):
        return numpy.full((len(rows), 3), 1 / 3)

class Crashes(Model):
    def predict(self, rows):
        import ctypes
        ctypes.string_at(0)

class Leaves(Model):
    def predict(self, rows):
        import subprocess
        child = subprocess.Popen(["sleep", "3600"])
        with open("left", "w") as file:
            file.write(str(child.pid))
        os._exit(5)

class Gorges(Model):
    def predict(self, rows):
        return numpy.ones(10**9)

class Warns(Model):
    def predict(self, rows):
        print("the token is stale")
        raise RuntimeError("no answer")

class Dies(Model):
    def predict(self, rows):
        os._exit(7)

class Sleeps(Model):
    def predict(self, rows):
        with open("sleeping", "w") as file:
            file.write(str(os.getpid()))
        time.sleep(3600)

class Raises(Model):
    def predict(self, rows):
        raise ValueError(f"cannot work with {list(rows.columns)}")
`

interface Expected {
  x: Record<string, number[]>
  forest: number[]
  labels: number[]
  importances: number[]
  named: number[]
  diabetes: Record<string, number[]>
  line: number[]
}

const columnsOf = (columns: Record<string, number[]>) => ({
  rowCount: Object.values(columns)[0]!.length,
  columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])),
})

describe.skipIf(lacks('python3-sklearn'))(
  'Python models, with real scikit-learn (python3-sklearn, python3-pandas, python3-joblib)',
  () => {
    let cwd: string
    let expected: Expected
    const opened: Predictor[] = []

    beforeAll(async () => {
      cwd = await mkdtemp(join(tmpdir(), 'plimsoll-sklearn-'))
      await writeFile(join(cwd, 'odd.py'), ODD)
      execFileSync(python!, ['-c', MODELS], { cwd })
      expected = JSON.parse(await readFile(join(cwd, 'expected.json'), 'utf8')) as Expected
    })
    afterAll(() => Promise.all(opened.map((predictor) => predictor.close())))

    async function open(model: string, options: Partial<PredictorOptions> = {}): Promise<Predictor> {
      const env = { PATH: process.env['PATH'] ?? '' }
      const predictor = await openPredictor(model, { cwd, env, python: python!, admit: digestFile, ...options })
      opened.push(predictor)
      return predictor
    }

    test.each(['forest-p2.pkl', 'forest-p4.pkl', 'forest-p5.pkl', 'forest.joblib', 'forest-zlib.joblib', 'forest-by-joblib.pkl'])(
      '%s gives scikit-learn’s own predictions to the last digit',
      async (model) => {
        const predictor = await open(model)
        const names = Object.keys(expected.x)
        expect(predictor).toMatchObject({ kind: 'python', digest: await digestFile(join(cwd, model)), features: names })
        for (const [i, name] of names.entries()) expect(predictor.importances![name]).toBeCloseTo(expected.importances[i]!, 12)
        const { labels, classes, probabilities } = await predictor.predict(columnsOf(expected.x), { batchSize: 100 })
        expect(classes).toEqual([0, 1])
        expect(labels).toEqual(expected.labels)
        expect(Array.from(probabilities!)).toEqual(expected.forest)
      },
    )

    test('a model that was fitted on an array takes its columns in the order that the user names', async () => {
      const predictor = await open('unnamed-columns.joblib', { features: Object.keys(expected.x) })
      const { labels, classes, probabilities } = await predictor.predict(columnsOf(expected.x))
      expect(classes).toEqual(['benign', 'malignant'])
      expect(new Set(labels)).toEqual(new Set(['benign', 'malignant']))
      for (const [i, probability] of probabilities!.entries()) expect(probability).toBeCloseTo(expected.named[i]!, 12)
    })

    test('a regression gives values, and no probabilities', async () => {
      const { labels, classes, probabilities } = await (await open('line.pkl')).predict(columnsOf(expected.diabetes))
      expect({ classes, probabilities }).toEqual({ classes: null, probabilities: null })
      for (const [i, value] of labels.entries()) expect(value).toBeCloseTo(expected.line[i]!, 9)
    })

    const rows = tableFromRows([{ a: 1 }, { a: 2 }])

    test('what a model prints does not break into its answers', async () => {
      const said: string[] = []
      const predictor = await open('Chatty.pkl', { say: (line) => said.push(line) })
      expect((await predictor.predict(rows)).labels).toEqual(['no', 'no'])
      expect(said.join('\n')).toContain('hello from the model')
    })

    test('NaN comes through, for a gate to see', async () => {
      const { probabilities } = await (await open('NotANumber.pkl')).predict(rows)
      expect(Array.from(probabilities!, Number.isNaN)).toEqual([true, true, true, true])
    })

    test.each([
      ['Short', 'E_PREDICTOR', /1 predictions for 2 rows/],
      ['Long', 'E_PREDICTOR', /3 predictions for 2 rows/],
      ['Wide', 'E_PREDICTOR', /predict_proba\(\) answered 2 × 3 values; expected 2 × 2/],
      ['Dies', 'E_PREDICTOR', /ended with exit code 7/],
      ['Sleeps', 'E_PREDICTOR', /did not answer within 2 s/],
      ['Raises', 'E_PREDICTOR', /ValueError: cannot work with \['a'\]/],
    ])('a model that is %s is an error', async (name, code, message) => {
      const predictor = await open(`${name}.pkl`, { timeout: 2000 })
      await expect(predictor.predict(rows)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    })

    test.each([
      ['Raises', 2000, /^Traceback[^]*odd\.py", line \d+, in predict/],
      ['Crashes', 20_000, /Segmentation fault[^]*odd\.py", line \d+ in predict/],
      ['Sleeps', 2000, /odd\.py", line \d+ in predict/],
      ['Warns', 20_000, /in predict[^]*It wrote to standard error:\nthe token is stale/],
    ])('the error of %s shows the calls of the model, and none of the worker', async (name, timeout, frame) => {
      const error = await (await open(`${name}.pkl`, { timeout })).predict(rows).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ frame: expect.stringMatching(frame) as string })
      expect(error).not.toMatchObject({ frame: expect.stringContaining('plimsoll_worker') as string })
    })

    test('what a model has started is dead when the model is', async () => {
      await expect((await open('Leaves.pkl')).predict(rows)).rejects.toMatchObject({ code: 'E_PREDICTOR' })
      const pid = Number(await readFile(join(cwd, 'left'), 'utf8'))
      const state = () => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X')
      await vi.waitFor(async () => expect(await state()).toMatch(/\) [XZ]/), 5000)
    })

    test.skipIf(process.platform !== 'linux')('a model that needs more memory than it may take says so', async () => {
      const predictor = await open('Gorges.pkl', { memory: 2_000_000_000 })
      await expect(predictor.predict(rows)).rejects.toMatchObject({
        code: 'E_MEMORY',
        message: expect.stringMatching(/more memory than the 2000000000 bytes that it may take: MemoryError/) as string,
      })
    })

    test('after an exception the model goes on with the next rows', async () => {
      const predictor = await open('forest.joblib')
      const table = columnsOf(expected.x)
      const broken = { ...table.columns, 'mean radius': Array.from({ length: table.rowCount }, () => 'wide') }
      await expect(predictor.predict({ ...table, columns: broken }, { batchSize: 100 })).rejects.toMatchObject({
        code: 'E_PREDICTOR',
      })
      expect((await predictor.predict(table)).labels).toEqual(expected.labels)
    })

    test('only the bytes that were scanned are loaded, and only models', async () => {
      await expect(open('forest.joblib', { admit: async () => sha256('other bytes') })).rejects.toMatchObject({
        code: 'E_MODEL_UNSCANNED',
        message: expect.stringContaining('has changed since it was scanned'),
      })
      await expect(open('dictionary.pkl')).rejects.toMatchObject({
        code: 'E_PREDICTOR',
        message: expect.stringContaining('the model is a dict'),
      })
    })

    test('a killed Plimsoll leaves no Python behind, not even one that hangs', async () => {
      const script = `
      import { openPredictor } from ${JSON.stringify(builtModule('model/predictors/open'))}
      import { digestFile } from ${JSON.stringify(builtModule('drivers/files'))}
      const predictor = await openPredictor('Sleeps.pkl', { cwd: process.cwd(), env: process.env, python: ${JSON.stringify(python)}, admit: digestFile })
      await predictor.predict({ rowCount: 1, columns: { a: Float64Array.of(1) } })`
      await rm(join(cwd, 'sleeping'), { force: true })
      const plimsoll = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd, stdio: 'ignore' })
      const pid = await vi.waitFor(
        async () => Number(await readFile(join(cwd, 'sleeping'), 'utf8')) || Promise.reject(new Error('not yet')),
        20_000,
      )
      plimsoll.kill('SIGKILL')
      const gone = () => {
        expect(() => process.kill(pid, 0)).toThrow('ESRCH')
      }
      await vi.waitFor(gone, 10_000)
    })

    test('columns that the data lacks are named before Python is asked', async () => {
      await expect((await open('line.pkl')).predict(tableFromRows([{ age: 1 }]))).rejects.toMatchObject({
        code: 'E_MODEL_INPUT',
        message: expect.stringContaining('sex, bmi'),
      })
    })
  },
)
