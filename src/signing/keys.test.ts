import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { generateKeys, KEY_TYPES, SigningKey } from './keys.ts'
import { readPublicKey, readSigningKey } from './read-key.ts'

const PASSWORD = 'correct horse battery staple'

test.each(KEY_TYPES)('a key of type %s is read back, and signs what its public half verifies', (type) => {
  for (const password of [undefined, PASSWORD]) {
    const made = generateKeys(type, password)
    const key = readSigningKey(made.secret.toString(), password, 'ci.key')
    const read = readPublicKey(made.public.pem, 'ci.pub')
    expect([key.public.id, key.public.type, read.id]).toEqual([made.public.id, type, made.public.id])
    const signature = key.sign(Buffer.from('weights'))
    expect(read.verifies(Buffer.from('weights'), signature)).toBe(true)
    expect(read.verifies(Buffer.from('Weights'), signature)).toBe(false)
    expect(generateKeys(type, undefined).public.verifies(Buffer.from('weights'), signature)).toBe(false)
  }
})

test('the hints are those of cosign and of model-signing', () => {
  // What cosign 2.6.5 and model-signing 1.1.1 wrote for this key.
  const pem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEleh3CgLRRTWkBLcL5887y3M62bOU
M31oRQaOtMEYIMdSXRDhzXzlucbbo3CVG1OXKRqp6Y1CGVZU984rRXnn3Q==
-----END PUBLIC KEY-----
`
  const key = readPublicKey(pem, 'test.pub')
  expect(key.isMeantBy(key.hints.cosign) && key.isMeantBy(key.hints.modelSigning) && key.isMeantBy(key.id)).toBe(true)
  expect(key.isMeantBy('') || key.isMeantBy(key.id.slice(0, 12))).toBe(false)
  expect(key.hints).toEqual({
    cosign: 'iz6Q9FVKZrmlWfIrRJtMFtnFZBLq8mWDNsVqnfc9dFU=',
    modelSigning: '3b5acbc2c2e55b95377af8c4adee41ef4f798f346c37f33e2b05dc47515ec638',
  })
})

test('errors say what to do and nothing of the key or the password', () => {
  const locked = generateKeys('ecdsa-p256', PASSWORD).secret.toString()
  const open = generateKeys('ecdsa-p256', undefined)
  const body = open.secret.toString().split('\n')[1]!
  const cases: [() => unknown, RegExp][] = [
    [() => readSigningKey(locked, undefined, 'ci.key'), /ci\.key is encrypted/],
    [() => readSigningKey(locked, 'wrong horse', 'ci.key'), /not its password/],
    [() => readSigningKey(open.secret.toString().replace(body.slice(0, 20), 'A'.repeat(20)), undefined, 'ci.key'), /damaged/],
    [() => readSigningKey('no key', undefined, 'ci.key'), /not a key in PEM/],
    [() => readSigningKey(open.public.pem, undefined, 'ci.key'), /public half/],
    [() => readSigningKey('-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nx\n', 'p', 'c.key'), /the way of cosign/],
    [() => readPublicKey(open.secret.toString(), 'ci.pub'), /secret half/],
    [() => readPublicKey('x', 'ci.pub'), /not a public key/],
  ]
  for (const [act, message] of cases) {
    expect(act).toThrow(message)
    let thrown: unknown
    try {
      act()
    } catch (error) {
      thrown = error
    }
    const told = inspect(thrown, { depth: 9 })
    for (const secret of [PASSWORD, 'wrong horse', body]) expect(told).not.toContain(secret)
  }
})

test('kinds of keys that nobody verifies are refused', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const bitcoin = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  for (const { privateKey } of [rsa, bitcoin]) {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    expect(() => readSigningKey(pem, undefined, 'a.key')).toThrow(/kind that is not used here/)
    expect(() => readPublicKey(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string, 'a.pub')).toThrow(
      /kind/,
    )
  }
})

test('a signing key cannot be printed', () => {
  const { secret } = generateKeys('ecdsa-p256', undefined)
  const key = readSigningKey(secret.toString(), undefined, 'ci.key')
  const body = secret.toString().split('\n')[1]!
  expect(key).toBeInstanceOf(SigningKey)
  expect(inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key)).not.toContain(body)
})
