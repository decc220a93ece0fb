import { resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { Digest } from '../core/digest.ts'
import type { Predictor } from '../core/predictor.ts'
import type { Column } from '../core/table.ts'
import type { Evidence } from '../stats/judge.ts'
import { openPredictor } from './predictors/open.ts'
import { score, type Task } from './scored.ts'
import { isPredictor, objectPredictor, type ModelObject } from './suite/object-predictor.ts'
import { runTest } from './suite/run-test.ts'
import type { Subject } from './suite/subject.ts'
import { loadTestData, type RowColumns, type TestData, type TestInput, type TestLabels } from './suite/test-data.ts'
import { unmeasuredTest, type TestResult } from './suite/test-result.ts'
import { DEFAULT_TESTS, requireLimit, type TestSpec } from './suite/test-spec.ts'
import { textReport } from './suite/text-report.ts'

export interface SuiteOptions extends RowColumns {
  /** `interval` (default): the whole interval must clear the threshold. `point`: the bare number is compared. */
  readonly evidence?: Evidence
  /** Of every interval; default 0.95. */
  readonly confidence?: number
  /** Of the bootstrap and of permutations; default 1. */
  readonly seed?: number
  /** Told from the labels when it is not given. */
  readonly task?: Task | undefined
  /** The positive class; the second of two by default. */
  readonly positive?: string | undefined
  /** Where relative paths are taken from. */
  readonly cwd?: string
  /** The environment of a Python model's process. */
  readonly env?: Readonly<Record<string, string>>
  /** Asked before a model file is loaded that can run code. Without it such files are refused. */
  readonly admit?: (absolutePath: string) => Promise<Digest>
  readonly signal?: AbortSignal
}

/**
 * Tests of a model on test data. The methods only collect what to test; `run` does it.
 *
 * ```ts
 * const suite = new ModelTestSuite('artifacts/model.onnx', 'data/test.parquet', 'deny')
 * suite.testAccuracyThreshold(0.85).testNoNanPredictions()
 * await suite.run()
 * console.log(suite.generateReport())
 * ```
 *
 * A test passes only if the interval of what it measures lies wholly on the good side of the threshold; it fails only if the
 * interval lies wholly on the other; between, it is inconclusive and says how many rows would decide.
 */
export class ModelTestSuite {
  readonly #model: Predictor | ModelObject | string
  readonly #xTest: TestInput
  readonly #yTest: TestLabels
  readonly #options: SuiteOptions
  readonly #tests: TestSpec[] = []
  #results: readonly TestResult[] = []

  /**
   * @param model a model file (.onnx; .pkl or .joblib with `admit`), an endpoint's URL, a predictions file, a Predictor, or any object with `predict`
   * @param xTest a file that DuckDB reads, columns, row objects, or rows as arrays
   * @param yTest the labels, or the name of their column in `xTest`
   */
  constructor(model: Predictor | ModelObject | string, xTest: TestInput, yTest: TestLabels, options: SuiteOptions = {}) {
    this.#model = model
    this.#xTest = xTest
    this.#yTest = yTest
    this.#options = options
  }

  /** Share of right predictions at least `min`. */
  testAccuracyThreshold(min = 0.8): this {
    return this.add({ test: 'accuracy_threshold', min })
  }

  /** F1 averaged over the classes by their support at least `min`. */
  testF1Score(min = 0.75): this {
    return this.add({ test: 'f1_score', min })
  }

  /** Standard deviation of the predictions at most `max`. */
  testPredictionDistribution(max = 0.5): this {
    return this.add({ test: 'prediction_distribution', max })
  }

  /** No prediction or probability is missing, NaN or infinite. */
  testNoNanPredictions(): this {
    return this.add({ test: 'no_nan_predictions' })
  }

  /** No feature's share of the importance below `min`. */
  testFeatureImportance(min = 0.01): this {
    return this.add({ test: 'feature_importance', min })
  }

  /** Any metric by name (`roc-auc`, `log-loss`, `r2`, …) at least `min` or at most `max`. */
  testMetric(metric: string, limit: { readonly min: number } | { readonly max: number }): this {
    return this.add({ test: 'metric', metric, ...limit })
  }

  /** Adds a test that is written as data. @throws UserError E_VALUE when its limit is not a number */
  add(spec: TestSpec): this {
    if ('min' in spec) requireLimit(spec.test, spec.min)
    if ('max' in spec) requireLimit(spec.test, spec.max)
    this.#tests.push(Object.freeze({ ...spec }))
    return this
  }

  /** What has been collected. */
  get tests(): readonly TestSpec[] {
    return [...this.#tests]
  }

  /**
   * Runs the collected tests.
   *
   * @throws UserError when none were collected, or when model, data and labels cannot be read or do not fit together. A model
   *   that breaks while it predicts makes every test an `error` instead.
   */
  async run(): Promise<TestResult[]> {
    if (this.#tests.length === 0) {
      throw new UserError('E_USAGE', 'The suite has no tests', {
        hint: 'Add some, such as testAccuracyThreshold(0.8), or call runAll().',
      })
    }
    return this.#runTests(this.#tests)
  }

  /** Runs the five standard tests with their default limits, whatever was collected. @throws as `run` does */
  async runAll(): Promise<TestResult[]> {
    return this.#runTests(DEFAULT_TESTS)
  }

  /** The last results as text. */
  generateReport(): string {
    return textReport(this.#results)
  }

  async #runTests(tests: readonly TestSpec[]): Promise<TestResult[]> {
    const { evidence = 'interval', confidence = 0.95, seed = 1, signal } = this.#options
    const opened = await this.#open()
    try {
      const subject = await orBroken(() => this.#score(opened))
      const results: TestResult[] = []
      for (const spec of tests) {
        const result =
          subject instanceof UserError
            ? subject
            : await orBroken(() => runTest(spec, subject, { evidence, confidence, seed, signal }))
        results.push(result instanceof UserError ? unmeasuredTest(nameOf(spec), 'error', result.message, null) : result)
      }
      this.#results = results
      return results
    } finally {
      if (opened.predictor !== this.#model) await opened.predictor.close()
    }
  }

  async #open(): Promise<Opened> {
    const { cwd = '.', env = {}, admit = refuse, signal } = this.#options
    const { table, labels, about, shape } = await loadTestData(this.#xTest, this.#yTest, cwd, this.#options)
    const columns = Object.keys(table.columns)
    const model = this.#model
    const predictor =
      typeof model === 'string'
        ? await openPredictor(model, { cwd: resolve(cwd), env, admit, ...(signal && { signal }) })
        : isPredictor(model)
          ? model
          : objectPredictor(model, columns, shape)
    return { predictor, table, labels: labels as Column, about, features: predictor.features ?? columns }
  }

  async #score({ predictor, table, labels, about, features }: Opened): Promise<Subject> {
    if (table.rowCount === 0) throw new UserError('E_VALUE', 'The test data has no rows')
    const { signal, task, positive } = this.#options
    const predictions = await predictor.predict(table, signal ? { signal } : {})
    return { predictor, table, labels, features, predictions, scored: score(labels, predictions, { task, positive, ...about }) }
  }
}

type Opened = Pick<Subject, 'predictor' | 'table' | 'features' | 'labels'> & Pick<TestData, 'about'>

const nameOf = (spec: TestSpec): string => (spec.test === 'metric' ? spec.metric : spec.test)

/** A model that breaks is a finding; everything else that goes wrong is thrown. */
async function orBroken<T>(work: () => Promise<T>): Promise<T | UserError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UserError && error.code === 'E_PREDICTOR') return error
    throw error
  }
}

async function refuse(path: string): Promise<never> {
  throw new UserError('E_MODEL_UNSCANNED', `${path} can run code when it is loaded, and nothing has scanned it`, {
    hint: 'Use `plimsoll validate-model`, which scans first, or give the suite an `admit` function.',
  })
}
