import { shortDigest } from '../core/digest.ts'
import type { Report } from '../core/report.ts'
import { blocks } from '../core/verdict.ts'
import { applyEntry, unusable } from './cache.ts'
import { fingerprintOf, writesOf, type Fingerprint, type FingerprintContext, type Upstream } from './fingerprint.ts'
import { captureOutputs, type Outputs } from './outputs.ts'
import type { Stage } from './pipeline.ts'
import { withOrigin } from './reports.ts'
import type { RunInProgress, StageOutcome } from './run-in-progress.ts'
import { runStage } from './run-stage.ts'
import { describeServices, locateServices } from './stage-services.ts'
import { fillSecrets } from './variables.ts'

/** Answers a stage from the cache, or runs it and keeps the answer. */
export async function settleStage(
  stage: Stage,
  upstream: ReadonlyMap<string, StageOutcome>,
  done: ReadonlyMap<number, Report>,
  run: RunInProgress,
): Promise<StageOutcome> {
  const { options } = run
  const { root, env, signal } = options
  const located = await locateServices(stage, {
    cwd: root,
    env: { ...env, ...fillSecrets(stage.env, env).value },
    signal,
    say: (line) => run.say(stage.name, null, line),
  })
  const context: FingerprintContext = {
    ...run.outputs,
    stateDir: options.stateDir,
    env,
    services: describeServices(located),
    upstream: new Map(
      [...upstream].map(([name, outcome]): [string, Upstream] => [
        name,
        { outputs: outcome.outputs, verdict: outcome.report.verdict },
      ]),
    ),
  }
  const fingerprint = await fingerprintOf(stage, context)
  // What steps of an interrupted run did rests on files as they were then: its answer is good for this run only.
  const cacheable = stage.cache && fingerprint.untracked.length === 0 && done.size === 0
  if (options.cache && cacheable) {
    const answer = await fromCache(stage, fingerprint, run)
    if (answer) return answer
  }
  const report = run.redacted(await runStage(stage, located, done, run))
  const outputs = await captureOutputs(writesOf(stage, env), run.outputs)
  const opensTheWay = !blocks(report.verdict, options.inconclusive)
  if (cacheable && opensTheWay) await keep(stage, fingerprint, context, outputs, report, run)
  return { report, outputs, opensTheWay }
}

async function fromCache(stage: Stage, { key }: Fingerprint, run: RunInProgress): Promise<StageOutcome | undefined> {
  const { inconclusive, hooks, clock } = run.options
  const start = clock.monotonic()
  const entry = run.cache.find(stage.name, key)
  if (!entry) return undefined
  const trouble = (await unusable(entry, inconclusive, hooks)) ?? (await applyEntry(entry, run.outputs))
  if (trouble !== undefined) {
    run.say(stage.name, null, `not from the cache: ${trouble}`)
    return undefined
  }
  const origin = { from: 'cache', runId: entry.runId, at: entry.at } as const
  const report = { ...withOrigin(entry.report, origin), durationMs: clock.monotonic() - start }
  return { report, outputs: entry.outputs, opensTheWay: true }
}

/** An answer is kept under its key only if what the stage reads is still what it was when the stage began. */
async function keep(
  stage: Stage,
  fingerprint: Fingerprint,
  context: FingerprintContext,
  outputs: Outputs,
  report: Report,
  run: RunInProgress,
): Promise<void> {
  const after = await fingerprintOf(stage, context)
  const changed = Object.keys({ ...fingerprint.fields, ...after.fields }).find(
    (field) => fingerprint.fields[field] !== after.fields[field],
  )
  if (changed === undefined) {
    run.cache.put(stage.name, fingerprint, outputs, report, run.recorder.runId, run.options.clock.now().toISOString())
  } else {
    run.say(stage.name, null, `not kept in the cache: ${changed} changed while the stage ran (${shortDigest(fingerprint.key)})`)
  }
}
