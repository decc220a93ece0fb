import type { CheckResult, Finding } from '../../core/check.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { QualityFacts } from './facts.ts'

export interface QualityLimits {
  readonly minRows: number
  readonly maxMissingShare: number
  readonly maxDuplicateShare: number
  readonly minClassShare: number
  readonly maxConflictingShare: number
  /** More different labels than this are not classes. */
  readonly mostClasses: number
  /** From this share on, one value makes a column nearly constant. */
  readonly maxValueShare: number
  /** From this score on, a feature gives the label away. */
  readonly maxLabelScore: number
  /** Largest share of rows, beyond what coarse values explain, that the reference may have too. */
  readonly maxSharedShare: number
}

/**
 * What happens when a rule's limit is passed, unless `--fail` or `--skip` says otherwise: `warn` where it is a matter of the data
 * at hand, `fail` where the user has promised that it holds, `note` where it is a fact that good data have too.
 */
export type Severity = 'fail' | 'warn' | 'note' | 'skip'

/** A check result without its name. */
export type Judged = Omit<CheckResult, 'check' | 'title' | 'measurements' | 'findings'> &
  Partial<Pick<CheckResult, 'measurements' | 'findings'>>

/** One thing that data is judged by. */
export interface QualityRule {
  /** As `--fail` and `--skip` name it. */
  readonly name: string
  readonly title: string
  /** What it looks for, with its limit; one sentence for the reference. */
  readonly summary: string
  readonly severity: Exclude<Severity, 'skip'>
  /** Why that is the severity. */
  readonly why: string
  /** The parameters that change its limits, as in `QualityLimits` or in the step. */
  readonly limits: readonly string[]
  /** The parameter without which the check is not made, and not in the report. */
  readonly needs?: 'key' | 'reference'
  /**
   * Judges data that has rows.
   *
   * @param over the verdict when the limit is passed; `pass` for what is only noted
   */
  readonly judge: (facts: QualityFacts, limits: QualityLimits, over: Verdict) => Judged
}

/** How a finding is shown whose rule has this verdict when its limit is passed. */
export function findingSeverity(over: Verdict): Finding['severity'] {
  return over === 'fail' ? 'error' : over === 'warn' ? 'warning' : 'note'
}

/** The data is too small to say: left out, unless the check was asked for as a gate, which then cannot be decided. */
export function tooSmall(over: Verdict, message: string): Judged {
  return { verdict: over === 'fail' ? 'inconclusive' : 'skip', message }
}
