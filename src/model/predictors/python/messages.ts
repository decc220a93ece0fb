import { messageOf } from '../../../core/errors.ts'

/** A longer header is no header: something else was written. */
const MAX_HEADER = 64 << 20

/** A JSON header, and a payload of raw bytes. */
export interface Message {
  readonly header: Readonly<Record<string, unknown>>
  readonly payload: Buffer
}

/**
 * The bytes of a message, in pieces: the header's length (4 bytes, little-endian), the header with the payload's length, and the
 * parts of the payload as they are, without a copy.
 */
export function encodeMessage(header: Message['header'], parts: readonly Uint8Array[]): Uint8Array[] {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  const text = Buffer.from(JSON.stringify({ ...header, bytes }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  return [length, text, ...parts]
}

/** Puts messages together from chunks of any size. After a problem nothing more is read. */
export function messageReader(
  onMessage: (message: Message) => void,
  onProblem: (problem: string) => void,
): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let have = 0
  let need = 4
  let header: Message['header'] | undefined
  let stage: 'length' | 'header' | 'payload' | 'broken' = 'length'

  const take = (): Buffer => {
    const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    chunks = all.length > need ? [all.subarray(need)] : []
    have = all.length - need
    return all.subarray(0, need)
  }
  /** Reads the next part of a message; false when it has not come yet. */
  const next = (): boolean => {
    if (stage === 'broken' || have < need) return false
    const part = take()
    if (stage === 'length') {
      need = part.readUInt32LE()
      if (need > MAX_HEADER) throw new Error(`a header of ${need} bytes`)
      stage = 'header'
    } else if (stage === 'header') {
      header = JSON.parse(part.toString('utf8')) as Message['header']
      need = Number(header['bytes'])
      if (!Number.isSafeInteger(need) || need < 0) throw new Error('a header without a length')
      stage = 'payload'
    } else {
      stage = 'length'
      need = 4
      onMessage({ header: header!, payload: part })
    }
    return true
  }
  return (chunk) => {
    chunks.push(chunk)
    have += chunk.length
    try {
      while (next());
    } catch (error) {
      stage = 'broken'
      onProblem(`wrote something that is no answer: ${messageOf(error)}`)
    }
  }
}
