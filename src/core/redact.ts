/** Replaces secrets in text. Made once per run from the values of the secrets that the run refers to. */
export type Redact = (text: string) => string

const MASK = '***'
/** Shorter values would blot out ordinary text; a secret this short protects nothing. */
const SHORTEST = 4

/** A redactor for these values, also in their base64, URL-encoded and JSON-escaped spellings. */
export function redactor(secrets: Iterable<string>): Redact {
  const spellings = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue
    spellings.add(secret)
    spellings.add(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
    spellings.add(encodeURIComponent(secret))
    spellings.add(JSON.stringify(secret).slice(1, -1))
    for (const line of secret.split('\n')) if (line.trim().length >= SHORTEST) spellings.add(line.trim())
  }
  // Longest first, so that a secret that contains another is masked whole.
  const ordered = [...spellings].toSorted((a, b) => b.length - a.length)
  return (text) => ordered.reduce((masked, spelling) => masked.replaceAll(spelling, MASK), text)
}

/** A JSON-like value with every string in it redacted. */
export function redactDeep<T>(value: T, redact: Redact): T {
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) => (typeof member === 'string' ? redact(member) : member)) as T
}
