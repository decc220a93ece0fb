import type { Finding } from '../core/check.ts'
import type { Budget } from './budget.ts'
import type { ByteSource } from './source.ts'
import { RULES, type RuleId } from './rules.ts'

const FINDINGS_KEPT = 200

/**
 * Examines a part as each thing that it can be read as. `stray` bytes need not be anything: they are searched for what is
 * dangerous, and their format is not asked.
 */
export type Examine = (source: ByteSource, part: Part, how?: 'whole' | 'stray') => Promise<void>

/** Everything that is found in one file, whatever is nested in it. */
export class Examination {
  readonly budget: Budget
  readonly findings: Finding[] = []
  readonly rules = new Set<RuleId>()
  /** Formats that were recognised, outermost first. */
  readonly formats = new Set<string>()

  /** For what is found inside of an archive, a stream or a pickle. */
  readonly examine: Examine

  constructor(budget: Budget, examine: Examine) {
    this.budget = budget
    this.examine = examine
  }

  report(rule: RuleId, finding: { message: string; file: string; offset?: number; evidence?: unknown }): void {
    this.rules.add(rule)
    if (this.findings.length >= FINDINGS_KEPT) return
    const { message, file, offset, evidence } = finding
    this.findings.push({
      rule,
      message,
      severity: RULES[rule].severity,
      location: { file, ...(offset !== undefined && { byteOffset: offset }) },
      ...(evidence !== undefined && { evidence }),
    })
  }
}

/** The part of a file that is being examined. */
export interface Part {
  readonly examination: Examination
  /** `model.pt`, and `model.pt!archive/data.pkl` for a member of it. */
  readonly name: string
  /** How many archives and streams it is wrapped in. */
  readonly depth: number
  /** Where the part begins in the file, so that offsets can be found in the file itself; 0 for what was unfolded. */
  readonly base: number
}
