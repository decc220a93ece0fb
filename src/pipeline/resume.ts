import { UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import { removeLeftover, stopMarked } from '../drivers/leftovers.ts'
import { mergeOutputs, movedState, NO_OUTPUTS, restoreFiles, stateName, type Outputs } from './outputs.ts'
import type { Stage } from './pipeline.ts'
import type { Recorder } from './recorder.ts'
import type { RunInProgress } from './run-in-progress.ts'

export interface FinishedBefore {
  readonly report: Report
  readonly outputs: Outputs
  readonly opensTheWay: boolean
}

/** What an interrupted run had finished. */
export interface Resumable {
  readonly stages: ReadonlyMap<string, FinishedBefore>
  /** Reports of finished steps of unfinished stages, by position. */
  readonly steps: ReadonlyMap<string, ReadonlyMap<number, Report>>
}

export const NOTHING_DONE: Resumable = { stages: new Map(), steps: new Map() }

/** Stops and removes what runs of this project that were killed have left: processes, containers, scratch folders. */
export async function removeLeftovers(recorder: Recorder, root: string, isResumed: boolean): Promise<void> {
  for (const { runId, leftover, forget } of recorder.leftovers(root)) {
    await removeLeftover(leftover, markOf(runId))
    forget()
  }
  // A run that is taken up again carries the mark of its first life; a new one has no processes yet to look for.
  await stopMarked([...recorder.interruptedRuns(root), ...(isResumed ? [recorder.runId] : [])].map(markOf))
}

/** In the environment of every process of a run. */
const markOf = (runId: string) => `PLIMSOLL_RUN=${runId}`

/**
 * What had finished, with the project folder brought back to the state after it.
 *
 * @throws UserError E_CONFLICT when that state cannot be had again
 */
export async function takeUp(stages: readonly Stage[], run: RunInProgress): Promise<Resumable> {
  const { recorder, options } = run
  const finished = recorder.finishedStages()
  const finishedNames = new Set(finished.map(({ stage }) => stage))
  const steps = new Map<string, Map<number, Report>>()
  const before: { sequence: number; outputs: Outputs }[] = [...finished]
  for (const step of recorder.finishedSteps()) {
    const stage = stages.find(({ name }) => name === step.stage)
    if (!stage || finishedNames.has(step.stage)) continue
    if (Object.keys(stage.services).length > 0) {
      // Its services are gone, and with them what its steps had put there.
      recorder.forgetSteps(stage.name)
      continue
    }
    const reports = steps.get(step.stage) ?? new Map<number, Report>()
    steps.set(step.stage, reports.set(step.position, asResumed(step.report)))
    before.push(step)
  }
  const expected = mergeOutputs(NO_OUTPUTS, ...before.toSorted((a, b) => a.sequence - b.sequence).map(({ outputs }) => outputs))
  await bringBack(expected, statesInMotion(stages, finishedNames, steps, options.env), run)
  return {
    steps,
    stages: new Map(
      finished.map(({ stage, report, outputs, opensTheWay }) => [stage, { outputs, opensTheWay, report: asResumed(report) }]),
    ),
  }
}

async function bringBack(
  { files, states }: Outputs,
  inMotion: ReadonlySet<string | undefined>,
  run: RunInProgress,
): Promise<void> {
  const settled = Object.fromEntries(Object.entries(states).filter(([name]) => !inMotion.has(name)))
  const moved = await movedState(settled, run.options.hooks)
  if (moved !== undefined) throw cannotResume(run.recorder.runId, moved)
  try {
    await restoreFiles(files, run.outputs)
  } catch (error) {
    if (error instanceof UserError) throw cannotResume(run.recorder.runId, `an output cannot be put back: ${error.message}`)
    throw error
  }
}

/** The states that unfinished steps write: their first half may have moved them, and they will be written again. */
function statesInMotion(
  stages: readonly Stage[],
  finished: ReadonlySet<string>,
  steps: Resumable['steps'],
  env: Readonly<Record<string, string>>,
): Set<string | undefined> {
  const unfinished = stages.filter(({ name }) => !finished.has(name))
  const toCome = unfinished.flatMap((stage) => stage.steps.filter((_step, position) => !steps.get(stage.name)?.has(position)))
  return new Set(toCome.flatMap((step) => step.writes(env)).map(stateName))
}

function cannotResume(runId: string, why: string): UserError {
  return new UserError('E_CONFLICT', `Run ${runId} cannot be gone on with: ${why}.`, {
    hint: 'Start a new run: stages that have not changed come from the cache.',
  })
}

/** What was cached or not run keeps saying so. */
function asResumed(report: Report): Report {
  if (report.origin.from !== 'run') return report
  return { ...report, origin: { from: 'resume' }, children: report.children.map(asResumed) }
}
