import type { Part } from './examination.ts'
import type { ByteSource } from './source.ts'

/**
 * How content shows that it is of a format. A file that has several signatures is examined as each of them. Structure is looked for
 * only where there is no signature, and text only where there is neither.
 */
export type Evidence = 'signature' | 'structure' | 'text'

/** A format that the scanner knows. Formats are told by content; names only add ways to read. */
export interface Format {
  /** `zip`, `gguf`, `keras-config`; what `FileScan.formats` lists. */
  readonly name: string
  /** For people: `GGUF (llama.cpp)`. */
  readonly title: string
  readonly evidence: Evidence
  /** `examined`: everything in it that a loader acts on. `recognised`: it is named, and reported as not examined. For the reference page. */
  readonly depth: 'examined' | 'recognised'
  /** One line for the reference page: what is looked for in it. */
  readonly looksFor: string
  /** Whether a loader may take these bytes for this format; looks at no more than it must, and never throws. */
  recognises(source: ByteSource, part: Part): boolean
  /** Reports what is found. Bytes that are of no use to a loader are stepped over. */
  examine(source: ByteSource, part: Part): Promise<void> | void
}
