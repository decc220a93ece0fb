import { realpath } from 'node:fs/promises'
import { secretsOfEnvironment } from '../core/environment-secrets.ts'
import { digestOf } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import { blocks } from '../core/verdict.ts'
import { leftoverKeeper } from '../drivers/leftovers.ts'
import { pruneBlobs } from './cache.ts'
import { evaluate } from './expression.ts'
import { ancestorsOf, selectNodes } from './graph.ts'
import { NO_OUTPUTS } from './outputs.ts'
import type { Pipeline, Stage } from './pipeline.ts'
import { Recorder } from './recorder.ts'
import { brokenResult, notRun, runReport, stageReport } from './reports.ts'
import { NOTHING_DONE, removeLeftovers, takeUp, type Resumable } from './resume.ts'
import { RunInProgress, type StageOutcome } from './run-in-progress.ts'
import type { RunOptions } from './run-options.ts'
import { environmentsOf } from './run-stage.ts'
import { schedule } from './schedule.ts'
import { settleStage } from './settle-stage.ts'
import { openPipelineState } from './state.ts'
import { secretsIn } from './variables.ts'

/**
 * Runs a pipeline and answers its report (kind `run`). Gates that say no, and stages that break, are in the report.
 * On abort every child process is stopped, unfinished stages are reported as errors, and the run can be resumed.
 *
 * @throws UserError E_CONFLICT when another run of this project is in progress, E_NOT_FOUND for an unknown stage in `only` or run in `resume`
 */
export async function runPipeline(given: RunOptions): Promise<Report> {
  const root = await realpath(given.root)
  const database = openPipelineState(given.stateDir)
  try {
    const { options, recorder } = begin({ ...given, root }, database)
    const { pipeline, env } = options
    const names = secretsIn(pipeline.stages.map((stage) => [stage.env, stage.steps.map((step) => step.given)]))
    const run = new RunInProgress(options, database, recorder, [
      ...names.map((name) => env[name] ?? ''),
      ...secretsOfEnvironment(env),
    ])
    let ended = false
    try {
      await removeLeftovers(recorder, root, options.resume !== undefined)
      const report = await leftoverKeeper.run(recorder, () => runStages(run))
      recorder.end(options.signal.aborted ? 'interrupted' : 'finished', report)
      ended = true
      await pruneBlobs(options.stateDir, database, options.clock.now())
      return report
    } finally {
      if (!ended) recorder.end('interrupted', null)
    }
  } finally {
    database.close()
  }
}

/** What a resumed run takes over from its beginning. */
type KeptOptions = Pick<RunOptions, 'only' | 'failureMode' | 'inconclusive' | 'cache'>

function begin(given: RunOptions, database: ReturnType<typeof openPipelineState>) {
  const { pipeline, clock, root } = given
  const definition = digestOf(definitionOf(pipeline))
  selectNodes(pipeline.stages, given.only)
  if (given.resume !== undefined) {
    const { recorder, row } = Recorder.resume(database, clock, given.resume, root, definition)
    const { only, failureMode, inconclusive, cache } = JSON.parse(row.options) as KeptOptions
    return { recorder, options: { ...given, only, failureMode, inconclusive, cache, branch: row.branch, event: row.event } }
  }
  const { only, failureMode, inconclusive, cache } = given
  const branch = given.branch ?? given.git.branch ?? ''
  const recorder = Recorder.begin(database, clock, {
    root,
    pipeline: pipeline.name,
    definition,
    branch,
    event: given.event,
    commit: given.git.commit,
    by: given.by ?? null,
    options: JSON.stringify({ only, failureMode, inconclusive, cache } satisfies KeptOptions),
  })
  return { recorder, options: { ...given, branch } }
}

/** A pipeline without the places of things in its file. */
function definitionOf({ name, stages }: Pipeline): unknown {
  return {
    name,
    stages: stages.map((stage) => ({
      ...stage,
      location: null,
      condition: stage.condition?.text ?? null,
      steps: stage.steps.map(({ id, given }) => ({ id, given })),
    })),
  }
}

