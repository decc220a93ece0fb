import { setTimeout as sleep } from 'node:timers/promises'
import type { CheckResult } from '../core/check.ts'
import { formatDuration } from '../core/duration.ts'
import { UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import type { StepContext } from '../core/step.ts'
import { blocks } from '../core/verdict.ts'
import { captureOutputs } from './outputs.ts'
import type { Stage, StageStep } from './pipeline.ts'
import { brokenResult, notRun, stageReport } from './reports.ts'
import type { RunInProgress } from './run-in-progress.ts'
import { runStep } from './run-step.ts'
import { startServices, type LocatedServices } from './stage-services.ts'
import { fillSecrets } from './variables.ts'

/** Before the second attempt; doubled before each further one. */
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000

/**
 * Runs the steps of a stage in order, up to the first that blocks, with its services around them. A stage that could not be
 * measured (verdict `error`) is tried again, from its first step, as often as `retries` says.
 *
 * @param done reports of its steps that had finished before the run was interrupted, by position
 * @throws the reason of the run's signal, when aborted
 */
export async function runStage(
  stage: Stage,
  located: LocatedServices,
  done: ReadonlyMap<number, Report>,
  run: RunInProgress,
): Promise<Report> {
  const { clock, signal } = run.options
  const [startedAt, start] = [clock.now(), clock.monotonic()]
  const earlier: { verdict: string; summary: string }[] = []
  for (let attempt = 1; ; attempt++) {
    run.emit({ type: 'stage-started', stage: stage.name, attempt })
    run.recorder.stageStarted(stage.name, attempt, attempt === 1)
    const parts = await runAttempt(stage, located, attempt === 1 ? done : new Map(), run)
    const report = stageReport({
      name: stage.name,
      ...parts,
      startedAt,
      durationMs: clock.monotonic() - start,
      inconclusive: run.options.inconclusive,
      ...(earlier.length > 0 && { details: { attempt, earlierAttempts: earlier } }),
    })
    if (report.verdict !== 'error' || attempt > stage.retries) return report
    earlier.push({ verdict: report.verdict, summary: report.summary })
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS)
    run.say(
      stage.name,
      null,
      `attempt ${attempt} of ${stage.retries + 1} ended in error: ${report.summary}; next in ${formatDuration(delay)}`,
    )
    await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

interface Attempt {
  readonly results: readonly CheckResult[]
  readonly children: readonly Report[]
}

async function runAttempt(
  stage: Stage,
  located: LocatedServices,
  done: ReadonlyMap<number, Report>,
  run: RunInProgress,
): Promise<Attempt> {
  const { options } = run
  const timeout = new AbortController()
  const timer = stage.timeout === null ? undefined : setTimeout(() => timeout.abort(tookTooLong(stage)), stage.timeout)
  const signal = AbortSignal.any([options.signal, timeout.signal])
  let services: Awaited<ReturnType<typeof startServices>> | undefined
  const results: CheckResult[] = []
  const children: Report[] = []
  const skipRest = (reason: string) => {
    for (const { id } of stage.steps.slice(children.length)) children.push(notRun('step', id, reason, options.clock.now()))
  }
  try {
    const env = stageEnv(stage, run)
    services = await startServices(stage, located, {
      cwd: options.root,
      env,
      signal,
      say: (line) => run.say(stage.name, null, line),
    })
    run.addSecrets(services.secrets)
    results.push(...services.results)
    if (results.some(({ verdict }) => verdict === 'error')) skipRest('a service of the stage is not there')
    else {
      await options.hooks.beforeStage(stage.name, environmentsOf(stage, options.env))
      const context = stageContext(stage, { ...env, ...services.env }, signal, run)
      for (const [position, step] of stage.steps.entries()) {
        const report = done.get(position) ?? (await runAndRecord(stage, step, position, context(step), run))
        children.push(report)
        if (!blocks(report.verdict, options.inconclusive)) continue
        skipRest(`${step.id} ended with ${report.verdict}`)
        break
      }
    }
  } catch (error) {
    options.signal.throwIfAborted()
    results.push(brokenResult('stage.error', `Stage ${stage.name}`, error))
    skipRest('the stage ended before')
  } finally {
    clearTimeout(timer)
    await services?.stop()
  }
  return { results, children }
}

function tookTooLong(stage: Stage): UserError {
  return new UserError('E_TIMEOUT', `The stage took longer than ${formatDuration(stage.timeout!)}, its timeout.`, {
    hint: 'Raise `timeout`, or find out what it waits for in the output above.',
    location: stage.location,
  })
}

async function runAndRecord(
  stage: Stage,
  step: StageStep,
  position: number,
  context: StepContext,
  run: RunInProgress,
): Promise<Report> {
  run.emit({ type: 'step-started', stage: stage.name, step: step.id })
  const report = await runStep(step, context, run.options.env, () => run.redact)
  const declared = stage.writes.map((path) => ({ kind: 'file', path }) as const)
  const outputs = await captureOutputs([...declared, ...step.writes(run.options.env)], run.outputs)
  run.recorder.stepFinished(stage.name, position, outputs, report)
  run.emit({ type: 'step-finished', stage: stage.name, report })
  return report
}

/** The variables of a stage's child processes. */
function stageEnv(stage: Stage, run: RunInProgress): Record<string, string> {
  const { value, missing } = fillSecrets(stage.env, run.options.env)
  if (missing.length > 0) {
    throw new UserError('E_CONFIG', `The variables of the stage need secrets that are not set: ${missing.join(', ')}.`, {
      hint: `A secret is an environment variable: set ${missing.join(', ')} where the pipeline runs.`,
      location: stage.location,
    })
  }
  return { ...run.options.env, ...value, PLIMSOLL_RUN: run.recorder.runId, PLIMSOLL_STAGE: stage.name }
}

function stageContext(
  stage: Stage,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  run: RunInProgress,
): (step: StageStep) => StepContext {
  const { root, stateDir, clock, git, assumeYes, pipeline, event } = run.options
  return ({ id }) => ({
    cwd: root,
    stateDir,
    env,
    signal,
    clock,
    git,
    run: { id: run.recorder.runId, pipeline: pipeline.name, stage: stage.name, event },
    assumeYes,
    ask: run.ask,
    say: (line) => run.say(stage.name, id, line),
  })
}

/** The environments that a stage acts on or looks at. */
export function environmentsOf(stage: Stage, env: Readonly<Record<string, string>>): string[] {
  const named = stage.steps.flatMap((step) =>
    [...step.reads(env), ...step.writes(env)].flatMap((resource) => (resource.kind === 'environment' ? [resource.name] : [])),
  )
  return [...new Set(stage.environment === null ? named : [stage.environment, ...named])]
}
