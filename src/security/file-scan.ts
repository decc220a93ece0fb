import type { Finding } from '../core/check.ts'
import type { Digest } from '../core/digest.ts'
import type { ScanVerdict } from './rules.ts'

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
  readonly durationMs: number
}