async function runStages(run: RunInProgress): Promise<Report> {
  const { options, recorder } = run
  const { pipeline, clock, git, branch, event, signal, maxParallel } = options
  const [startedAt, start] = [clock.now(), clock.monotonic()]
  const stages = selectNodes(pipeline.stages, options.only)
  const done = options.resume === undefined ? NOTHING_DONE : await takeUp(stages, run)
  run.emit({
    type: 'run-started',
    runId: recorder.runId,
    pipeline: pipeline.name,
    stages: stages.map(({ name, needs }) => ({ name, needs })),
    resumed: options.resume !== undefined,
  })
  const nodes = stages.map((stage) => ({
    stage,
    name: stage.name,
    needs: stage.needs,
    exclusive: environmentsOf(stage, options.env),
  }))
  const outcomes = await schedule<(typeof nodes)[number], StageOutcome>(nodes, {
    maxParallel: Math.max(1, Math.floor(maxParallel)),
    gate: ({ stage }, outcomes) => gate(stage, stages, outcomes, done, run),
    run: ({ stage }, outcomes) => settle(stage, outcomes, done, run),
  })
  const report = runReport({
    name: pipeline.name,
    subject: { kind: 'pipeline', name: pipeline.name },
    stages: stages.map(({ name }) => outcomes.get(name)!.report),
    startedAt,
    durationMs: clock.monotonic() - start,
    details: {
      runId: recorder.runId,
      branch,
      event,
      commit: git.commit,
      dirty: git.dirty,
      inconclusive: options.inconclusive,
      needs: Object.fromEntries(stages.map(({ name, needs }) => [name, needs])),
      ...(signal.aborted && { interrupted: true }),
    },
  })
  run.emit({ type: 'run-finished', verdict: report.verdict, report })
  return report
}

/** Settles a stage that need not, or must not, run. */
function gate(
  stage: Stage,
  stages: readonly Stage[],
  outcomes: ReadonlyMap<string, StageOutcome>,
  done: Resumable,
  run: RunInProgress,
): StageOutcome | undefined {
  const before = done.stages.get(stage.name)
  if (before) {
    run.emit({ type: 'stage-finished', stage: stage.name, report: before.report, opensTheWay: before.opensTheWay })
    return before
  }
  const reason = reasonNotToRun(stage, stages, outcomes, run)
  if (reason === undefined) return undefined
  const outcome = {
    report: notRun('stage', stage.name, reason, run.options.clock.now()),
    outputs: NO_OUTPUTS,
    opensTheWay: false,
  }
  // After an interruption nothing is known of this stage: a resumed run decides anew.
  return finish(stage, outcome, run, !run.options.signal.aborted)
}

function reasonNotToRun(
  stage: Stage,
  stages: readonly Stage[],
  outcomes: ReadonlyMap<string, StageOutcome>,
  { options }: RunInProgress,
): string | undefined {
  if (options.signal.aborted) return 'the run was interrupted'
  // A condition that looks at the verdict of a stage decides itself what that verdict means.
  const judged = stage.condition?.stages ?? []
  const closed = stage.needs.find((need) => !outcomes.get(need)!.opensTheWay && !judged.includes(need))
  if (closed !== undefined) {
    const { verdict, origin } = outcomes.get(closed)!.report
    return origin.from === 'not-run' ? `it needs ${closed}, which was not run` : `it needs ${closed}, which ended with ${verdict}`
  }
  if (stage.condition) {
    const { branch, event, env } = options
    const verdict = (name: string) => outcomes.get(name)!.report.verdict
    if (!evaluate(stage.condition, { branch, event, env: { ...env, ...stage.env }, verdict })) {
      return `if: ${stage.condition.text} does not hold (branch ${branch || 'unknown'}, event ${event})`
    }
  }
  if (options.failureMode === 'keep-going' || judged.length > 0) return undefined
  const ancestors = ancestorsOf(stage.name, stages)
  const failed = [...outcomes].find(
    ([name, { report }]) =>
      !ancestors.has(name) && report.origin.from !== 'not-run' && blocks(report.verdict, options.inconclusive),
  )
  return failed && `${failed[0]} ended with ${failed[1].report.verdict}, and nothing further is started (fail-fast)`
}

async function settle(
  stage: Stage,
  outcomes: ReadonlyMap<string, StageOutcome>,
  done: Resumable,
  run: RunInProgress,
): Promise<StageOutcome> {
  const { clock, signal, inconclusive } = run.options
  const [startedAt, start] = [clock.now(), clock.monotonic()]
  try {
    return finish(stage, await settleStage(stage, outcomes, done.steps.get(stage.name) ?? new Map(), run), run, true)
  } catch (error) {
    const interrupted = signal.aborted
    const thrown = interrupted
      ? new UserError('E_STATE', 'The stage was interrupted.', { hint: 'Go on with `plimsoll run --resume`.' })
      : error
    const report = stageReport({
      name: stage.name,
      results: [brokenResult('stage.error', `Stage ${stage.name}`, thrown)],
      children: [],
      startedAt,
      durationMs: clock.monotonic() - start,
      inconclusive,
    })
    return finish(stage, { report: run.redacted(report), outputs: NO_OUTPUTS, opensTheWay: false }, run, !interrupted)
  }
}

function finish(stage: Stage, outcome: StageOutcome, run: RunInProgress, recorded: boolean): StageOutcome {
  const { report, outputs, opensTheWay } = outcome
  if (recorded) run.recorder.stageFinished(stage.name, outputs, report, opensTheWay)
  run.emit({ type: 'stage-finished', stage: stage.name, report, opensTheWay })
  return outcome
}
