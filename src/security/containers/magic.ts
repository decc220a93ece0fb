import { hasBytes, type ByteSource } from '../source.ts'

/** A format that is told by bytes at a fixed place. */
export interface Magic {
  readonly title: string
  /** Where they stand; 0 when not given. */
  readonly at?: number
  /** Text of one byte per letter. Several: any of them. */
  readonly magic: string | readonly string[]
  /** What more must be true. */
  readonly and?: (source: ByteSource) => boolean
}

export const matches = (source: ByteSource, { at = 0, magic, and }: Magic): boolean =>
  [magic].flat().some((bytes) => hasBytes(source, at, bytes)) && (and === undefined || and(source))
