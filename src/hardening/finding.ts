import type { Severity } from './rule.ts'
import type { RuleId } from './rules.ts'

/** One unsafe thing at one place. */
export interface HardeningFinding {
  readonly rule: RuleId
  readonly severity?: Severity
  readonly message: string
  /** Relative to the repository, with forward slashes. */
  readonly file: string
  /** From 1; a file as a whole has none. */
  readonly line?: number
  readonly column?: number
  /** What to write instead, as it would stand in the file. */
  readonly replacement?: string
  /** The text that is meant; never a secret. */
  readonly snippet?: string
  /** Tells a secret from others without telling it. */
  readonly fingerprint?: string
}
