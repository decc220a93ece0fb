import type { ByteSource } from '../source.ts'

/**
 * Decompresses: the content chunk by chunk, none of which is written to afterwards; at its end the offset behind the last
 * compressed byte that belongs to it. Throws `BrokenStream` when it cannot go on; what it gave before stands.
 */
export type Decoder = (source: ByteSource) => AsyncGenerator<Uint8Array, number, void>

/**
 * - `damaged`: the data are not what the codec can read.
 * - `limit`: they ask for more memory than the scan gives.
 * - `unopened`: they use a part of the codec that is not known here.
 */
export type StopReason = 'damaged' | 'limit' | 'unopened' | 'encrypted'

export class BrokenStream extends Error {
  readonly why: StopReason
  /** Where in the compressed data. */
  readonly at: number

  constructor(why: StopReason, message: string, at: number) {
    super(message)
    this.why = why
    this.at = at
  }
}

export const damaged = (message: string, at: number) => new BrokenStream('damaged', message, at)
