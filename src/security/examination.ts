import type { Finding } from '../core/check.ts'
import type { Budget } from './budget.ts'
import type { ByteRange } from './file-scan.ts'
import type { Level } from './level.ts'
import type { Judge } from './policy/policy.ts'
import type { ByteSource } from './source.ts'
import { RULES, type RuleId } from './rules.ts'

const FINDINGS_KEPT = 200

/**
 * Examines a part as each thing that it can be read as. `stray` bytes need not be anything: they are searched for what is
 * dangerous, and their format is not asked.
 */
export type Examine = (source: ByteSource, part: Part, how?: 'whole' | 'stray') => Promise<void>

/** Sees each part that was examined as a format, while it can still be read. */
export type Observe = (format: string, source: ByteSource, part: Part) => void

export interface ExaminationParts {
  readonly budget: Budget
  readonly examine: Examine
  readonly level: Level
  /** Judges imported names: the allow-list, and what the project allows beside it. */
  readonly judge: Judge
  /** Paths, relative to the scanned folder and with forward slashes, of the files that are scanned with this one. */
  readonly neighbours: ReadonlySet<string>
  /** The path of this file among them; its name when it is scanned alone. */
  readonly place?: string
  readonly observe?: Observe | undefined
}

export interface Found {
  readonly message: string
  /** The part that it was found in. */
  readonly part: Part
  /** Where it begins, counted from the start of the part. */
  readonly offset?: number
  /** How many bytes it is; with a rule of what was not examined, the bytes that were not. */
  readonly length?: number
  readonly evidence?: unknown
}

/** Everything that is found in one file, whatever is nested in it. */
export class Examination {
  readonly budget: Budget
  readonly level: Level
  readonly judge: Judge
  readonly neighbours: ReadonlySet<string>
  readonly place: string
  readonly observe: Observe | undefined
  readonly findings: Finding[] = []
  readonly rules = new Set<RuleId>()
  /** Formats that were recognised, outermost first. */
  readonly formats = new Set<string>()
  /** For what is found inside of an archive, a stream or a pickle. */
  readonly examine: Examine
  /** What the findings say was not looked at. */
  readonly unexamined: ByteRange[] = []
  /** Findings beyond those that are kept. */
  dropped = 0

  constructor({ budget, examine, level, judge, neighbours, place = '', observe }: ExaminationParts) {
    this.budget = budget
    this.examine = examine
    this.level = level
    this.judge = judge
    this.neighbours = neighbours
    this.place = place
    this.observe = observe
  }

  report(rule: RuleId, { message, part, offset, length, evidence }: Found): void {
    this.rules.add(rule)
    if (RULES[rule].kind === 'unexamined' && offset !== undefined && length !== undefined && length > 0) {
      const { stream } = part
      if (this.unexamined.length < FINDINGS_KEPT) {
        this.unexamined.push({ ...(stream !== undefined && { stream }), offset: part.base + offset, length })
      }
    }
    if (this.findings.length >= FINDINGS_KEPT) {
      this.dropped++
      // Many small findings must not crowd out a grave one.
      const lesser = RULES[rule].severity === 'error' ? this.findings.findLastIndex(({ severity }) => severity !== 'error') : -1
      if (lesser < 0) return
      this.findings.splice(lesser, 1)
    }
    this.findings.push({
      rule,
      message,
      severity: RULES[rule].severity,
      location: {
        file: part.name,
        ...(offset !== undefined && { byteOffset: part.base + offset }),
        ...(length !== undefined && { byteLength: length }),
        ...(part.stream !== undefined && { stream: part.stream }),
      },
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
  /** Where the part begins in the file, or in `stream`, so that what is found can be found again. */
  readonly base: number
  /** The name of the unfolded content that `base` counts in; undefined while it is the file itself. */
  readonly stream: string | undefined
}

/** A part that lies in another one as it is: offsets go on counting in the same bytes. */
export const within = (part: Part, name: string, offset: number): Part => ({
  ...part,
  name: `${part.name}!${name}`,
  depth: part.depth + 1,
  base: part.base + offset,
})

/** A part that had to be unfolded, decrypted or decoded: offsets count in what came out. */
export const unfoldedFrom = (part: Part, name: string): Part => {
  const full = `${part.name}!${name}`
  return { ...part, name: full, depth: part.depth + 1, base: 0, stream: full }
}
