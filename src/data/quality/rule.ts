import type { CheckResult } from '../../core/check.ts'
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
}

/** A check result without its name. */
export type Judged = Omit<CheckResult, 'check' | 'title' | 'measurements' | 'findings'> &
  Partial<Pick<CheckResult, 'measurements' | 'findings'>>

/** One thing that data is judged by. */
export interface QualityRule {
  /** As `--fail` and `--skip` name it. */
  readonly name: string
  readonly title: string
  /**
   * Judges data that has rows.
   *
   * @param over the verdict when the limit is passed
   */
  readonly judge: (facts: QualityFacts, limits: QualityLimits, over: Verdict) => Judged
}
