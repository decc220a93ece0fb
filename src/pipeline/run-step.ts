import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../core/errors.ts'
import { redactDeep, type Redact } from '../core/redact.ts'
import type { Report } from '../core/report.ts'
import type { StepContext } from '../core/step.ts'
import type { StageStep } from './pipeline.ts'
import { brokenStep } from './reports.ts'

/** How long a step that was told to stop is waited for. Its child processes are gone before that. */
const STOP_MS = 10_000

/**
 * Runs one step. What it throws becomes an `error` report; only the reason of an abort is thrown on.
 *
 * @param secrets the environment in which secrets are looked up
 */
export async function runStep(
  { id, step, bind }: StageStep,
  context: StepContext,
  secrets: Readonly<Record<string, string>>,
  redact: () => Redact,
): Promise<Report> {
  const { clock, signal } = context
  const [startedAt, start] = [clock.now(), clock.monotonic()]
  let report: Report
  try {
    report = await stoppable(step.run(context, bind(secrets)), signal, id)
  } catch (error) {
    report = brokenStep(id, error, startedAt, clock.monotonic() - start)
  }
  // What a step answers after it was told to stop says nothing about what it was to measure.
  signal.throwIfAborted()
  return redactDeep({ ...report, name: id }, redact())
}

async function stoppable(work: Promise<Report>, signal: AbortSignal, id: string): Promise<Report> {
  const done = new AbortController()
  const stopped = new Promise<never>((_resolve, reject) => {
    const onAbort = () => {
      sleep(STOP_MS, undefined, { signal: done.signal }).then(
        () => reject(new UserError('E_TIMEOUT', `${id} did not stop when it was told to.`)),
        () => {},
      )
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true, signal: done.signal })
  })
  try {
    return await Promise.race([work, stopped])
  } finally {
    done.abort()
  }
}
