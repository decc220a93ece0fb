import type { ByteSource } from '../../source.ts'

/**
 * Text of a file in the encoding that Python's JSON and XML readers tell by its first bytes: UTF-8, UTF-16 or UTF-32. Bytes that
 * are wrong become replacement characters.
 */
export function decodeText(source: ByteSource): string {
  const bytes = source.read(0, source.size)
  const encoding = encodingOf(bytes.subarray(0, 4))
  if (encoding !== 'utf-32le' && encoding !== 'utf-32be') return new TextDecoder(encoding, { ignoreBOM: false }).decode(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length - (bytes.length % 4))
  const parts: string[] = []
  for (let at = 0; at < view.byteLength; at += 4) {
    const code = view.getUint32(at, encoding === 'utf-32le')
    if (code !== 0xfeff) parts.push(code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD')
  }
  return parts.join('')
}

/** Whether the first characters, of one, two or four bytes each, are among these after white space. */
export function beginsWith(source: ByteSource, letters: string): boolean {
  const head = source.read(0, 4096)
  for (const byte of head) {
    // White space, the other bytes of wide characters, and byte order marks.
    if (byte === 32 || (byte >= 9 && byte <= 13) || byte === 0 || byte === 0xff || byte === 0xfe) continue
    if (byte === 0xef || byte === 0xbb || byte === 0xbf) continue
    return letters.includes(String.fromCharCode(byte))
  }
  return false
}

export function encodingOf(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' {
  const [a = 1, b = 1, c = 1, d = 1] = head
  if (a === 0 && b === 0) return 'utf-32be'
  if (c === 0 && d === 0 && b === 0) return 'utf-32le'
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0) return 'utf-16be'
  return b === 0 ? 'utf-16le' : 'utf-8'
}
