import { latin1, utf8 } from '../pickle/literals.ts'
import type { ByteSource } from '../source.ts'

export const TAR_BLOCK = 512

export interface TarHeader {
  readonly name: string
  readonly size: number
  /** One letter: `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` extended header, … */
  readonly type: string
  readonly link: string
  /** Blocks of a list of holes that follow the header, before the content, in GNU's old sparse files. */
  readonly hasMoreHoles: boolean
}

/** The header in this block; undefined when its checksum or its size is none. Source: POSIX `pax`, GNU tar's manual "Basic Tar Format". */
export function readTarHeader(header: Uint8Array): TarHeader | undefined {
  if (header.length < TAR_BLOCK || !hasChecksum(header)) return undefined
  const field = (start: number, length: number) => latin1(header.subarray(start, start + length)).split('\0', 1)[0]!
  const size = (header[124]! & 0x80) !== 0 ? binarySize(header) : octal(field(124, 12))
  if (!Number.isSafeInteger(size) || size < 0) return undefined
  const type = String.fromCharCode(header[156]!)
  // GNU's own format uses the place of the prefix for times and holes.
  const isUstar = field(257, 6) === 'ustar'
  const prefix = isUstar ? field(345, 155) : ''
  const name = prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`
  return { name, size, type, link: field(157, 100), hasMoreHoles: type === 'S' && header[482] === 1 }
}

/** The sum of all bytes with the checksum's own as blanks, of signed bytes on some old systems. */
function hasChecksum(header: Uint8Array): boolean {
  const stored = octal(latin1(header.subarray(148, 156)).replaceAll('\0', ' '))
  let unsigned = 0
  let signed = 0
  for (let i = 0; i < TAR_BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 32 : header[i]!
    unsigned += byte
    signed += byte < 128 ? byte : byte - 256
  }
  return stored === unsigned || stored === signed
}

const octal = (text: string): number => Number.parseInt(text.trim() || '0', 8)

/** GNU's notation for sizes of 8 GiB and more. */
function binarySize(header: Uint8Array): number {
  let size = header[124]! & 0x7f
  for (let i = 125; i < 136; i++) size = size * 256 + header[i]!
  return size
}

const LONGEST_PAX = 1 << 20

/** `LENGTH KEY=VALUE\n` records of an extended header. Source: POSIX `pax`, "pax Extended Header". */
export function readPax(content: ByteSource): Map<string, string> {
  const bytes = content.read(0, LONGEST_PAX)
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length;) {
    const [, digits] = /^(\d{1,10}) /.exec(latin1(bytes.subarray(at, at + 12))) ?? []
    const length = Number(digits ?? 0)
    if (length <= (digits?.length ?? 0) + 1 || at + length > bytes.length) break
    const record = utf8(bytes.subarray(at + digits!.length + 1, at + length - 1))
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}
