import { expect, test } from 'vitest'
import { sha256 } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { isSignedBy, parseBundle, signBundle } from './bundle.ts'
import { openEvidence } from './evidence.ts'
import { generateKeys, KEY_TYPES, type NewKeyType } from './keys.ts'
import { readPublicKey, readSigningKey } from './read-key.ts'
import { encodeStatement, PREDICATE_TYPES, statementOf } from './statement.ts'

const statement = statementOf({ name: 'model.onnx', digest: sha256('weights') }, PREDICATE_TYPES.testResult, {
  result: 'PASSED',
  plimsoll_gate: 'fairness',
})

function signed(type: NewKeyType, style: 'cosign' | 'modelSigning' = 'cosign') {
  const made = generateKeys(type, undefined)
  const key = readSigningKey(made.secret.toString(), undefined, 'ci.key')
  const text = signBundle(encodeStatement(statement), key, key.public.hints[style])
  return { made, key, text, policy: { keys: [{ key: key.public, name: 'ci.pub', for: null }] } }
}

const noIdentity = () => Promise.resolve({ problem: 'no identity is trusted' })
const open = (text: string, policy: ReturnType<typeof signed>['policy']) =>
  openEvidence({ name: 'a.sigstore.json', text }, policy, noIdentity)

test.each(KEY_TYPES)(
  '%s: a bundle with any byte changed is not accepted, and the message names it',
  async (type) => {
    const { text, policy } = signed(type)
    expect(await open(text, policy)).toMatchObject({ gate: 'fairness', by: expect.stringContaining('ci.pub') as string })
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0x20]) {
        const changed = Buffer.from(bytes)
        changed[at]! ^= flip
        const opened = await open(changed.toString('utf8'), policy)
        expect('problem' in opened ? opened.problem : `byte ${at} ^ ${flip} is accepted`).toMatch(/^a\.sigstore\.json: /)
      }
    }
  },
  60_000,
)

test('a payload that says something else is named, and so is a signature of another key', async () => {
  const { text, policy, key } = signed('ecdsa-p256')
  const bundle = JSON.parse(text) as { dsseEnvelope: { payload: string }; verificationMaterial: { publicKey: { hint: string } } }
  const other = signed('ecdsa-p256')
  bundle.dsseEnvelope.payload = Buffer.from(encodeStatement({ ...statement, predicate: { result: 'FAILED' } })).toString('base64')
  expect(await open(JSON.stringify(bundle), policy)).toMatchObject({
    problem: expect.stringMatching(/payload or its signature was changed.*key ci\.pub/) as string,
  })
  expect(await open(other.text, policy)).toMatchObject({
    problem: expect.stringContaining('a key that is not trusted') as string,
  })
  const renamed = text.replace(key.public.hints.cosign, other.key.public.hints.cosign)
  expect(await open(renamed, policy)).toMatchObject({ problem: expect.stringContaining('name of its key was changed') as string })
})

test.each(KEY_TYPES)('%s: a public key with any byte changed does not verify what its key has signed', (type) => {
  const { made, text } = signed(type)
  const bundle = parseBundle(text)
  if ('problem' in bundle) throw new Error(bundle.problem)
  const bytes = Buffer.from(made.public.pem)
  for (let at = 0; at < bytes.length - 1; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 0x01
    expect(verifiedBy(bundle, changed.toString('latin1')), `byte ${at}`).toMatch(/^no$|^ci\.pub /)
  }
})

/** `yes` or `no`, or why the key is none. */
function verifiedBy(bundle: Parameters<typeof isSignedBy>[0], pem: string): string {
  try {
    return isSignedBy(bundle, readPublicKey(pem, 'ci.pub')) ? 'yes' : 'no'
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

test('a key that is trusted for one thing does not speak of another', async () => {
  const { text, policy } = signed('ecdsa-p256')
  const limited = { keys: policy.keys.map((each) => ({ ...each, for: ['security-scan'] as const })) }
  expect(await openEvidence({ name: 'a', text }, limited, noIdentity)).toMatchObject({
    problem: expect.stringContaining('trusted for security-scan and not for fairness') as string,
  })
})

test('what another reader could take for something else is refused', async () => {
  const { text, policy } = signed('ecdsa-p256')
  const document = JSON.parse(text) as { dsseEnvelope: { signatures: unknown[] } }
  const { dsseEnvelope } = document
  const variants = [
    { ...document, extra: 1 },
    { ...document, dsseEnvelope: { ...dsseEnvelope, signatures: [...dsseEnvelope.signatures, ...dsseEnvelope.signatures] } },
    { ...document, dsseEnvelope: { ...dsseEnvelope, signatures: [] } },
    { ...document, dsseEnvelope: { ...dsseEnvelope, payloadType: 'text/plain' } },
    { ...document, messageSignature: {} },
    [],
    null,
  ]
  for (const variant of variants) expect(await open(JSON.stringify(variant), policy)).toHaveProperty('problem')
})
