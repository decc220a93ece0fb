import type { Measurement } from '../core/check.ts'
import { digestOf, type Digest } from '../core/digest.ts'
import type { Verdict } from '../core/verdict.ts'

/** A file or folder that a model was made from. */
export interface LineageFile {
  /** As the user named it, relative to the project folder. */
  readonly path: string
  readonly digest: Digest
}

/** What a model was made from. Equal lineage and equal weights are the same version. Nothing here may depend on when or how fast it ran. */
export interface Lineage {
  readonly data: LineageFile | null
  readonly config: LineageFile | null
  readonly code: { readonly commit: string | null; readonly dirty: boolean }
  /** What the training ran in: the runtime, and the digests of the lock files that fix its packages. */
  readonly environment: Readonly<Record<string, string>>
  readonly command: string | null
  readonly seed: number | null
  /** The content of the configuration; null when it is not known. */
  readonly parameters: unknown
}

/** What a gate had found when the version was registered. */
export interface ReportSummary {
  readonly name: string
  readonly verdict: Verdict
  readonly summary: string
  /** What it was found on: the data, the schema, the evidence that was asked for. Versions of before have none. */
  readonly about?: Readonly<Record<string, unknown>>
  /** Its checks with their numbers, the worst first; at most `MOST_CHECKS`, and `left` says how many more there were. */
  readonly checks?: readonly KeptCheck[]
  readonly left?: number
}

/** A check as a version keeps it: what was measured, and no rows. */
export interface KeptCheck {
  readonly check: string
  readonly title: string
  readonly verdict: Verdict
  readonly message: string
  readonly measurements: readonly Measurement[]
}

/** What is handed to the registry. */
export interface Registration {
  readonly name: string
  /** Absolute path of the model file. */
  readonly modelFile: string
  /** The digest under which the model was admitted; other bytes are refused. */
  readonly digest: Digest
  readonly lineage: Lineage
  readonly metrics: Readonly<Record<string, unknown>>
  readonly reports: readonly ReportSummary[]
  readonly runId: string | null
  /** Who registers it, as far as it is known. */
  readonly by?: string | null
  readonly at: Date
}

/** An entry of the registry. It never changes. */
export interface ModelVersion {
  readonly name: string
  /** 1, 2, 3, … within the model. */
  readonly version: number
  /** Digest of the model file. */
  readonly digest: Digest
  /** The model file's own name; its extension says how it is loaded. */
  readonly file: string
  readonly bytes: number
  readonly lineage: Lineage
  readonly lineageDigest: Digest
  readonly metrics: Readonly<Record<string, unknown>>
  readonly reports: readonly ReportSummary[]
  readonly runId: string | null
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** Aliases that point to this version now. */
  readonly aliases: readonly string[]
}

export function lineageDigest(lineage: Lineage): Digest {
  return digestOf(lineage)
}

/** `name/3`, as versions are written everywhere. */
export function versionName({ name, version }: Pick<ModelVersion, 'name' | 'version'>): string {
  return `${name}/${version}`
}
