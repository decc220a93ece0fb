import type { Format } from '../../format.ts'
import { hasBytes, type ByteSource } from '../../source.ts'
import { isMessage } from '../protobuf/wire.ts'

/** The end of a table of LevelDB, which is how TensorFlow keeps the names and places of a checkpoint's variables. */
const TABLE_MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]

export const checkpointIndex: Format = {
  name: 'tensorflow-checkpoint',
  title: 'TensorFlow checkpoint (names of variables)',
  evidence: 'signature',
  depth: 'examined',
  looksFor: 'that it is a table of variables; it holds data alone',
  recognises: (source) => source.size >= 48 && hasBytes(source, source.size - 8, TABLE_MAGIC),
  examine: () => {},
}

/** Numbers of the variables, one after the other: only the table beside them says what they are. */
export const checkpointData: Format = {
  name: 'tensorflow-variables',
  title: 'TensorFlow checkpoint (numbers of variables)',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'nothing: nothing in it is interpreted',
  recognises: (_source, part) => /(^|[/!\\])[^/!\\]+\.data-\d{5}-of-\d{5}$/.test(part.name),
  examine: () => {},
}

/** `fingerprint.pb`: five hashes, a version and an identifier. */
export const fingerprint: Format = {
  name: 'tensorflow-fingerprint',
  title: 'TensorFlow fingerprint',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'that it is no more than hashes',
  recognises: isFingerprint,
  examine: () => {},
}

function isFingerprint(source: ByteSource): boolean {
  if (source.size > 300) return false
  let hashes = 0
  const isWhole = isMessage(source, ({ field, type, start, end }) => {
    if (field >= 1 && field <= 5 && type === 'varint') return ++hashes <= 5
    return (field === 6 && end - start <= 32) || (field === 7 && type === 'bytes' && end - start <= 64)
  })
  return isWhole && hashes >= 2
}
