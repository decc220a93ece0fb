import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { identityVerifier, signKeyless } from './keyless.ts'

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const TOKEN = `${part({ alg: 'none' })}.${part({ sub: 'me', iss: 'https://issuer.example', email: 'me@example.com', email_verified: true })}.c2lnbmF0dXJl`

test('without Sigstore there is no keyless signature, and the error says what to do and not the token', async () => {
  const options = { fulcioUrl: 'http://127.0.0.1:9', rekorUrl: 'http://127.0.0.1:9', identityToken: TOKEN }
  const thrown = await signKeyless(Buffer.from('{}'), options).catch((error: unknown) => error)
  expect(thrown).toMatchObject({
    code: 'E_NETWORK',
    message: expect.stringContaining('Sigstore did not sign') as string,
    hint: expect.stringContaining('id-token: write') as string,
  })
  expect(inspect(thrown, { depth: 9 })).not.toContain(TOKEN)
}, 60_000)

test('a token that Sigstore refuses is not repeated', async () => {
  const refused = `${part({ alg: 'none' })}.${part({ email: 'me@example.com' })}.c2lnbmF0dXJl`
  const thrown = await signKeyless(Buffer.from('{}'), { identityToken: refused }).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code: 'E_NETWORK', message: expect.stringContaining('invalid identity token: ***') as string })
  expect(inspect(thrown, { depth: 9 })).not.toContain(refused)
})

test('a certificate counts for nothing where no identity is trusted', async () => {
  const bundle = { hint: null, payload: Buffer.from(''), signature: Buffer.from(''), document: {} }
  expect(await identityVerifier([])(bundle)).toMatchObject({ problem: expect.stringContaining('trusts no identity') as string })
})
