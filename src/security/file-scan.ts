import type { Finding } from '../core/check.ts'
import type { Digest } from '../core/digest.ts'
import type { ScanVerdict } from './rules.ts'

/** Bytes that were not looked at. */
export interface ByteRange {
  /** The name of the unfolded content that the offset counts in; not there when it is the file itself. */
  readonly stream?: string
  readonly offset: number
  readonly length: number
}

/** What a scan says of one file. */
export interface FileScan {
  /** As shown in reports. */
  readonly path: string
  /** Of exactly the bytes that were read. */
  readonly digest: Digest
  readonly bytes: number
  /** Formats that the content was recognised as, outermost first: `zip`, `torch`, `pickle`. */
  readonly formats: readonly string[]
  /** `fail`: dangerous, or hides something. `error`: a part could not be examined. Only `pass` is clean. */
  readonly verdict: ScanVerdict
  readonly findings: readonly Finding[]
  /** What could not be examined, where the findings say which bytes. */
  readonly unexamined: readonly ByteRange[]
  readonly durationMs: number
}

/** A scan without the digest, for when only the findings matter. */
export type UndigestedScan = Omit<FileScan, 'digest'>
