import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { formatCount } from '../core/counts.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, kebabCase } from '../core/step.ts'
import { didYouMean } from '../core/suggest.ts'
import type { Column } from '../core/table.ts'
import { fairnessChecks } from '../model/fairness/fairness-checks.ts'
import { groupRates, type GroupRates } from '../model/fairness/group-rates.ts'
import type { FairnessMeasureName } from '../model/fairness/measures.ts'
import { listed } from '../model/labels.ts'
import {
  dataDetails,
  evidenceParam,
  intervalParams,
  scoringParams,
  requireSources,
  scoreModelData,
  scoringReads,
  type ModelData,
  type ScoredData,
} from './model-data.ts'

const limit = (description: string) => z.number().min(0).max(1).optional().meta({ value: 'LIMIT' }).describe(description)

/** One parameter per measure: which side is good is in its name. */
const limitParams = {
  maxEqualizedOddsDifference: limit(
    'Largest difference between groups in true-positive or false-positive rate; 0.1 when no limit at all is given',
  ),
  minEqualizedOddsRatio: limit('Smallest ratio between groups of true-positive or false-positive rates'),
  maxDemographicParityDifference: limit('Largest difference between groups in how many are predicted positive'),
  minDemographicParityRatio: limit(
    'Smallest ratio between groups of how many are predicted positive; 0.8 is the four-fifths rule, meant for a favourable outcome',
  ),
  maxTruePositiveRateDifference: limit('Largest difference between groups in true-positive rate (equal opportunity)'),
  maxFalsePositiveRateDifference: limit('Largest difference between groups in false-positive rate (predictive equality)'),
} as const

const DEFAULT_LIMITS = { 'equalized-odds-difference': 0.1 } as const

const { task: _always, ...classifierParams } = scoringParams

const params = z
  .strictObject({
    ...classifierParams,
    sensitive: z
      .array(z.string())
      .min(1)
      .meta({ value: 'COLUMNS' })
      .describe('Columns that hold the groups, such as race or sex; each is judged on its own'),
    ...limitParams,
    minGroupRows: z
      .int()
      .min(0)
      .default(0)
      .meta({ value: 'N' })
      .describe('Leave out groups with fewer rows, by name; by default none, and a group too small to judge is inconclusive'),
    evidence: evidenceParam,
    confidence: intervalParams.confidence,
  })
  .superRefine(requireSources)

export const checkFairness = defineStep({
  name: 'check-fairness',
  summary: 'Compare how a model treats groups: selection, true-positive and false-positive rates.',
  params,
  examples: [
    'plimsoll check-fairness --model artifacts/model.onnx --test-data data/test/ --label deny --sensitive afam,single',
    'plimsoll check-fairness --predictions results/predictions.parquet --positive no --sensitive afam --min-demographic-parity-ratio 0.8',
  ],
  reads: scoringReads,
  writes: () => [],
  async run(context, given) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const data = await scoreModelData(context, { ...given, task: 'classification' })
    try {
      const { scored } = data
      const { evidence, confidence } = given
      const { limits, positive, attributes } = comparedGroups(data, given)
      const results = attributes.flatMap(({ attribute, judged, left }) => [
        ...fairnessChecks(judged, { attribute, limits, evidence, confidence }),
        ...left,
      ])
      return stepReport({
        name: 'check-fairness',
        summary: summarize(results, given.sensitive, scored.rowCount),
        startedAt,
        durationMs: context.clock.monotonic() - started,
        results,
        subject: data.subject,
        details: {
          ...(await dataDetails(context, data)),
          positive,
          limits,
          evidence,
          confidence,
        },
      })
    } finally {
      await data.predictor.close()
    }
  },
})

export type CheckFairnessParams = z.output<typeof params>
type Limits = Partial<Record<FairnessMeasureName, number>>

