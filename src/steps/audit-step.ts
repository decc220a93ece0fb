import { join } from 'node:path'
import type { StepContext } from '../core/step.ts'
import { statIfExists } from '../drivers/files.ts'
import { PrivateFolder } from '../drivers/private-folder.ts'
import { auditFairness } from '../model/audit/audit-fairness.ts'
import { auditTest } from '../model/audit/audit-test.ts'
import type { GateAudit, UnauditedGate } from '../model/audit/gate-audit.ts'
import { FAIRNESS_MEASURES } from '../model/fairness/measures.ts'
import { comparedGroups, type CheckFairnessParams } from './check-fairness.ts'
import { predictionsFile } from './evaluate.ts'
import { scoreModelData, type ScoringParams } from './model-data.ts'
import { judgeModel, type ValidateModelParams } from './validate-model.ts'

/** What the gates of one step can and cannot tell. */
export interface StepAudit {
  /** Where the predictions came from: a file that an earlier run has left, or the model itself. */
  readonly source: string
  readonly rows: number
  readonly gates: readonly (GateAudit | UnauditedGate)[]
}

/** Where `evaluate` steps of the pipeline leave the predictions of which model on which data. */
export interface Evaluated extends Pick<ScoringParams, 'model' | 'testData'> {
  readonly output: string
}

/**
 * The same parameters, with the last predictions in the place of the model: those that are given, or those that `evaluate` has
 * left of this model on these data. Without any the model is asked.
 */
async function withLastPredictions<Params extends ScoringParams>(
  { cwd }: Pick<StepContext, 'cwd'>,
  params: Params,
  evaluated: readonly Evaluated[],
  given: string | undefined,
): Promise<Params> {
  const left = evaluated.find(({ model, testData }) => model === params.model && testData === params.testData)
  const file = given ?? (left && predictionsFile(left.output))
  if (file === undefined || (given === undefined && params.predictions !== undefined)) return params
  if (given === undefined && !(await statIfExists(join(cwd, file)))?.isFile()) return params
  // evaluate gives the columns of its file their own names.
  const named = given === undefined ? { prediction: undefined, probability: undefined } : {}
  return { ...params, ...named, model: undefined, testData: undefined, predictions: file }
}

type Audit = (context: StepContext, params: never) => Promise<StepAudit>

const AUDITS: Readonly<Record<string, Audit>> = { 'validate-model': auditValidateModel, 'check-fairness': auditCheckFairness }

/** The steps whose gates are about samples, so that they can block a good model by chance. */
export const AUDITED_STEPS: ReadonlySet<string> = new Set(Object.keys(AUDITS))

/**
 * Audits the gates of a step with its parameters.
 *
 * @throws UserError as the step itself does, when the predictions cannot be had or do not fit
 */
export async function auditStep(
  context: StepContext,
  name: string,
  params: Readonly<Record<string, unknown>>,
  { evaluated, predictions }: { readonly evaluated: readonly Evaluated[]; readonly predictions?: string | undefined },
): Promise<StepAudit> {
  const last = await withLastPredictions(context, params as unknown as ScoringParams, evaluated, predictions)
  return AUDITS[name]!(context, last as never)
}

async function auditValidateModel(context: StepContext, params: ValidateModelParams): Promise<StepAudit> {
  const { evidence, predictions, model } = params
  // To audit is not to decide: what is written down of the test set is thrown away.
  const scratch = new PrivateFolder('audit')
  try {
    return await judgeModel(context, params, await scratch.open(), async ({ data: { table }, results }) => ({
      source: predictions ?? model ?? '',
      rows: table.rowCount,
      gates: results.map((result) => auditTest(result, { rowCount: table.rowCount, evidence })),
    }))
  } finally {
    scratch.remove()
  }
}

async function auditCheckFairness(context: StepContext, params: CheckFairnessParams): Promise<StepAudit> {
  const data = await scoreModelData(context, { ...params, task: 'classification' })
  try {
    const { limits, attributes } = comparedGroups(data, params)
    const { evidence, confidence } = params
    const gates = attributes.flatMap(({ attribute, judged }) =>
      FAIRNESS_MEASURES.flatMap((measure) => {
        const limit = limits[measure.name]
        return limit === undefined ? [] : [auditFairness(measure, judged, { attribute, limit, evidence, confidence, seed: 1 })]
      }),
    )
    return { source: params.predictions ?? params.model ?? '', rows: data.scored.rowCount, gates }
  } finally {
    await data.predictor.close()
  }
}
