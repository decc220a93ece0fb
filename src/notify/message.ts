import type { Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'

/** What there is to tell, gathered from the run, its reports and the flags. Every fact may be missing. */
export interface Message {
  /** One line: `mortgage: model 7 is live in production`. */
  readonly title: string
  readonly verdict: Verdict | null
  /** The user's own words. */
  readonly text: string | null
  /** Pipeline, stage, model version, environment, commit, …, in the order in which they are shown. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** ISO 8601, UTC. */
  readonly at: string
  readonly report: Report | null
}

/** The message as plain lines, for a terminal or a log. */
export function messageLines({ title, verdict, text, facts }: Message): string[] {
  const head = verdict === null ? title : `${title} (${verdict})`
  return [head, ...(text === null ? [] : [text]), ...facts.map(([name, value]) => `  ${name}: ${value}`)]
}
