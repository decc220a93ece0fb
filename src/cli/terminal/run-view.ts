import type { RunObserver } from '../../pipeline/events.ts'
import type { Session } from '../session.ts'
import { askOnTerminal } from './ask.ts'
import { liveView } from './live-view.ts'
import { plainView } from './plain-view.ts'

export interface RunView extends RunObserver {
  /** The function that asks, with the view out of the way; null where nobody can answer. */
  ask(signal: AbortSignal): ((question: string) => Promise<boolean>) | null
  close(): void
}

/** How this session shows a run: a live tree for a person, appended lines elsewhere, nothing when quiet. */
export function runView({ terminal, quiet, verbose }: Session): RunView {
  const { talk, canAsk } = terminal
  const asking =
    (paused: <T>(work: () => Promise<T>) => Promise<T>): RunView['ask'] =>
    (signal) =>
      canAsk ? (question) => paused(() => askOnTerminal(talk, question, signal)) : null
  if (quiet) return { onEvent: () => {}, ask: asking((work) => work()), close: () => {} }
  if (!talk.live || verbose) return { ...plainView(talk, { verbose }), ask: asking((work) => work()), close: () => {} }
  const view = liveView(talk, { rows: () => process.stderr.rows, now: () => performance.now() })
  return { ...view, ask: asking((work) => view.paused(work)) }
}
