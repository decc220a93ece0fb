/** Replaces secrets in text. Made once per run from the values of the secrets that the run refers to. */
export type Redact = (text: string) => string

const MASK = '***'
/** Shorter values would blot out ordinary text; a secret this short protects nothing. */
const SHORTEST = 4
/** A part of a base64 text shorter than this is found by chance too often. */
const SHORTEST_BASE64 = 8

/** A redactor for these values, also in their base64, URL-encoded and JSON-escaped spellings. */
export function redactor(secrets: Iterable<string>): Redact {
  const spellings = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue
    for (const spelling of spellingsOf(secret)) spellings.add(spelling)
    for (const line of secret.split('\n')) if (line.trim().length >= SHORTEST) spellings.add(line.trim())
  }
  // Longest first, so that a secret that contains another is masked whole.
  const ordered = [...spellings].toSorted((a, b) => b.length - a.length)
  return (text) => ordered.reduce((masked, spelling) => masked.replaceAll(spelling, MASK), text)
}

/** The ways in which a text is written inside of other texts. */
export function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1)
  // Of a text that is cut in the middle of a character, as a stream may be, there is no URL.
  const url = encodeURIComponent(
    secret.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd'),
  )
  const base64 = base64Spellings(secret)
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1), // JSON in JSON
    url,
    url.replaceAll('%20', '+'), // application/x-www-form-urlencoded
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map((text) => encodeURIComponent(text)),
    ...(secret.length < SHORTEST_BASE64 ? [] : [Buffer.from(secret).toString('hex')]),
  ]
}

/**
 * Base64 takes three bytes at a time, so inside of a longer text (`user:password`) a secret looks one of three ways. Of each, those
 * characters that depend on the secret alone.
 */
function base64Spellings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const whole = bytes.toString('base64').replace(/=+$/, '')
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
  })
  return [whole, ...inside.filter((text) => text.length >= SHORTEST_BASE64)]
}

/** A JSON-like value with every string in it redacted. */
export function redactDeep<T>(value: T, redact: Redact): T {
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) => (typeof member === 'string' ? redact(member) : member)) as T
}
