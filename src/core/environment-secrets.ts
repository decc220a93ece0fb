/**
 * Environment variables that hold a secret, by the names that the field gives them: PLIMSOLL_SIGNING_KEY, AWS_SECRET_ACCESS_KEY,
 * GITHUB_TOKEN, SLACK_WEBHOOK_URL, PGPASSWORD.
 */
const NAME =
  /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY(?:_ID)?|SECRET_?KEY|PRIVATE_?KEY|SIGNING_?KEY|CREDENTIALS?|WEBHOOK(?:_URL)?)(?:_(?:PROD|PRODUCTION|STAGING|DEV|TEST|\d{1,3}))?$/i
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+.-]{1,30}:\/\/([^\s:@/]*):([^\s@/]+)@/i
/** Shorter ones are words such as `test`, which stand in ordinary output. */
const SHORTEST = 6
/** Passwords of examples, which are words of ordinary output too. */
const COMMON = new Set(['password', 'postgres', 'plimsoll', 'changeme', 'secret', 'example'])

/** The values in the environment that must not be told, although nothing refers to them as secrets: a child process may print them. */
export function secretsOfEnvironment(env: Readonly<Record<string, string>>): string[] {
  const found = new Set<string>()
  for (const [name, value] of Object.entries(env)) {
    if (value.length < SHORTEST) continue
    if (NAME.test(name) && !isPath(value) && !COMMON.has(value.toLowerCase())) found.add(value)
    const [, user, password] = URL_WITH_PASSWORD.exec(value) ?? []
    if (password === undefined || password === user || password.length < SHORTEST || COMMON.has(password.toLowerCase())) continue
    found.add(password)
    found.add(decoded(password))
  }
  return [...found]
}

/** Some of these may also be the path of a file that has the secret; a path is to be told. */
const isPath = (value: string): boolean =>
  /^[^\s]{1,500}\.(?:key|pem|json|p12|pfx|crt|ya?ml|txt|env)$/i.test(value) ||
  /^(?:~|\.{1,2})?\/(?:[\w.-]+\/)*[\w.-]+$/.test(value)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
