import { resolve } from 'node:path'
import { UserError } from '../core/errors.ts'
import type { Digest } from '../core/digest.ts'
import type { Predictions, Predictor } from '../core/predictor.ts'
import type { Evidence } from '../stats/judge.ts'
import type { Standing } from './ledger/ledger.ts'
import type { MetricKind, MetricSettings } from './metrics/metric-kind.ts'
import { digestFile } from '../drivers/files.ts'
import { openPredictor } from './predictors/open.ts'
import { score, type Task } from './scored.ts'
import { budgetResult, correctedConfidence, recordDecision, type LedgerUse } from './suite/budget.ts'
import { isPredictor, objectPredictor, type ModelObject } from './suite/object-predictor.ts'
import { readChampion } from './suite/read-champion.ts'
import { nameOf, runTest } from './suite/run-test.ts'
import type { Champion, NoChampion, Subject } from './suite/subject.ts'
import {
  loadTestData,
  type InputShape,
  type RowColumns,
  type TestData,
  type TestInput,
  type TestLabels,
} from './suite/test-data.ts'
import { unmeasuredTest, type TestResult } from './suite/test-result.ts'
import {
  defaultChampionTest,
  defaultTests,
  requireMargin,
  requireSpec,
  type ChampionLimit,
  type TestSpec,
} from './suite/test-spec.ts'
import { textReport } from './suite/text-report.ts'
import { withinTime } from './suite/within-time.ts'

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
  /** What a prediction costs, for `expected-cost`: by true class, then by predicted class. */
  readonly costs?: MetricSettings['costs']
  /** Metrics of the user's own, by whose names tests may be added too. */
  readonly metrics?: readonly MetricKind[]
  /**
   * The model to beat: in the forms of the model itself, answering the same rows; or why there is none. Without a test that names the
   * champion, the model must be no worse than it by more than `margin`.
   */
  readonly champion?: Predictor | ModelObject | string | NoChampion
  /** Of the test against the champion that runs when none was added; default 0.01. */
  readonly margin?: number | undefined
  /** Where it is counted how often these test data were used to decide. */
  readonly ledger?: LedgerUse
  /** Milliseconds that a model may take to predict once; no limit by default. Code that never gives way cannot be interrupted. */
  readonly timeout?: number | undefined
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
 * const suite = new ModelTestSuite('artifacts/model.onnx', 'data/test.parquet', 'deny', { champion: 'live/model.onnx' })
 * suite.testAccuracyThreshold(0.85).testAgainstChampion('roc-auc', { noWorseThan: 0.005 }).testNoNanPredictions()
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
  readonly #settings: MetricSettings
  readonly #tests: TestSpec[] = []
  #results: readonly TestResult[] = []
  #standing: Standing | null = null

  /**
   * @param model a model file (.onnx; .pkl or .joblib with `admit`), an endpoint's URL, a predictions file, a Predictor, or any object with `predict`
   * @param xTest a file that DuckDB reads, columns, row objects, or rows as arrays
   * @param yTest the labels, or the name of their column in `xTest`; of a multilabel model one column of 0 and 1 per class
   * @throws UserError E_VALUE for a margin or a budget that is none
   */
  constructor(model: Predictor | ModelObject | string, xTest: TestInput, yTest: TestLabels, options: SuiteOptions = {}) {
    const { costs, metrics, margin, ledger } = options
    if (margin !== undefined) requireMargin('the model', margin)
    if (ledger?.budget !== undefined) correctedConfidence(0.95, ledger.budget)
    this.#model = model
    this.#xTest = xTest
    this.#yTest = yTest
    this.#options = options
    this.#settings = { ...(costs && { costs }), ...(metrics && { own: metrics }) }
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

  /** Any metric by name (`roc-auc`, `f-beta@2`, `log-loss`, `r2`, …) at least `min` or at most `max`. */
  testMetric(metric: string, limit: { readonly min: number } | { readonly max: number }): this {
    return this.add({ test: 'metric', metric, ...limit })
  }

  /** A metric beside that of the champion on the same rows: no worse by more than `noWorseThan`, or better by at least `betterBy`. */
  testAgainstChampion(metric: string, limit: ChampionLimit): this {
    return this.add({ test: 'champion', metric, ...limit })
  }

  /** Adds a test that is written as data. @throws UserError E_VALUE when its limit, its metric or its side is not one */
  add(spec: TestSpec): this {
    this.#tests.push(Object.freeze({ ...requireSpec(spec, this.#settings) }))
    return this
  }

  /** What has been collected. */
  get tests(): readonly TestSpec[] {
    return [...this.#tests]
  }

  /** How many decisions the test data were used for, the last run with them; null without a ledger, and when nothing was judged. */
  get standing(): Standing | null {
    return this.#standing
  }

  /**
   * Runs the collected tests.
   *
   * @throws UserError when none were collected, or when model, data and labels cannot be read or do not fit together. A model
   *   that breaks while it predicts makes every test an `error` instead, a champion that breaks those against it.
   */
  async run(): Promise<TestResult[]> {
    if (this.#tests.length === 0) {
      throw new UserError('E_USAGE', 'The suite has no tests', {
        hint: 'Add some, such as testAccuracyThreshold(0.8), or call runAll().',
      })
    }
    return this.#runTests(() => this.#tests)
  }

  /**
   * Runs the standard tests of the model's task with their default limits, whatever was collected: five of a classifier.
   *
   * @param accuracy the limit of a classifier's accuracy, where it is not the default
   * @throws as `run` does
   */
  async runAll(accuracy?: number): Promise<TestResult[]> {
    return this.#runTests((task) =>
      defaultTests(task).map((spec) =>
        spec.test === 'accuracy_threshold' && accuracy !== undefined ? requireSpec({ ...spec, min: accuracy }) : spec,
      ),
    )
  }

  /** The last results as text. */
  generateReport(): string {
    return textReport(this.#results)
  }

  async #runTests(choose: (task: Task) => readonly TestSpec[]): Promise<TestResult[]> {
    const { evidence = 'interval', confidence: asked = 0.95, seed = 1, signal, task, ledger } = this.#options
    this.#standing = null
    const opened = await this.#open()
    try {
      const model = await orBroken(() => this.#score(opened))
      // Without predictions the task is not known; the tests are then only named.
      const ofTask = model instanceof UserError ? (task ?? 'classification') : model.scored.task
      const tests = this.#withChampionTest(choose(ofTask), ofTask)
      if (model instanceof UserError) return this.#finish(tests.map((spec) => broken(spec, model)))
      const comparesChampion = tests.some(({ test }) => test === 'champion')
      const subject: Subject = { ...model, champion: comparesChampion ? await this.#readChampion(opened, model) : null }
      if (ledger !== undefined) {
        this.#standing = recordDecision(ledger, subject, tests, { evidence, confidence: asked, seed }, dataName(this.#xTest))
      }
      const confidence = ledger?.budget === undefined ? asked : correctedConfidence(asked, ledger.budget)
      const results: TestResult[] = []
      for (const spec of tests) {
        const result = await orBroken(() => runTest(spec, subject, { evidence, confidence, seed, signal }))
        results.push(result instanceof UserError ? broken(spec, result) : result)
      }
      if (this.#standing?.budget) results.push(budgetResult(this.#standing, { evidence, asked, confidence }))
      return this.#finish(results)
    } finally {
      if (opened.predictor !== this.#model) await opened.predictor.close()
    }
  }

  #finish(results: TestResult[]): TestResult[] {
    this.#results = results
    return results
  }

  /** A champion that was named is compared with, also where no test speaks of it. */
  #withChampionTest(tests: readonly TestSpec[], task: Task): readonly TestSpec[] {
    const { champion, margin } = this.#options
    if (tests.some(({ test }) => test === 'champion')) {
      if (champion !== undefined) return tests
      throw new UserError('E_USAGE', 'A test compares with the champion, and it is not said which model that is', {
        hint: 'Give the option `champion`: a model file, an endpoint, a file of predictions, or any object with `predict`.',
      })
    }
    return champion === undefined ? tests : [...tests, defaultChampionTest(task, margin)]
  }

  async #open(): Promise<Opened> {
    const { cwd = '.' } = this.#options
    const { table, labels, about, shape } = await loadTestData(this.#xTest, this.#yTest, cwd, this.#options)
    const predictor = await this.#predictorOf(this.#model, Object.keys(table.columns), shape)
    return { predictor, table, labels, about, shape, features: predictor.features ?? Object.keys(table.columns) }
  }

  async #predictorOf(model: Predictor | ModelObject | string, columns: readonly string[], shape: InputShape): Promise<Predictor> {
    const { cwd = '.', env = {}, admit = refuseCode, signal, timeout } = this.#options
    if (typeof model !== 'string') return isPredictor(model) ? model : objectPredictor(model, columns, shape)
    return openPredictor(model, {
      cwd: resolve(cwd),
      env,
      admit,
      ...(signal && { signal }),
      ...(timeout !== undefined && { timeout }),
    })
  }

  async #score({ predictor, table, labels, about, features }: Opened): Promise<Omit<Subject, 'champion'>> {
    if (table.rowCount === 0) throw new UserError('E_VALUE', 'The test data has no rows')
    const { task, positive } = this.#options
    const { ids = null, ...columns } = about
    const scoring = { task, positive, ...columns }
    const predictions = await this.#predict(predictor, table)
    const scored = score(labels, predictions, scoring)
    return { predictor, table, labels, scoring, ids, features, predictions, scored, settings: this.#settings }
  }

  async #readChampion({ table, shape }: Opened, model: Omit<Subject, 'champion'>): Promise<Champion> {
    const { champion } = this.#options
    if (champion === undefined) return { verdict: 'error', reason: 'there is no champion to compare with' }
    if (typeof champion === 'object' && 'reason' in champion) return champion
    const predictor = await this.#predictorOf(champion, Object.keys(table.columns), shape)
    try {
      return await readChampion(predictor, model, () => this.#predict(predictor, table))
    } finally {
      if (predictor !== champion) await predictor.close()
    }
  }

  #predict(predictor: Predictor, table: TestData['table']): Promise<Predictions> {
    const { signal, timeout } = this.#options
    return withinTime(predictor.predict(table, signal ? { signal } : {}), timeout, predictor.name)
  }
}

type Opened = Pick<Subject, 'predictor' | 'table' | 'features' | 'labels'> & Pick<TestData, 'about' | 'shape'>

const dataName = (data: TestInput): string => (typeof data === 'string' ? data : 'data of the program')

const broken = (spec: TestSpec, { message, hint }: UserError): TestResult => ({
  ...unmeasuredTest(nameOf(spec), 'error', message, null),
  ...(hint !== undefined && { hint }),
})

/** A model that breaks is a finding; everything else that goes wrong is thrown. */
async function orBroken<T>(work: () => Promise<T>): Promise<T | UserError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UserError && error.code === 'E_PREDICTOR') return error
    throw error
  }
}

/** A program that gives no gate of its own: an ONNX file holds no code, and what does is not loaded unscanned. */
async function refuseCode(path: string): Promise<Digest> {
  if (/\.onnx$/i.test(path)) return digestFile(path)
  throw new UserError('E_MODEL_UNSCANNED', `${path} can run code when it is loaded, and nothing has scanned it`, {
    hint: 'Use `plimsoll validate-model`, which scans first, or give the suite an `admit` function.',
  })
}
