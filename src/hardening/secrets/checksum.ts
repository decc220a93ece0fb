import { crc32 } from './crc32.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Whether the last six characters of a token are the CRC-32 of its random part in base 62, as in tokens of GitHub and npm
 * (github.blog, "Behind GitHub's new authentication token formats", 2021).
 */
export function hasValidChecksum(token: string, prefix: string): boolean {
  const random = token.slice(prefix.length, -6)
  let rest = crc32(random)
  let expected = ''
  while (rest > 0) {
    expected = BASE62[rest % 62]! + expected
    rest = Math.floor(rest / 62)
  }
  return token.slice(-6) === expected.padStart(6, '0')
}
