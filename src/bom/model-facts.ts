import type { Measurement } from '../core/check.ts'
import type { Verdict } from '../core/verdict.ts'

/** A file with its digest. */
export interface NamedFile {
  readonly path: string
  readonly digest: string
}

/** One metric of the evaluation. */
export interface MetricFact {
  /** `accuracy`, `roc-auc`, … */
  readonly name: string
  readonly title: string
  readonly value: number
  readonly interval: {
    readonly lower: number | null
    readonly upper: number | null
    readonly confidence: number
    readonly method: string
  } | null
  /** Rows that it rests on; null when that was not written down. */
  readonly n: number | null
  readonly note?: string
}

/** What was found by a gate before the version was registered. */
export interface GateFact {
  readonly name: string
  readonly verdict: Verdict
  readonly summary: string
  readonly about: Readonly<Record<string, unknown>>
  readonly checks: readonly {
    readonly check: string
    readonly title: string
    readonly verdict: Verdict
    readonly message: string
    readonly measurements: readonly Measurement[]
  }[]
  /** Checks that were not kept. */
  readonly left: number
}

/** All that is known of a model version. Nothing here is guessed: what is not known is null or empty. */
export interface ModelFacts {
  readonly name: string
  readonly version: string
  /** `sha256:<hex>` of the model file. */
  readonly digest: string
  readonly file: string
  readonly bytes: number
  /** ISO 8601, UTC: when it was registered. */
  readonly createdAt: string
  readonly data: NamedFile | null
  readonly config: NamedFile | null
  readonly commit: string | null
  readonly dirty: boolean
  /** Tools by their versions, and lock files by their digests. */
  readonly environment: Readonly<Record<string, string>>
  readonly command: string | null
  readonly seed: number | null
  /** The content of the training configuration; null when it is not known. */
  readonly parameters: unknown
  readonly runId: string | null
  /** `classification`, `regression`, … */
  readonly task: string | null
  readonly testData: NamedFile | null
  readonly testRows: number | null
  readonly metrics: readonly MetricFact[]
  readonly gates: readonly GateFact[]
}

/** The gates of one step, also when a stage has it twice (`evaluate`, `evaluate-2`). */
export function gatesOf({ gates }: ModelFacts, step: string): GateFact[] {
  return gates.filter(({ name }) => name.replace(/-\d+$/, '') === step)
}
