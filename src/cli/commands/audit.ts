import { dirname, resolve } from 'node:path'
import { formatCount, percent, roundUpRows } from '../../core/counts.ts'
import { UserError } from '../../core/errors.ts'
import { TOO_OFTEN, type GateAudit, type UnauditedGate } from '../../model/audit/gate-audit.ts'
import { formatInterval } from '../../model/judged-message.ts'
import { loadPipeline } from '../../pipeline/config.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { palette } from '../../report/text.ts'
import { auditStep, AUDITED_STEPS, type Evaluated, type StepAudit } from '../../steps/audit-step.ts'
import { loadSteps } from '../../steps/index.ts'
import { listing, print } from '../output.ts'
import { CONFIG_FILE, type Session } from '../session.ts'
import { stepContext } from './step.ts'

export interface AuditFlags {
  readonly config?: string
  readonly stage?: string
  readonly predictions?: string
  readonly failAbove?: number
}

/** A step of the pipeline that has gates on samples, with what they can tell. */
interface AuditedStep extends StepAudit {
  readonly stage: string
  readonly step: string
}

/**
 * Says of every gate on a model's quality, before it blocks anybody, how often it would block a model as good as the present
 * one and which regressions it would see.
 */
export async function auditCommand(session: Session, flags: AuditFlags): Promise<number> {
  const display = flags.config ?? CONFIG_FILE
  const path = flags.config === undefined ? resolve(session.root, CONFIG_FILE) : resolve(session.cwd, flags.config)
  const pipeline = await loadPipeline(path, { steps: await loadSteps(), env: session.env, display })
  const audits = await auditPipeline({ ...session, cwd: dirname(path) }, pipeline, flags)
  print(session, { schemaVersion: 1, pipeline: pipeline.name, steps: audits }, () => describe(session, audits))
  const { failAbove } = flags
  const tooOften = audits.flatMap(({ gates }) => gates).some((gate) => isAudit(gate) && gate.blocksEqual > (failAbove ?? 1))
  return tooOften ? 1 : 0
}

async function auditPipeline(session: Session, pipeline: Pipeline, flags: AuditFlags): Promise<AuditedStep[]> {
  const stages = pipeline.stages.filter(({ name }) => flags.stage === undefined || name === flags.stage)
  if (stages.length === 0) throw new UserError('E_NOT_FOUND', `There is no stage "${flags.stage}"`)
  const context = await stepContext(session)
  const evaluated = pipeline.stages.flatMap(({ steps, env }) =>
    steps
      .filter(({ step }) => step.name === 'evaluate')
      .map(({ bind }) => bind({ ...session.env, ...env }) as unknown as Evaluated),
  )
  const audits: AuditedStep[] = []
  for (const stage of stages) {
    const env = { ...session.env, ...stage.env }
    for (const { id, step, bind } of stage.steps) {
      if (!AUDITED_STEPS.has(step.name)) continue
      const audit = await auditStep({ ...context, env }, step.name, bind(env), { evaluated, predictions: flags.predictions })
      audits.push({ stage: stage.name, step: id, ...audit })
    }
  }
  if (audits.length > 0) return audits
  throw new UserError('E_NOT_FOUND', `No stage has a gate that judges a model on data`, {
    hint: `Looked for ${[...AUDITED_STEPS].join(' and ')}. See docs/guides/audit.md.`,
  })
}

const isAudit = (gate: GateAudit | UnauditedGate): gate is GateAudit => !('reason' in gate)

function describe(session: Session, audits: readonly AuditedStep[]): string {
  const { bold, dim, warn } = palette(session.terminal.out.color)
  const blocks = audits.map(({ stage, step, source, rows, gates }) => {
    const audited = gates.filter(isAudit)
    const others = gates.filter((gate): gate is UnauditedGate => !isAudit(gate))
    return [
      `${bold(`${stage} › ${step}`)}  ${dim(`${source}, ${formatCount(rows)} rows`)}`,
      '',
      listing(
        session,
        ['gate', 'limit', 'now', 'blocks an equal model', 'sees a loss of', 'rows needed'],
        audited.map((gate) => row(gate)),
      ),
      ...others.map(({ gate, reason }) => dim(`${gate}: ${reason}`)),
      ...audited.flatMap((gate) => (gate.blocksEqual > TOO_OFTEN ? [warn(`! ${warning(gate, rows)}`)] : [])),
    ].join('\n')
  })
  return [...blocks, dim(LEGEND)].join('\n\n')
}

function row(gate: GateAudit): string[] {
  const { limit, value, interval, blocksEqual, smallestRegression, rowsNeeded } = gate
  const range = interval ? ` ${formatInterval(interval)}` : ''
  return [
    gate.gate,
    limit,
    `${value.toFixed(3)}${range}`,
    percent(blocksEqual),
    smallestRegression === null ? '–' : smallestRegression === 0 ? 'blocks anyway' : smallestRegression.toPrecision(2),
    rowsNeeded === null ? '–' : `about ${formatCount(roundUpRows(rowsNeeded))}`,
  ]
}

function warning({ gate, blocksEqual, rowsNeeded, equalTo }: GateAudit, rows: number): string {
  const often = `${gate} would block a model as good as the ${equalTo} ${Math.round(100 * blocksEqual)} times in 100`
  if (rowsNeeded === null) return `${often}: such a model does not clear the limit, whatever the number of rows.`
  return `${often}: ${formatCount(rows)} rows are too few for this limit; about ${formatCount(roundUpRows(rowsNeeded))} would do, or a limit farther away.`
}

const LEGEND = `blocks an equal model: how often the gate does not pass a model exactly as good as the present one (or as the champion), on as many other rows
sees a loss of: the smallest loss against that model which the gate blocks four times in five
rows needed: with so many rows an equal model is blocked one time in five at most`
