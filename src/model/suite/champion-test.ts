import type { Finding, Threshold } from '../../core/check.ts'
import { estimateDifference, valueOf, type EstimatedDifference } from '../../stats/estimate.ts'
import { judge } from '../../stats/judge.ts'
import type { Statistic } from '../../stats/statistic.ts'
import { priceHint } from '../judged-message.ts'
import { readMetric } from '../metrics/read-metric.ts'
import type { Task } from '../scored.ts'
import { championMessage } from './champion-message.ts'
import { cautionsOf } from './cautions.ts'
import { farOut } from './far-out.ts'
import type { Flips, FlippedRow } from './flips.ts'
import type { Champion, NoChampion, Subject, TestOptions } from './subject.ts'
import { unmeasuredTest, type Difference, type TestResult } from './test-result.ts'
import type { ChampionSpec } from './test-spec.ts'

/** Flipped rows that a report shows. */
const SHOWN = 20

/** The name of a champion test in reports: `accuracy-vs-champion`. */
export const championTestName = (metric: string): string => `${metric}-vs-champion`

/**
 * The model's metric minus the champion's on the same rows, held against the margin by its interval: no worse than it passes when the
 * whole interval is above −margin, better by it when the whole interval is above +margin; below, for a metric that is better the lower
 * it is.
 */
export function championTest(spec: ChampionSpec, subject: Subject, options: TestOptions): TestResult {
  const { champion, scored, settings } = subject
  const testName = championTestName(spec.metric)
  const ours = readMetric(scored, spec.metric, settings)
  const threshold = thresholdOf(spec, ours.kind.good)
  if (champion === null) return unmeasuredTest(testName, 'error', 'there is no champion to compare with', threshold)
  if ('reason' in champion) {
    const missing = unmeasuredTest(testName, champion.verdict, champion.reason, threshold)
    return { ...missing, ...(champion.hint !== undefined && { hint: champion.hint }) }
  }
  const theirs = readMetric(champion.scored, spec.metric, settings)
  for (const [whose, { readout }] of [
    ['', ours],
    [`of the champion ${champion.name}: `, theirs],
  ] as const) {
    if ('problem' in readout) return unmeasuredTest(testName, 'error', whose + readout.problem.reason, threshold)
  }
  const [{ readout: model }, { readout: other }] = [ours, theirs]
  if ('problem' in model || 'problem' in other) return unmeasuredTest(testName, 'error', 'not measured', threshold)

  const measured = differenceOf(model.statistic, other.statistic, subject, champion, options)
  if (!Number.isFinite(measured.value)) {
    return unmeasuredTest(testName, 'error', `the difference of ${model.title} is not defined on these rows`, threshold)
  }
  const { value, interval, n, pValue, test } = measured
  const difference: Difference = {
    value,
    interval,
    pValue,
    test,
    model: valueOf(model.statistic, scored.design.weights),
    champion: valueOf(other.statistic, scored.design.weights),
  }
  const isRanking = scored.task === 'ranking'
  const estimate = { value, interval, n, rowCount: isRanking ? n : scored.rowCount }
  const judgement = judge(estimate, threshold, options.evidence)
  const cautions = cautionsOf(scored, [model.note, other.note])
  const verdict = judgement.verdict === 'pass' && cautions.spoils ? 'warn' : judgement.verdict
  const hint = priceHint(estimate, threshold, judgement)
  const message = championMessage(difference, estimate, judgement, {
    spec,
    title: model.title,
    good: ours.kind.good,
    inPoints: model.statistic.kind === 'rate' && model.statistic.map === undefined,
    things: isRanking ? 'queries' : 'rows',
    flips: isOfAnswers(model.statistic, scored.task) ? champion.flips : null,
  })
  return {
    testName,
    passed: verdict === 'pass',
    verdict,
    message: message + cautions.text,
    metrics: { difference: value, threshold: threshold.value, model: difference.model, champion: difference.champion },
    interval,
    n,
    threshold,
    difference,
    flips: champion.flips,
    ...(hint !== undefined && { hint }),
  }
}

/** Whether the rows that flipped are what a difference is made of: probabilities may get worse where no answer does. */
function isOfAnswers(statistic: Statistic, task: Task): boolean {
  return task === 'regression' || statistic.kind === 'rate' || (statistic.kind === 'cells' && !statistic.biased)
}

function thresholdOf(spec: ChampionSpec, good: 'high' | 'low'): Threshold {
  const gain = 'noWorseThan' in spec ? -spec.noWorseThan : spec.betterBy
  // Adding 0 makes one zero of two.
  return good === 'high' ? { value: gain + 0, good: 'at-least' } : { value: -gain + 0, good: 'at-most' }
}

/** The same model has no difference from itself, whatever rows would come. */
function differenceOf(
  ours: Statistic,
  theirs: Statistic,
  { predictor, scored }: Subject,
  champion: Exclude<Champion, NoChampion>,
  { confidence, seed }: TestOptions,
): EstimatedDifference {
  const measured = farOut(confidence, (at) => estimateDifference(ours, theirs, scored.design, { confidence: at, seed }))
  const isSameModel = champion.isAlike && predictor.digest !== null && predictor.digest === champion.digest
  if (!isSameModel || !Number.isFinite(measured.value)) return measured
  const interval = { lower: 0, upper: 0, confidence: 1, method: 'exact' }
  return { ...measured, value: 0, interval, pValue: null, test: 'same-model' }
}

/** The first flipped rows as findings of a report: those that went wrong first. */
export function flipFindings({ toWrong, rows }: Flips): Finding[] {
  return rows.slice(0, SHOWN).map((row, i) => ({
    severity: i < toWrong ? 'warning' : 'note',
    message: flipMessage(row, i < toWrong),
    evidence: row,
  }))
}

function flipMessage({ row, id, label, champion, model, errorGrowth }: FlippedRow, isWorse: boolean): string {
  const place = id === undefined ? `Row ${row}` : `Row ${row} (${String(id)})`
  if (errorGrowth !== undefined) {
    const grown = Number(errorGrowth.toPrecision(3))
    return `${place}: the error grew by ${grown}; ${label} is true, the champion said ${champion}, the model ${model}`
  }
  const how = isWorse ? 'from right to wrong' : 'from wrong to right'
  return `${place} went ${how}: "${label}" is true, the champion said "${champion}", the model "${model}"`
}