/** What the step compares: the groups of each attribute that are large enough, and the limits that they are held against. */
export interface ComparedGroups {
  readonly limits: Limits
  /** The positive class. */
  readonly positive: string
  readonly attributes: readonly {
    readonly attribute: string
    readonly judged: readonly GroupRates[]
    readonly left: readonly CheckResult[]
  }[]
}

/** @throws UserError E_VALUE, E_COLUMN_MISSING when groups or the positive class cannot be told */
export function comparedGroups(data: ScoredData, given: CheckFairnessParams): ComparedGroups {
  const { scored } = data
  if (scored.task !== 'classification') throw noPositive(null)
  const { positive, classes } = scored
  if (positive === null) throw noPositive(classes)
  const attributes = given.sensitive.map((attribute) => {
    const groups = groupRates(scored, positive, attribute, sensitiveColumn(data, attribute))
    return { attribute, ...splitBySize(groups, attribute, given.minGroupRows) }
  })
  return { limits: limitsOf(given), positive: classes[positive]!, attributes }
}

/** `maxEqualizedOddsDifference` → `equalized-odds-difference`. Reporting alone is no gate, so there is a limit in any case. */
function limitsOf(given: Partial<Record<keyof typeof limitParams, number | undefined>>): Limits {
  const limits: Limits = {}
  for (const key of Object.keys(limitParams) as (keyof typeof limitParams)[]) {
    const value = given[key]
    if (value !== undefined) limits[kebabCase(key).replace(/^(max|min)-/, '') as FairnessMeasureName] = value
  }
  return Object.keys(limits).length > 0 ? limits : DEFAULT_LIMITS
}

function sensitiveColumn({ table: { columns }, label, source }: ModelData, name: string): Column {
  const column = columns[name]
  if (name === label) throw new UserError('E_VALUE', `"${name}" is the label: groups by it cannot be compared`)
  if (column !== undefined) return column
  throw new UserError('E_COLUMN_MISSING', `${source} has no column "${name}"`, { hint: didYouMean(name, Object.keys(columns)) })
}

function noPositive(classes: readonly string[] | null): UserError {
  if (classes === null) return new UserError('E_VALUE', 'Fairness compares classes, but the labels are numbers without classes')
  const what =
    classes.length < 2 ? `every row has the label ${listed(classes)}` : `there are ${classes.length} classes: ${listed(classes)}`
  return new UserError('E_VALUE', `Which class is the positive one? ${what}`, { hint: 'Give --positive.' })
}

function splitBySize(
  groups: readonly GroupRates[],
  attribute: string,
  least: number,
): { judged: GroupRates[]; left: CheckResult[] } {
  const judged = groups.filter(({ rows }) => rows >= least)
  const small = groups.filter(({ rows }) => rows < least)
  if (judged.length < 2) {
    throw new UserError('E_VALUE', `Fewer than two groups of ${attribute} have ${least} rows`, {
      hint: `The groups are ${groups.map(({ group, rows }) => `${group} (${rows})`).join(', ')}; lower --min-group-rows.`,
    })
  }
  if (small.length === 0) return { judged, left: [] }
  const message = `Left out, with fewer than ${least} rows: ${small.map(({ group, rows }) => `${group} (${formatCount(rows)})`).join(', ')}`
  return {
    judged,
    left: [
      checkResult({
        check: `fairness.small-groups.${attribute}`,
        title: `Small groups of ${attribute}`,
        verdict: 'skip',
        message,
      }),
    ],
  }
}

function summarize(results: readonly CheckResult[], attributes: readonly string[], rows: number): string {
  const gates = results.filter(({ measurements }) => measurements.some(({ threshold }) => threshold))
  const worst = ['fail', 'error', 'inconclusive'].map((verdict) => gates.find((gate) => gate.verdict === verdict)).find(Boolean)
  const shown = worst ?? gates[0]!
  return `${attributes.join(', ')} on ${formatCount(rows)} rows; ${shown.title.toLowerCase()} ${shown.actual} (limit ${shown.expected})`
}
