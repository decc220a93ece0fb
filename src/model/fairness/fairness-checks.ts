import { checkResult, type CheckResult, type Measurement, type Threshold } from '../../core/check.ts'
import { judge, type Evidence } from '../../stats/judge.ts'
import { wilson } from '../../stats/proportion.ts'
import { formatCount } from '../../core/counts.ts'
import { formatInterval, judgedMessage, priceHint } from '../judged-message.ts'
import { share, type Disparity } from './disparity.ts'
import type { GroupRates, RateName } from './group-rates.ts'
import { FAIRNESS_MEASURES, measureFairness, type FairnessMeasure, type FairnessMeasureName } from './measures.ts'

export interface FairnessOptions {
  /** The sensitive attribute that the groups are of. */
  readonly attribute: string
  /** What each measure is held against; a measure without a limit is measured, not judged. */
  readonly limits: Readonly<Partial<Record<FairnessMeasureName, number>>>
  readonly evidence: Evidence
  readonly confidence: number
}

const RATE_NAMES: Readonly<Record<RateName, { name: string; of: string }>> = {
  selection: { name: 'selection-rate', of: 'rows' },
  truePositive: { name: 'true-positive-rate', of: 'positive rows' },
  falsePositive: { name: 'false-positive-rate', of: 'negative rows' },
}

/** One check per limit, and one that holds the rates and the measures without a limit. */
export function fairnessChecks(groups: readonly GroupRates[], options: FairnessOptions): CheckResult[] {
  const { limits, attribute, confidence } = options
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  const measured = FAIRNESS_MEASURES.map((measure) => ({
    measure,
    limit: limits[measure.name],
    disparity: measureFairness(measure, groups, confidence),
  }))
  const gates = measured.flatMap(({ measure, disparity, limit }) =>
    limit === undefined ? [] : [gate(measure, disparity, { value: limit, good: measure.good }, groups, rows, options)],
  )
  const unjudged = measured.filter(({ limit }) => limit === undefined)
  const rates = checkResult({
    check: `fairness.rates.${attribute}`,
    title: `Rates by ${attribute}`,
    verdict: 'pass',
    message: `Measured for ${groups.length} groups, the smallest ${smallest(groups, attribute)}${unjudged.length > 0 ? `; ${unjudged.length} measures have no limit and are not judged` : ''}`,
    findings: unjudged.map(({ measure, disparity }) => ({
      severity: 'note',
      message: `Not judged: ${stated(measure, disparity)}`,
    })),
    measurements: [
      ...groups.flatMap((group) => rateMeasurements(group, attribute, confidence)),
      ...unjudged.map(({ measure, disparity }) => asMeasurement(measure, disparity, rows)),
    ],
  })
  return [...gates, rates]
}

function gate(
  measure: FairnessMeasure,
  disparity: Disparity,
  threshold: Threshold,
  groups: readonly GroupRates[],
  rows: number,
  { attribute, evidence, confidence }: FairnessOptions,
): CheckResult {
  const title = `${measure.title} by ${attribute}`
  const { value, interval, empty } = disparity
  const common = {
    check: `fairness.${measure.name}.${attribute}`,
    title,
    expected: `${threshold.good === 'at-least' ? '>=' : '<='} ${threshold.value}`,
    actual: value === null ? 'not measured' : `${value.toFixed(4)} ${formatInterval(interval)}`,
    measurements: [
      { ...asMeasurement(measure, disparity, rows), threshold },
      ...groups.flatMap((group) =>
        rateMeasurements(group, attribute, confidence).filter(({ name }) =>
          measure.rates.some((rate) => RATE_NAMES[rate].name === name),
        ),
      ),
    ],
  }
  const judgement = judge({ value, interval, n: rows }, threshold, evidence)
  // Where a group has no rows to measure on, the others may still prove a gap, but nothing can be cleared.
  if (value === null || (empty.length > 0 && judgement.verdict !== 'fail')) {
    const message = `${title} cannot be told: ${lacking(measure, disparity)}`
    return checkResult({ ...common, verdict: 'inconclusive', message })
  }
  const hint = priceHint({ value, interval, n: rows }, threshold, judgement)
  const apart = `; ${where(measure, disparity, groups)}`
  const message = judgedMessage(title, { value, interval, n: rows }, threshold, judgement) + apart
  return checkResult({ ...common, verdict: judgement.verdict, message, ...(hint && { hint }) })
}

function lacking(measure: FairnessMeasure, { empty }: Disparity): string {
  const of = measure.rates.map((rate) => RATE_NAMES[rate].of).join(' or ')
  return empty.length > 0 ? `no ${of} in ${empty.join(', ')}` : 'no row of any group is predicted positive'
}

/** `true-positive-rate yes 0.500 (12 of 24), no 0.234 (11 of 47)` for the rate that the two groups are farthest apart in. */
function where(measure: FairnessMeasure, { between, value }: Disparity, groups: readonly GroupRates[]): string {
  const [high, low] = between!.map((name) => groups.find(({ group }) => group === name)!)
  const rate = measure.rates.find((candidate) => {
    const [a, b] = [share(high![candidate]), share(low![candidate])]
    return Math.abs((measure.good === 'at-most' ? a - b : b / a) - value!) < 1e-12
  })!
  const shown = [high!, low!].map(
    ({ group, [rate]: count }) =>
      `${group} ${share(count).toFixed(3)} (${formatCount(count.successes)} of ${formatCount(count.trials)})`,
  )
  return `${RATE_NAMES[rate].name.replaceAll('-', ' ')} ${shown.join(', ')}`
}

function smallest(groups: readonly GroupRates[], attribute: string): string {
  const { group, rows } = groups.toSorted((a, b) => a.rows - b.rows)[0]!
  return `(${attribute} = ${group}) with ${formatCount(rows)} rows`
}

const stated = (measure: FairnessMeasure, { value, interval }: Disparity): string =>
  `${measure.title.toLowerCase()} ${value === null ? 'not measurable' : value.toFixed(3)} ${formatInterval(interval)}`

const asMeasurement = ({ name }: FairnessMeasure, { value, interval }: Disparity, n: number): Measurement => ({
  name,
  value,
  interval,
  n,
})

function rateMeasurements(group: GroupRates, attribute: string, confidence: number): Measurement[] {
  return (['selection', 'truePositive', 'falsePositive'] as const).map((rate) => {
    const { successes, trials } = group[rate]
    return {
      name: RATE_NAMES[rate].name,
      unit: 'share',
      value: trials > 0 ? successes / trials : null,
      interval: wilson(successes, trials, confidence),
      n: trials,
      slice: { [attribute]: group.group },
    }
  })
}
