import type { Verdict } from './verdict.ts'

/** A range that holds the true value with the stated confidence. An end that is open (a one-sided interval) is null. */
export interface Interval {
  readonly lower: number | null
  readonly upper: number | null
  /** For example 0.95. The error rate of the interval is 1 minus this. */
  readonly confidence: number
  /** `wilson`, `clopper-pearson`, `bootstrap-t`, `delong`, … */
  readonly method: string
}

/** The number that a gate holds a measurement against, and the side that is good. */
export interface Threshold {
  readonly value: number
  readonly good: 'at-least' | 'at-most'
}

/** One number, or small value, with its uncertainty. */
export interface Measurement {
  readonly name: string
  readonly value: number | string | boolean | null
  /** `rows`, `ms`, `share`, `req/s`, … */
  readonly unit?: string
  readonly interval?: Interval
  /** Sample size: how many rows, requests or labels the value rests on. */
  readonly n?: number
  /** The part of the data that was measured, for example `{ afam: 'yes' }`. */
  readonly slice?: Readonly<Record<string, string>>
  /** What the gate asks of it, where the gate is a limit on this number; drawn beside the interval. */
  readonly threshold?: Threshold
}

/** A place in a file: lines and columns count from 1, bytes from 0. */
export interface Location {
  readonly file: string
  readonly line?: number
  readonly column?: number
  readonly byteOffset?: number
  readonly byteLength?: number
  /** What the bytes count in, when it is not the file itself: a member that had to be unfolded, `model.tar.gz!gzip`. */
  readonly stream?: string
}

/** One concrete thing that was found: a bad row, a dangerous opcode, a missing column. */
export interface Finding {
  readonly message: string
  readonly severity: 'error' | 'warning' | 'note'
  /** The rule that was broken, where a check has several. */
  readonly rule?: string
  readonly location?: Location
  /** Small JSON: the offending row, the call and its arguments. */
  readonly evidence?: unknown
}

/** What a check measured and how it was judged. */
export interface CheckResult {
  /** Stable identifier, for example `data.missing-share`, `model.accuracy`, `scan.pickle-import`. */
  readonly check: string
  readonly title: string
  readonly verdict: Verdict
  /** One sentence: what was expected and what was found. For `inconclusive`, how much more evidence is needed. */
  readonly message: string
  readonly expected?: string
  readonly actual?: string
  readonly measurements: readonly Measurement[]
  readonly findings: readonly Finding[]
  /** What the reader can do about it. */
  readonly hint?: string
  readonly location?: Location
  readonly durationMs?: number
}

/** A check result from its required parts, with empty lists where nothing is given. */
export function checkResult(
  result: Omit<CheckResult, 'measurements' | 'findings'> & Partial<Pick<CheckResult, 'measurements' | 'findings'>>,
): CheckResult {
  const { measurements = [], findings = [] } = result
  return { ...result, measurements, findings }
}
