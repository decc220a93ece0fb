/** The public library. What is not exported here may change without notice. */

export { ModelTestSuite, type SuiteOptions } from './model/suite.ts'
export type { ModelObject } from './model/suite/object-predictor.ts'
export type { TestInput, TestLabels } from './model/suite/test-data.ts'
export type { Difference, TestResult } from './model/suite/test-result.ts'
export type { FlippedRow, Flips } from './model/suite/flips.ts'
export type { NoChampion } from './model/suite/subject.ts'
export type { LedgerUse } from './model/suite/budget.ts'
export { openTestSetLedger, type Standing, type TestSetLedger, type TestSetRecord } from './model/ledger/ledger.ts'
export { DEFAULT_TESTS, defaultTests, parseTest, type ChampionLimit, type TestSpec } from './model/suite/test-spec.ts'

export { openPredictor, type PredictorOptions } from './model/predictors/open.ts'
export type { Label, Predictions, PredictOptions, Predictor } from './core/predictor.ts'
export { rowOf, sliceTable, tableFromRows, type Cell, type Column, type Table } from './core/table.ts'

export {
  score,
  type Scored,
  type ScoredClasses,
  type ScoredRanking,
  type ScoredSets,
  type ScoredValues,
  type ScoreOptions,
  type Task,
} from './model/scored.ts'
export { measure, measureAll, type MeasureOptions } from './model/metrics/measure.ts'
export type { Metric } from './model/metrics/metric.ts'
export { METRICS } from './model/metrics/catalogue.ts'
export { defineMetric, type OwnMetric } from './model/metrics/own-metric.ts'
export type { OwnRow } from './model/metrics/own-rows.ts'
export { findMetric, readMetric, type NamedMetric } from './model/metrics/read-metric.ts'
export type { MetricKind, MetricParameter, MetricSettings, Readout } from './model/metrics/metric-kind.ts'
export { confusionMatrix, type ConfusionMatrix } from './model/metrics/confusion-matrix.ts'

export { groupRates, type GroupRates } from './model/fairness/group-rates.ts'
export { largestDifference, smallestRatio, type Disparity, type GroupCount } from './model/fairness/disparity.ts'
export { FAIRNESS_MEASURES, measureFairness, type FairnessMeasure, type FairnessMeasureName } from './model/fairness/measures.ts'
export { fairnessChecks, type FairnessOptions } from './model/fairness/fairness-checks.ts'

export { estimate, estimateDifference, type Estimated, type EstimatedDifference, type EstimateOptions } from './stats/estimate.ts'
export type {
  AreaStatistic,
  CellStatistic,
  MeanStatistic,
  Rate,
  RowStatistic,
  SampleDesign,
  Statistic,
} from './stats/statistic.ts'
export { judge, type Estimate, type Evidence, type Judgement } from './stats/judge.ts'
export { clopperPearson, wilson } from './stats/proportion.ts'
export { differenceInterval, ratioInterval, type Count } from './stats/two-proportions.ts'
export { aucInterval, rocAuc, type RocAuc } from './stats/roc-auc.ts'
export { functionOfMeansInterval, type MeansOptions } from './stats/function-of-means.ts'
export { functionOfCountsInterval, type CountsOptions } from './stats/function-of-counts.ts'
export { rowsToClear, rowsToSeparateProportion, type SampleSizeOptions } from './stats/sample-size.ts'
export { seededRandom, type Random } from './stats/random.ts'

export { UserError, type ErrorCode } from './core/errors.ts'
export type { CheckResult, Finding, Interval, Location, Measurement, Threshold } from './core/check.ts'
export {
  allResults,
  countVerdicts,
  type Artifact,
  type Report,
  type ReportKind,
  type ReportOrigin,
  type Subject,
} from './core/report.ts'
export { exitCode, VERDICTS, worstOf, type InconclusivePolicy, type Verdict } from './core/verdict.ts'
export type { Digest } from './core/digest.ts'

export { scan, scanBytes, scanFile, scanPath, type ScanOptions } from './security/scan.ts'
export type { ByteRange, FileScan, UndigestedScan } from './security/file-scan.ts'
