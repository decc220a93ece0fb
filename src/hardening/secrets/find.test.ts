import { createHash, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { crc32 } from './crc32.ts'
import { secretsIn } from './find.ts'

// Nothing here may look like a secret to this project's own check, or to GitHub's: each is put together when the test runs.
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const random = (length: number, alphabet = BASE62, seed = 'a'): string =>
  Array.from({ length }, (_, i) => alphabet[createHash('sha256').update(`${seed}${i}`).digest()[0]! % alphabet.length]!).join('')
const HEX = '0123456789abcdef'
/** Keeps the halves of a token apart in this file. */
const apart = (text: string): string => text

function base62(value: number): string {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = BASE62[rest % 62]! + text
  return text.padStart(6, '0')
}
const withChecksum = (prefix: string): string => {
  const body = random(30)
  return `${prefix}${body}${base62(crc32(body))}`
}
const jwt = [
  { alg: 'HS256', typ: 'JWT' },
  { sub: 'u-77', role: 'admin' },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')
const pem = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey
const encrypted = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
}).privateKey

const SECRETS: Record<string, string> = {
  'AWS access key': `AKIA${random(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`,
  'AWS secret access key': `aws_secret_access_key = ${random(40, `${BASE62}/+`)}`,
  'Google API key': `AIza${random(35)}`,
  'key of an Azure storage account': `AccountName=x;AccountKey=${random(86)}==;`,
  'client secret of Azure': `abc8${apart('Q~')}${random(32)}`,
  'GitHub token': withChecksum('ghp_'),
  'fine-grained GitHub token': `github_pat_${random(22)}_${random(59)}`,
  'GitLab token': `glpat-${random(20)}`,
  'Slack token': `xoxb-${random(12, '123456789')}-${random(24)}`,
  'Slack webhook': `https://hooks.slack.com/services/T${random(9, 'ABCDEFGH0123')}/B${random(9, 'ABCDEFGH0123')}/${random(24)}`,
  'Hugging Face token': `hf_${random(34, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')}`,
  'OpenAI key': `sk-proj-${random(40)}T3Blbk${apart('FJ')}${random(40)}`,
  'npm token': withChecksum('npm_'),
  'PyPI token': `pypi-AgEIcHlwaS5v${apart('cmc')}${random(80)}`,
  'live key of Stripe': `sk_${apart('live')}_${random(30)}`,
  'Databricks token': `dapi${random(32, HEX)}`,
  'Kaggle key': `{"username":"ada","key":"${random(32, HEX)}"}`,
  'Weights & Biases key': `WANDB_API_KEY=${random(40, HEX)}`,
  'private key': pem,
  'password in the URL of a service': `postgres://app:${random(12)}@db-1.prod.acme-corp.io:5432/main`,
  'JSON Web Token': `${jwt}.${random(43)}`,
}

test.each(Object.entries(SECRETS))('%s is found once, and told without being told', (title, text) => {
  const before = 'first line\nvalue: '
  const found = secretsIn(`${before}${text}\nlast line\n`)
  expect(found.map((secret) => secret.title)).toEqual([title])
  const [{ offset, masked, fingerprint }] = found as [(typeof found)[0]]
  expect(offset).toBeGreaterThanOrEqual(before.length)
  expect(fingerprint).toMatch(/^[0-9a-f]{12}$/)
  expect(masked.length).toBeLessThan(13)
  expect(text.includes(masked.slice(0, -1))).toBe(true)
})

test('a key is found on one line of JSON, encrypted, and in an indented block', () => {
  for (const text of [JSON.stringify({ private_key: pem }), encrypted, pem.replaceAll(/^/gm, '    ')]) {
    expect(secretsIn(text).map(({ title }) => title)).toEqual(['private key'])
  }
})

test.each([
  ['the example key of AWS', `AKIA${apart('IOSFODNN7')}EXAMPLE`],
  ['the example secret of AWS', `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${apart('EXAMPLEKEY')}`],
  ['a GitHub token with a wrong checksum', `ghp_${random(36)}`],
  ['placeholders', `ghp_${'x'.repeat(36)} hf_${'a'.repeat(34)} glpat-${apart('your-token-goes-here-1')}`],
  ['a public key', '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----'],
  ['words about keys', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'],
  ['a key of letters', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----`],
  ['a pattern that looks for keys', String.raw`/-----BEGIN (?:RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\s]{64,}/`],
  ['documented URLs', 'postgres://user:password@localhost:5432/db mysql://root:hunter22@127.0.0.1/x redis://:secret@redis:6379'],
  [
    'URLs with variables',
    'postgres://${USER}:${PASSWORD}@db.acme.io/x postgres://app:$PG_PASSWORD@db.acme.io/x https://u:{token}@a.io',
  ],
  ['the URL of a compose file', `postgres://app:${random(12)}@database:5432/main`],
  [
    'the token of jwt.io',
    `${[
      { alg: 'HS256', typ: 'JWT' },
      { sub: '1234567890', name: 'John Doe', iat: 1516239022 },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')}.${random(43)}`,
  ],
  ['hashes of a lockfile', `"integrity": "sha512-${random(86)}==" sha256:${random(64, HEX)} sha1 ${random(40, HEX)}`],
  ['a commit beside the word wandb', `wandb==0.17.0 # ${random(40, HEX)}`],
  ['an image in base64', `data:image/png;base64,${random(4000, `${BASE62}+/`)}`],
])('%s: nothing is found', (_, text) => {
  expect(secretsIn(text)).toEqual([])
})

test('CRC-32 is that of zip', () => {
  expect(crc32('123456789')).toBe(0xcbf43926)
})

test('a long text that begins like secrets everywhere is passed', () => {
  expect(secretsIn('ghp_ AKIA https://a:b -----BEGIN PRIVATE KEY----- eyJ '.repeat(20_000))).toEqual([])
})
