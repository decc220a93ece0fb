import { damaged } from '../decoder.ts'

/** One run over a stream that may break: what it has given and taken in so far, in this run or in one before. */
export interface Progress {
  /** Bytes that were yielded. */
  given: number
  /** Compressed bytes that were taken in without an error. */
  taken: number
}

/** How a run hands its compressed bytes over: in large pieces up to `sound`, in pieces of `finer` bytes from there. */
export interface Pace {
  readonly sound: number
  readonly finer: number
}

const FINER = [1 << 16, 2048, 64, 1]

/**
 * Decompresses with a library that gives nothing of what it unfolded from the piece of input with an error in it. A payload can
 * be there, and a loader that reads in other pieces would have run it. So a broken stream is unfolded again, with ever smaller
 * pieces before the error, until what at most one byte unfolds to is lost.
 *
 * @param once one run; it yields all from the start
 * @param isFinal errors that smaller pieces would not change
 */
export async function* closerEachTime(
  once: (progress: Progress, pace: Pace) => AsyncGenerator<Uint8Array, number, void>,
  isFinal: (error: unknown) => boolean = () => false,
): AsyncGenerator<Uint8Array, number, void> {
  const progress: Progress = { given: 0, taken: 0 }
  for (const finer of FINER) {
    let produced = 0
    const run = once(progress, { sound: progress.taken, finer })
    try {
      for (;;) {
        const next = await run.next()
        if (next.done === true) return next.value
        const known = Math.max(0, Math.min(next.value.length, progress.given - produced))
        produced += next.value.length
        if (known < next.value.length) {
          progress.given = produced
          yield next.value.subarray(known)
        } else yield new Uint8Array(0) // lets the scan look at its clock
      }
    } catch (error) {
      if (isFinal(error)) throw damaged('the compressed data end too early', progress.taken)
    } finally {
      await run.return(0)
    }
  }
  throw damaged('the compressed data are damaged', progress.taken)
}

/** The next piece to hand over. */
export const pieceAt = (at: number, { sound, finer }: Pace): number => (at < sound ? Math.min(FINER[0]!, sound - at) : finer)
