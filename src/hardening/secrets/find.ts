import { sha256 } from '../../core/digest.ts'
import type { Severity } from '../rule.ts'
import type { SecretKind } from './kind.ts'
import { STRUCTURED } from './structured.ts'
import { TOKENS } from './tokens.ts'

export const SECRET_KINDS: readonly SecretKind[] = [...TOKENS, ...STRUCTURED]

/** A secret that was found. What it is stays here: only its kind, its beginning where that is public, and a fingerprint go on. */
export interface FoundSecret {
  readonly title: string
  readonly severity: Severity
  readonly offset: number
  /** `ghp_…` */
  readonly masked: string
  /** The first twelve digits of its SHA-256: the same for the same secret, wherever it stands. */
  readonly fingerprint: string
  readonly revoke: string
}

const MOST_PER_TEXT = 50

/** The secrets in a text, in the order of their places. */
export function secretsIn(text: string): FoundSecret[] {
  const lower = text.toLowerCase()
  const found: FoundSecret[] = []
  for (const kind of SECRET_KINDS) {
    if (!kind.words.some((word) => lower.includes(word))) continue
    let count = 0
    for (const match of text.matchAll(kind.pattern)) {
      const secret = secretOf(kind, match)
      if (kind.check && !kind.check(secret, match)) continue
      found.push({
        title: kind.title,
        severity: kind.severity ?? 'high',
        offset: match.index + Math.max(0, match[0].lastIndexOf(secret)),
        masked: `${secret.slice(0, kind.shown)}…`,
        fingerprint: sha256(secret).slice('sha256:'.length, 'sha256:'.length + 12),
        revoke: kind.revoke,
      })
      if (++count === MOST_PER_TEXT) break
    }
  }
  return found.toSorted((a, b) => a.offset - b.offset)
}

/** The part of a match that is secret: of a URL the password, of a key what is in it, else the group that matched. */
function secretOf(kind: SecretKind, match: RegExpMatchArray): string {
  if (match.length === 4 && kind.words[0] === '://') return match[2]!
  if (kind.title === 'private key') return match[0]
  return match.slice(1).find((group) => group !== undefined) ?? match[0]
}
