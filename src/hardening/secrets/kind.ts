import type { Severity } from '../rule.ts'

/** A kind of secret with a form of its own. */
export interface SecretKind {
  /** `GitHub token` */
  readonly title: string
  /** A text without any of these cannot hold one; they are looked for before the pattern is. Lower case. */
  readonly words: readonly string[]
  /** Global, and without unbounded repetition side by side. Group 1 is the secret when there is one, else the whole match is. */
  readonly pattern: RegExp
  /** How many characters at its start tell the kind and may be shown. */
  readonly shown: number
  readonly severity?: Severity
  /** What a pattern cannot say: a checksum, a decoded header, an entropy. */
  readonly check?: (secret: string, match: RegExpMatchArray) => boolean
  /** Who can revoke it, and where. */
  readonly revoke: string
}
