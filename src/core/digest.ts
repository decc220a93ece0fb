import { createHash } from 'node:crypto'

/** `sha256:<64 hex digits>` */
export type Digest = `sha256:${string}`

/** The SHA-256 digest of bytes or of text in UTF-8. */
export function sha256(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}

/** The first twelve hex digits, as shown to people. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}

/** The digest of a JSON value, independent of the order of its keys. */
export function digestOf(value: unknown): Digest {
  return sha256(stableJson(value))
}

/** JSON with object keys sorted and undefined members dropped, so that equal values give equal text. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
