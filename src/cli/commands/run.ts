import { resolve } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import type { Report } from '../../core/report.ts'
import type { InconclusivePolicy } from '../../core/verdict.ts'
import { noteInLog, writtenFiles } from '../../drivers/audit-log.ts'
import { artifactOf } from '../../drivers/files.ts'
import { gitInfo } from '../../drivers/git.ts'
import { loadPipeline } from '../../pipeline/config.ts'
import type { RunEvent } from '../../pipeline/events.ts'
import { runPipeline } from '../../pipeline/run.ts'
import type { RunOptions } from '../../pipeline/run-options.ts'
import { stopStartedBy } from '../../release/local/environments.ts'
import { actorOf } from '../../steps/actor.ts'
import { loadSteps } from '../../steps/index.ts'
import { branchOf, defaultParallelism, eventOf, policyOf } from '../environment.ts'
import { interruptedCode, Interrupted } from '../errors.ts'
import { publishToGithub, withoutWorkflowCommands } from '../github.ts'
import { printReport } from '../output.ts'
import { REPORT_FILES, writeReports } from '../report-files.ts'
import { CONFIG_FILE, type Session } from '../session.ts'
import { runView } from '../terminal/run-view.ts'
import { environmentLines, pipelineHooks, startWhatRunNames } from './run-hooks.ts'

export interface RunFlags {
  readonly config?: string
  readonly only?: readonly string[]
  readonly branch?: string
  readonly event?: string
  readonly keepGoing?: boolean
  /** True: the latest. */
  readonly resume?: string | true
  readonly cache: boolean
  readonly keep?: boolean
  readonly inconclusive?: InconclusivePolicy
  readonly maxParallel?: number
  readonly sarif?: string
}

/** Runs the pipeline: prints and writes its report, and answers the exit code. */
export async function runCommand(session: Session, flags: RunFlags): Promise<number> {
  const { root, stateDir, env } = session
  const signal = session.interruptible()
  const path = flags.config === undefined ? resolve(root, CONFIG_FILE) : resolve(session.cwd, flags.config)
  const pipeline = await loadPipeline(path, { steps: await loadSteps(), env, display: flags.config ?? CONFIG_FILE })
  const git = await gitInfo(root, env)
  const event = flags.event ?? eventOf(env)
  const view = runView(session)
  let runId: string | null = null
  const options: RunOptions = {
    pipeline,
    root,
    stateDir,
    env,
    git,
    branch: flags.branch ?? branchOf(env, git),
    event,
    by: actorOf(session),
    clock: systemClock,
    signal,
    only: flags.only,
    failureMode: flags.keepGoing ? 'keep-going' : 'fail-fast',
    assumeYes: session.assumeYes,
    ask: view.ask(signal),
    resume: flags.resume === true ? 'latest' : flags.resume,
    cache: flags.cache,
    inconclusive: flags.inconclusive ?? policyOf(event),
    observers: [{ onEvent: (event: RunEvent) => void (event.type === 'run-started' && (runId = event.runId)) }, view],
    hooks: pipelineHooks({ stateDir, env, signal, runId: () => runId, say: session.say }),
    maxParallel: flags.maxParallel ?? defaultParallelism(),
  }
  const [report, code] = await withoutWorkflowCommands(session, async () => {
    const report = await runToItsEnd(session, options, view, () => runId, flags.keep ?? false)
    await writeReports(root, report)
    await noteReports(session, runId)
    const code = printReport(session, report, policyOfRun(report))
    if (flags.sarif !== undefined)
      await (await import('../sarif-file.ts')).writeSarif(session.cwd, flags.sarif, report, { exitCode: code })
    const written = [...REPORT_FILES, ...(flags.sarif === undefined ? [] : [flags.sarif])]
    session.say(`\nReports: ${written.join(', ')}`)
    return [report, code] as const
  })
  await publishToGithub(session, report, REPORT_FILES[0])
  return signal.aborted ? stoppedCode(session, signal) : code
}

/** The pipeline's report, with where it left the environments; those that it started are stopped, also when it breaks. */
async function runToItsEnd(
  { stateDir }: Session,
  options: RunOptions,
  view: { close(): void },
  runId: () => string | null,
  keep: boolean,
): Promise<Report> {
  let report: Report | undefined
  try {
    report = await runPipeline(options)
  } finally {
    view.close()
    const id = runId()
    if (id !== null && !keep) await stopStartedBy(stateDir, id)
  }
  if (keep) await startWhatRunNames(options, report)
  return { ...report, details: { ...report.details, environments: await environmentLines(stateDir) } }
}

/** What the reports were when they were written, so that they cannot be changed unnoticed. */
async function noteReports({ root, stateDir }: Session, runId: string | null): Promise<void> {
  const artifacts = await Promise.all(REPORT_FILES.map((path) => artifactOf(root, path)))
  noteInLog(stateDir, {
    action: 'report.written',
    subject: `run ${runId}`,
    actor: `run ${runId}`,
    at: systemClock.now(),
    details: { runId, ...writtenFiles(root, artifacts) },
  })
}

/** A resumed run goes by the policy that it was started with. */
const policyOfRun = ({ details }: Report): InconclusivePolicy => (details?.['inconclusive'] === 'warn' ? 'warn' : 'block')

function stoppedCode(session: Session, signal: AbortSignal): number {
  session.say('Stopped. Go on with: plimsoll run --resume')
  return signal.reason instanceof Interrupted ? interruptedCode(signal.reason.signal) : 130
}
