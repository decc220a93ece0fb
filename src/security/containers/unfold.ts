import { OutOfTime, type Budget } from '../budget.ts'
import type { ByteSource } from '../source.ts'
import { BrokenStream, type Decoder, type StopReason } from './decoder.ts'
import { Spill } from './spill.ts'

export interface Unfolded {
  /** What came out, up to where the stream broke or a bound was hit. To be read until `close`. */
  readonly content: ByteSource
  /** Why the content is not all; undefined when it is. */
  readonly stopped: { readonly why: StopReason; readonly message: string } | undefined
  /** Compressed bytes that were used: what follows them is something else. All of them when the stream broke. */
  readonly used: number
  close(): void
}

/**
 * Decompresses a stream within the bounds of the budget. Memory does not grow with the content. What was unfolded before an error
 * or a bound is kept: a loader that reads as it goes has seen it.
 *
 * @throws OutOfTime, and what a cancelled scan is to throw
 */
export async function unfold(source: ByteSource, decoder: Decoder, budget: Budget): Promise<Unfolded> {
  const room = budget.roomFor(source.size)
  const spill = new Spill()
  const chunks = decoder(source)
  let stopped: Unfolded['stopped']
  let used = source.size
  try {
    for (;;) {
      const next = await chunks.next()
      if (next.done === true) {
        used = next.value
        break
      }
      await budget.breathe()
      const left = room - spill.size
      await spill.write(next.value.length > left ? next.value.subarray(0, left) : next.value)
      if (next.value.length <= left) continue
      stopped = { why: 'limit', message: `it unfolds to more than ${room} bytes` }
      break
    }
  } catch (error) {
    if (error instanceof OutOfTime || budget.isCancelled) {
      spill.close()
      throw error
    }
    stopped = reasonOf(error, spill.size)
  } finally {
    await chunks.return(0).catch(() => {})
  }
  budget.expanded(spill.size)
  return { content: spill.source(), stopped, used, close: () => spill.close() }
}

/** Libraries fail in their own ways on hostile data: whatever they throw means that the data cannot be read further. */
function reasonOf(error: unknown, bytes: number): Unfolded['stopped'] {
  const after = `after ${bytes} bytes`
  if (error instanceof BrokenStream) return { why: error.why, message: `${error.message} (${after})` }
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    return { why: 'limit', message: `there is no room for it on the disk ${after}` }
  }
  return { why: 'damaged', message: `it breaks off ${after}` }
}
