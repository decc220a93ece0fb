import { checkResult, type CheckResult, type Finding } from '../../core/check.ts'
import type { AuditEntry, StoredEntry } from '../../drivers/audit-log.ts'
import type { DatabaseView } from '../../drivers/sqlite.ts'

/** What an examination may look at. Nothing is written. */
export interface Examined {
  readonly stateDir: string
  /** The project's folder, for paths in messages. */
  readonly root: string
  readonly database: DatabaseView
  readonly stored: readonly StoredEntry[]
  /** The entries that can be read. */
  readonly entries: readonly AuditEntry[]
  readonly signal: AbortSignal
}

/** One kind of thing that is looked at. */
export interface Examination {
  readonly id: string
  readonly title: string
  examine(examined: Examined): Promise<Outcome> | Outcome
}

/** A problem is evidence of a change or a loss; a remark is something to know, which is neither. */
export interface Outcome {
  /** What was looked at: `3 versions, 5 aliases`. */
  readonly looked: string
  readonly problems: readonly string[]
  readonly remarks?: readonly string[]
  /** What may be gone for good reasons, and cannot be vouched for any more. */
  readonly missing?: readonly string[]
}

/** An outcome as a check. */
export function asCheck({ id, title }: Pick<Examination, 'id' | 'title'>, outcome: Outcome): CheckResult {
  const { looked, problems, remarks = [], missing = [] } = outcome
  const verdict = problems.length > 0 ? 'fail' : missing.length > 0 ? 'warn' : 'pass'
  const told = problems.length > 0 ? [`${problems.length} wrong.`, problems[0]!] : [...missing.slice(0, 1), ...remarks]
  return checkResult({
    check: `fsck.${id}`,
    title,
    verdict,
    message: [`${looked}.`, ...told].join(' '),
    findings: [...finding('error', problems), ...finding('warning', missing), ...finding('note', remarks)],
  })
}

const finding = (severity: Finding['severity'], messages: readonly string[]): Finding[] =>
  messages.map((message) => ({ severity, message }))
