import { constants, inflateSync } from 'node:zlib'
import { byteAt, hasBytes, viewAt, type ByteSource } from '../source.ts'
import { endRecords } from './zip-directory.ts'

/** A format that content was recognised as. */
export type Format =
  | 'pickle'
  | 'zip'
  | 'tar'
  | 'gzip'
  | 'zlib'
  | 'npy'
  | 'safetensors'
  | 'onnx'
  | 'ubjson'
  | 'text'
  | 'empty'
  | UnopenedFormat

/** Recognised, but not opened: named in a finding. */
export type UnopenedFormat = keyof typeof UNOPENED

const bytes = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0))

/** Formats that are told by their first bytes and are not opened, with what to call them. */
export const UNOPENED = {
  bzip2: { title: 'bzip2', magic: bytes('BZh') },
  xz: { title: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  lzma: { title: 'LZMA', magic: [0x5d, 0x00, 0x00] },
  zstd: { title: 'Zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  lz4: { title: 'LZ4', magic: [0x04, 0x22, 0x4d, 0x18] },
  '7z': { title: '7-Zip', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  rar: { title: 'RAR', magic: bytes('Rar!\x1a\x07') },
  'joblib-zf': { title: 'joblib (before 0.10)', magic: bytes('ZF') },
  hdf5: { title: 'HDF5 (Keras, h5py)', magic: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] },
  gguf: { title: 'GGUF', magic: bytes('GGUF') },
  png: { title: 'PNG', magic: [0x89, 0x50, 0x4e, 0x47] },
  pdf: { title: 'PDF', magic: bytes('%PDF') },
  elf: { title: 'ELF program', magic: [0x7f, 0x45, 0x4c, 0x46] },
  parquet: { title: 'Parquet', magic: bytes('PAR1') },
} as const satisfies Record<string, { title: string; magic: readonly number[] }>

/** The formats that the first bytes, or the last, speak for: more than one when a file can be read in several ways. */
export function detectContainers(source: ByteSource): Format[] {
  const found: Format[] = []
  if (source.size === 0) return ['empty']
  if (isZip(source)) found.push('zip')
  if (hasBytes(source, 0, [0x1f, 0x8b])) found.push('gzip')
  if (isZlib(source)) found.push('zlib')
  if (hasBytes(source, 0, [0x93, ...bytes('NUMPY')])) found.push('npy')
  if (isTar(source)) found.push('tar')
  if (isSafetensors(source)) found.push('safetensors')
  for (const [format, { magic }] of Object.entries(UNOPENED)) {
    if (hasBytes(source, 0, magic)) found.push(format as UnopenedFormat)
  }
  return found
}

/** A local header at the start, or an end of central directory near the end, whatever stands before. */
const isZip = (source: ByteSource): boolean => hasBytes(source, 0, 'PK\x03\x04') || endRecords(source).length > 0

/** RFC 1950: deflate with a window of at most 32 KiB, and the check bits right. Text that begins so ("x^2") must also unfold. */
function isZlib(source: ByteSource): boolean {
  const first = byteAt(source, 0)
  const second = byteAt(source, 1)
  const matches =
    second >= 0 && (first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0
  return matches && (!isText(source) || unfolds(source))
}

function unfolds(source: ByteSource): boolean {
  try {
    inflateSync(source.read(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 16 * 2 ** 20 })
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
  }
}

/** A tar header whose checksum is right; the magic word is missing in the oldest ones. */
function isTar(source: ByteSource): boolean {
  const header = source.read(0, 512)
  if (header.length < 512 || header[0] === 0) return false
  const stored = Number.parseInt(Buffer.from(header.subarray(148, 156)).toString('latin1').replaceAll('\0', ' ').trim(), 8)
  let sum = 0
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!
  return stored === sum
}

function isSafetensors(source: ByteSource): boolean {
  const length = viewAt(source, 0, 8)?.getBigUint64(0, true)
  return length !== undefined && length >= 2n && length < 2n ** 40n && byteAt(source, 8) === 0x7b
}

const TEXT_SAMPLE = 1 << 16

/** Whether the content is text: UTF-8 with no control characters, judged by its beginning and its end. */
export function isText(source: ByteSource): boolean {
  const head = source.read(0, TEXT_SAMPLE)
  if (!isPlainText(head, head.length < source.size)) return false
  return source.size <= TEXT_SAMPLE || !hasControls(source.read(source.size - TEXT_SAMPLE, TEXT_SAMPLE))
}

function isPlainText(sample: Uint8Array, cut: boolean): boolean {
  if (hasControls(sample)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: cut })
    return true
  } catch {
    return false
  }
}

const hasControls = (sample: Uint8Array) =>
  sample.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12)
