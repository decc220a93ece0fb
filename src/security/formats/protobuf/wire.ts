import { slice, type ByteSource } from '../../source.ts'

/** One field of a message. Numbers and what lies in the file are told apart by `type`. */
export interface WireField {
  readonly field: number
  readonly type: 'varint' | 'fixed64' | 'bytes' | 'fixed32'
  /** Value of a varint, exact up to 2^53; 0 for other types. */
  readonly value: number
  /** Where the content begins, and the byte behind it, in the source. */
  readonly start: number
  readonly end: number
}

/** The bytes are no protobuf message. */
export class NotProtobuf extends Error {}

const DEEPEST_GROUP = 100

/**
 * The fields of a protobuf message, one after the other, without reading what is in them: a file of gigabytes is walked in the
 * memory of one field. Fields of groups are stepped over, as readers do with what they do not know.
 * Source: https://protobuf.dev/programming-guides/encoding/
 *
 * @throws NotProtobuf where the bytes stop being a message
 */
export function* fieldsOf(source: ByteSource, start = 0, end = source.size): Generator<WireField> {
  let at = start
  let groups = 0
  while (at < end) {
    const tag = varint(source, at, end)
    at = tag.next
    const field = Math.floor(tag.value / 8)
    const type = tag.value % 8
    if (field === 0 || field >= 2 ** 29) throw new NotProtobuf('A field has no number')
    if (type === 3) {
      if (++groups > DEEPEST_GROUP) throw new NotProtobuf('Groups are nested too deeply')
    } else if (type === 4) {
      if (--groups < 0) throw new NotProtobuf('A group ends that was not begun')
    } else {
      const read = content(source, at, end, type)
      if (groups === 0) yield { field, ...read }
      at = read.end
    }
  }
  if (groups > 0) throw new NotProtobuf('A group does not end')
}

function content(source: ByteSource, at: number, end: number, type: number): Omit<WireField, 'field'> {
  if (type === 0) {
    const { value, next } = varint(source, at, end)
    return { type: 'varint', value, start: at, end: next }
  }
  let length: number
  let start = at
  if (type === 1) length = 8
  else if (type === 5) length = 4
  else if (type === 2) {
    const read = varint(source, at, end)
    length = read.value
    start = read.next
  } else throw new NotProtobuf('A field has a type that does not exist')
  if (length > end - start) throw new NotProtobuf('A field is longer than its message')
  return { type: type === 1 ? 'fixed64' : type === 5 ? 'fixed32' : 'bytes', value: 0, start, end: start + length }
}

function varint(source: ByteSource, at: number, end: number): { value: number; next: number } {
  const bytes = source.read(at, Math.min(10, end - at))
  let value = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    value += (byte & 127) * 2 ** (7 * i)
    if (byte < 128) return { value, next: at + i + 1 }
  }
  throw new NotProtobuf('A number does not end')
}

/** Whether the bytes are a message to their end, of fields that `accepts` takes; looks at `most` fields. */
export function isMessage(source: ByteSource, accepts: (field: WireField) => boolean = () => true, most = Infinity): boolean {
  try {
    let count = 0
    for (const field of fieldsOf(source)) {
      if (!accepts(field)) return false
      if (++count >= most) return true
    }
    return count > 0
  } catch (error) {
    if (error instanceof NotProtobuf) return false
    throw error
  }
}

export const sliceOf = (source: ByteSource, { start, end }: WireField): ByteSource => slice(source, start, end - start)

/** Text of a field, cut short after `most` bytes. */
export function textOf(source: ByteSource, { start, end }: WireField, most = 4096): string {
  return new TextDecoder().decode(source.read(start, Math.min(most, end - start)))
}
