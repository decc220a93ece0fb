import { hasBytes } from '../../source.ts'
import { BrokenHdf5, type Hdf5File } from './file.ts'

/** Kinds of header messages that are looked at. */
export const MESSAGE = {
  linkInfo: 0x02,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const

export interface HeaderMessage {
  readonly type: number
  readonly isShared: boolean
  readonly start: number
  readonly end: number
}

const MOST_MESSAGES = 100_000

/** The messages of an object header of version 1 or 2, through all its continuations. @throws BrokenHdf5 */
export function messagesOf(file: Hdf5File, at: number): HeaderMessage[] {
  const isNew = hasBytes(file.source, at, 'OHDR')
  const messages: HeaderMessage[] = []
  const chunks = [isNew ? firstChunk(file, at) : firstChunkOfVersion1(file, at)]
  const seen = new Set<number>()
  for (let chunk = chunks.pop(); chunk; chunk = chunks.pop()) {
    if (seen.has(chunk.start)) throw new BrokenHdf5('an object header continues in itself')
    seen.add(chunk.start)
    for (const message of messagesIn(file, chunk, isNew)) {
      if (messages.length >= MOST_MESSAGES) throw new BrokenHdf5('an object header has more messages than the scan may read')
      if (message.type !== MESSAGE.continuation) {
        messages.push(message)
        continue
      }
      const start = file.address(message.start)
      const length = file.length(message.start + file.offsetSize)
      if (start === undefined || start + length > file.source.size)
        throw new BrokenHdf5('an object header continues behind the end')
      if (isNew) file.expect(start, 'OCHK')
      chunks.push({ start: isNew ? start + 4 : start, end: start + length - (isNew ? 4 : 0), hasOrder: chunk.hasOrder })
    }
  }
  return messages
}

interface Chunk {
  readonly start: number
  readonly end: number
  /** Whether each message has the order of its creation. */
  readonly hasOrder: boolean
}

function firstChunkOfVersion1(file: Hdf5File, at: number): Chunk {
  if (file.number(at, 1) !== 1) throw new BrokenHdf5(`there is no object header at byte ${at}`)
  const size = file.number(at + 8, 4)
  if (at + 16 + size > file.source.size) throw new BrokenHdf5('an object header is longer than the file')
  return { start: at + 16, end: at + 16 + size, hasOrder: false }
}

function firstChunk(file: Hdf5File, at: number): Chunk {
  const flags = file.number(at + 5, 1)
  let start = at + 6
  if ((flags & 0x20) !== 0) start += 16
  if ((flags & 0x10) !== 0) start += 4
  const width = 2 ** (flags & 3)
  const size = file.number(start, width)
  if (start + width + size > file.source.size) throw new BrokenHdf5('an object header is longer than the file')
  return { start: start + width, end: start + width + size, hasOrder: (flags & 4) !== 0 }
}

function* messagesIn(file: Hdf5File, { start, end, hasOrder }: Chunk, isNew: boolean): Generator<HeaderMessage> {
  const head = isNew ? (hasOrder ? 6 : 4) : 8
  for (let at = start; at + head <= end;) {
    const type = file.number(at, isNew ? 1 : 2)
    const size = file.number(at + (isNew ? 1 : 2), 2)
    const flags = file.number(at + (isNew ? 3 : 4), 1)
    const next = at + head + size
    if (next > end) {
      // The rest of a chunk may be too small for a message.
      if (type === 0) return
      throw new BrokenHdf5('a message is longer than its object header')
    }
    yield { type, isShared: (flags & 2) !== 0, start: at + head, end: next }
    at = next
  }
}
