import { execFileSync } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Predictions, Predictor } from '../../src/core/predictor.ts'
import type { Table } from '../../src/core/table.ts'
import { readTable } from '../../src/drivers/duckdb.ts'
import { packageRoot } from '../../src/drivers/self.ts'
import { openPredictor, type PredictorOptions } from '../../src/model/predictors/open.ts'
import { admitModel } from '../../src/steps/admit-model.ts'
import { lacks, PYPI_PYTHON } from './peers.ts'

interface Expected {
  readonly labels: (string | number | boolean | (string | number)[])[]
  readonly probabilities?: number[][]
}

const FEATURES = ['mean size', 'age', 'gap', 'kind', 'code', 'flag']

describe.skipIf(lacks('scikit-learn'))(
  'models of Python’s libraries give the predictions that Python gives, to the last digit',
  () => {
    let cwd: string
    let table: Table
    let expected: Record<string, Expected>
    const opened: Predictor[] = []

    beforeAll(async () => {
      cwd = await mkdtemp(join(tmpdir(), 'plimsoll-frameworks-'))
      const script = join(packageRoot, 'test/interop/python/frameworks.py')
      execFileSync(PYPI_PYTHON, [script, cwd], { stdio: ['ignore', 'ignore', 'pipe'] })
      expected = JSON.parse(await readFile(join(cwd, 'expected.json'), 'utf8')) as typeof expected
      table = await readTable(cwd, 'rows.csv')
    }, 300_000)
    afterEach(() => Promise.all(opened.splice(0).map((predictor) => predictor.close())))
    afterAll(async () => {
      await rm(cwd, { recursive: true, force: true })
    })

    async function open(model: string, options: Partial<PredictorOptions> = {}): Promise<Predictor> {
      const admit = admitModel({ cwd, signal: new AbortController().signal })
      const env = { PATH: process.env['PATH'] ?? '', PYTHONPATH: process.env['PYTHONPATH'] ?? '' }
      const predictor = await openPredictor(model, { cwd, env, python: PYPI_PYTHON, admit, ...options })
      opened.push(predictor)
      return predictor
    }

    async function predict(model: string): Promise<Predictions> {
      return (await open(model)).predict(table)
    }

    /** The parts that Python told of its own predictions too, spelled alike. */
    const told = ({ labels, classes, probabilities }: Predictions) => ({
      labels: labels.map(String),
      width: classes?.length,
      probabilities: probabilities && Array.from(probabilities),
    })
    const theirs = (name: string) => {
      const { labels, probabilities } = expected[name]!
      return { labels: labels.map(String), width: probabilities?.[0]!.length, probabilities: probabilities?.flat() ?? null }
    }

    test.each(['sk-forest', 'sk-booleans', 'sk-tree-floats', 'sk-histogram', 'sk-gradient', 'sk-calibrated', 'sk-neighbours'])(
      '%s, whatever the batches',
      async (name) => {
        const predictor = await open(`${name}.pkl`)
        for (const batchSize of [599, 50]) expect(told(await predictor.predict(table, { batchSize }))).toEqual(theirs(name))
      },
    )

    test.each(['sk-search', 'sk-perceptron', 'sk-threshold'])('%s, whose labels and probabilities are its own', async (name) => {
      expect(told(await predict(`${name}.pkl`))).toEqual(theirs(name))
    })

    test('a regression of a quantile gives values', async () => {
      expect(told(await predict('sk-quantile.pkl'))).toEqual(theirs('sk-quantile'))
    })

    test('a pipeline gets text, truth values and what is missing as pandas.read_csv gives them', async () => {
      const { labels, classes, probabilities } = await predict('sk-pipeline.joblib')
      expect(table.columns['kind']).toContain(null)
      expect(table.columns['kind']).toContain('grün')
      expect(labels).toEqual(expected['sk-pipeline']!.labels)
      expect(classes).toEqual(['no', 'yes'])
      // Matrix products round differently in batches.
      const theirs = expected['sk-pipeline']!.probabilities!.flat()
      for (const [i, chance] of probabilities!.entries()) expect(chance).toBeCloseTo(theirs[i]!, 12)
    })

    test.each(['several-forest.pkl', 'several-boosted.pkl', 'several-one-by-one.pkl', 'xgb-several.pkl'])(
      '%s gives each row any number of labels',
      async (model) => {
        if (model.startsWith('xgb') && lacks('xgboost-cpu')) return
        const { labels, probabilities, indicators, classes } = await predict(model)
        const theirs = expected[model.replace('.pkl', '')]!
        const rows = theirs.labels as unknown as number[][]
        expect(classes).toEqual(rows[0]!.map((_, i) => String(i)))
        expect(Array.from(indicators!)).toEqual(rows.flat())
        expect(Array.from(probabilities!)).toEqual(theirs.probabilities!.flat())
        expect(labels[0]).toBe(rows[0]!.flatMap((has, i) => (has ? [String(i)] : [])).join(','))
      },
    )

    test('several values a row that are no labels are no answer', async () => {
      await expect(predict('two-values.pkl')).rejects.toMatchObject({
        code: 'E_PREDICTOR',
        message: expect.stringContaining('answered 600 × 2 values; one for each row is needed') as string,
      })
    })

    test('a column that the model reads and the data lack is named', async () => {
      const { ['age']: _, ...others } = table.columns
      await expect((await open('sk-forest.pkl')).predict({ rowCount: 600, columns: others })).rejects.toMatchObject({
        code: 'E_MODEL_INPUT',
        message: 'sk-forest.pkl reads a column that the data lacks: age',
      })
    })

    describe.skipIf(lacks('xgboost-cpu'))('XGBoost (xgboost-cpu)', () => {
      test.each(['xgb.pkl', 'xgb-three.joblib', 'xgb-regressor.pkl', 'xgb-categories.pkl', 'xgb-booster.pkl'])(
        '%s',
        async (model) => {
          const name = model.split('.')[0]!
          const predictor = await open(model)
          expect(told(await predictor.predict(table))).toEqual(theirs(name))
          expect(told(await predictor.predict(table, { batchSize: 100 }))).toEqual(theirs(name))
        },
      )
    })

    describe.skipIf(lacks('lightgbm'))('LightGBM (lightgbm)', () => {
      test.each(['lgb.pkl', 'lgb-categories.joblib', 'lgb-quantile.pkl', 'lgb-booster.pkl'])(
        '%s, which keeps the name "mean size" as mean_size',
        async (model) => {
          const name = model.split('.')[0]!
          const predictor = await open(model)
          expect(told(await predictor.predict(table))).toEqual(theirs(name))
          expect(told(await predictor.predict(table, { batchSize: 100 }))).toEqual(theirs(name))
        },
      )
    })

    describe.skipIf(lacks('mlflow-skinny') || lacks('xgboost-cpu') || lacks('lightgbm'))('MLflow (mlflow-skinny)', () => {
      test.each(['mlflow-sklearn', 'mlflow-sklearn/MLmodel', 'mlflow-xgboost', 'mlflow-lightgbm'])('%s', async (model) => {
        expect(told(await predict(model))).toEqual(theirs(model.split('/')[0]!))
      })

      test('the digest is that of all files, wherever the folder lies', async () => {
        const before = (await open('mlflow-sklearn')).digest
        await cp(join(cwd, 'mlflow-sklearn'), join(cwd, 'elsewhere/copy'), { recursive: true })
        expect((await open('elsewhere/copy')).digest).toBe(before)
        await appendFile(join(cwd, 'elsewhere/copy/requirements.txt'), 'x')
        expect((await open('elsewhere/copy')).digest).not.toBe(before)
      })

      test('a model of the user’s own class is refused by the scan', async () => {
        await expect(open('mlflow-own')).rejects.toMatchObject({ code: 'E_MODEL_UNSCANNED' })
      })

      test('one file that does not pass keeps the whole folder from being loaded', async () => {
        await cp(join(cwd, 'mlflow-xgboost'), join(cwd, 'poisoned'), { recursive: true })
        await writeFile(join(cwd, 'poisoned/input_example.pkl'), "cos\nsystem\n(S'true'\ntR.")
        await expect(open('poisoned')).rejects.toMatchObject({
          code: 'E_MODEL_UNSCANNED',
          message: expect.stringContaining('poisoned/input_example.pkl is not loaded') as string,
        })
      })

      test('a file that changes after the scan is not loaded, and one behind a link neither', async () => {
        const admit = admitModel({ cwd, signal: new AbortController().signal })
        await cp(join(cwd, 'mlflow-sklearn'), join(cwd, 'changing'), { recursive: true })
        const change = async (path: string) => {
          const digest = await admit(path)
          if (path.endsWith('model.pkl')) await cp(join(cwd, 'sk-forest.pkl'), path)
          return digest
        }
        await expect(open('changing', { admit: change })).rejects.toMatchObject({
          code: 'E_MODEL_UNSCANNED',
          message: 'changing has changed since it was scanned; it was not loaded',
        })
        await mkdir(join(cwd, 'linked'))
        await cp(join(cwd, 'mlflow-sklearn/MLmodel'), join(cwd, 'linked/MLmodel'))
        await symlink(join(cwd, 'mlflow-sklearn/model.pkl'), join(cwd, 'linked/model.pkl'))
        await expect(open('linked')).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
      })
    })

    test('the project’s own code: a function, a class, or a function that makes a model', async () => {
      await writeFile(
        join(cwd, 'own.py'),
        `import pickle
import numpy
import pandas

def load():
    with open("sk-forest.pkl", "rb") as file:
        return pickle.load(file)

class Loaded:
    def __init__(self):
        self.forest = load()
        self.classes_ = self.forest.classes_
    def predict(self, rows):
        return self.forest.predict(rows[["mean size", "age"]])
    def predict_proba(self, rows):
        return self.forest.predict_proba(rows[["mean size", "age"]])

forest = Loaded()

def probabilities(rows):
    return pandas.DataFrame(forest.predict_proba(rows), columns=forest.classes_)

def labels(rows):
    return pandas.Series(forest.predict(rows))

def many(rows):
    return pandas.DataFrame({"old": rows["age"] > 50, "big": rows["mean size"] > 0})
`,
      )
      for (const name of ['load', 'Loaded', 'forest', 'probabilities'])
        expect(told(await predict(`own:${name}`))).toEqual(theirs('sk-forest'))
      const { labels, probabilities } = await predict('own:labels')
      expect({ labels, probabilities }).toEqual({ labels: expected['sk-forest']!.labels, probabilities: null })
      const many = await predict('own:many')
      expect(many.classes).toEqual(['old', 'big'])
      expect(many.indicators).toHaveLength(1200)
      expect(FEATURES).toEqual(Object.keys(table.columns))
    })
  },
)
