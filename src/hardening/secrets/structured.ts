import type { SecretKind } from './kind.ts'
import { isPlausible } from './plausible.ts'

/** Secrets that are told by what is in them or around them. */
export const STRUCTURED: readonly SecretKind[] = [
  {
    title: 'private key',
    words: ['private key-----', 'private key block-----'],
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----((?:\s|\\[rn]){1,8}(?:[\w-]{1,40}: [^\n\\]{1,120}(?:\s|\\[rn]){1,8}){0,4}[A-Za-z0-9+/=\s\\,"']{64,})/g,
    shown: 0,
    check: isKeyMaterial,
    revoke: 'make a new key, and replace the public one wherever it is trusted',
  },
  {
    title: 'password in the URL of a service',
    words: ['://'],
    pattern:
      /(?<![A-Za-z0-9])(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|clickhouse|snowflake|nats|kafka|ldaps?|s?ftp|https?)(?:\+[a-z0-9]{1,20})?:\/\/([^\s:@/"'`<>]{0,100}):([^\s@/"'`<>]{3,200})@([^\s/"'`<>:,?)\]]{1,200})/gi,
    shown: 0,
    check: isRealPassword,
    revoke: 'change the password of that account',
  },
  {
    title: 'JSON Web Token',
    words: ['eyj'],
    pattern: /(?<![\w.-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{40,1000}(?![\w.-])/g,
    shown: 0,
    // It may have expired long ago; whether it has is not told here, as the answer would change with time.
    severity: 'medium',
    check: isSignedToken,
    revoke: 'end the session that it belongs to, or change the key that signed it',
  },
]

/** DER and OpenSSH begin in known ways; what is only a line of dots or the word KEY is none. */
function isKeyMaterial(_secret: string, [whole, body = '']: RegExpMatchArray): boolean {
  const text = body.replaceAll(/\\[rn]/g, '\n').replaceAll(/^[\w-]{1,40}: .*$/gm, '')
  const base64 = text.replaceAll(/[^A-Za-z0-9+/]/g, '').slice(0, 88)
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length < 40 || new Set(bytes).size < 12) return false
  if (whole.includes('PGP')) return bytes[0]! >= 0x80
  // An encrypted PEM of the old form (Proc-Type) has no structure that can be seen.
  return bytes[0] === 0x30 || bytes.subarray(0, 14).toString('latin1') === 'openssh-key-v1' || whole.includes('Proc-Type')
}

const COMMON =
  /^(?:pass(?:word|wd)?|pw[d]?|secret|root|admin|user(?:name)?|test|testing|postgres|mysql|redis|rabbitmq|guest|minio|minioadmin|mongo|token|key|foo|bar|baz|abc|qwerty|hunter2|letmein|demo|dev|local|airflow|mlflow|plimsoll|app|db|my[-_]?\w*|the[-_]?\w*|some[-_]?\w*|p[a@4][s$5]{2}\w{0,6}|s3cr3t\w{0,6}|\w{0,6}password\w{0,3}|x+|\*+|\d{1,6})$/i
const HOME =
  /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|[\w-]+|[\w.-]*\.(?:local|localhost|test|invalid|internal|example)|(?:[\w-]+\.)*example\.(?:com|org|net))$/i

/** A password that is no word of documentation, on a host that is not the machine itself or a name in a compose file. */
function isRealPassword(_secret: string, [, user = '', password = '', host = '']: RegExpMatchArray): boolean {
  if (/[${}%()<>*]|\\/.test(user + host) || HOME.test(host)) return false
  if (/\$\{?\w|\{\w*\}|\{\{|%\(|%s|<|\*/.test(password)) return false
  return !COMMON.test(password) && password !== user && isPlausible(password, 2.2)
}

/** A token with a header that names an algorithm, a payload and a signature; not the one of the documentation. */
function isSignedToken(secret: string): boolean {
  const [header, payload] = secret.split('.', 2).map((part) => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>
    } catch {
      return undefined
    }
  })
  if (typeof header?.['alg'] !== 'string' || header['alg'].toLowerCase() === 'none' || !payload) return false
  return payload['sub'] !== '1234567890' && payload['name'] !== 'John Doe' && isPlausible(secret.split('.')[2]!, 4)
}
