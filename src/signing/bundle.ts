import { z } from 'zod'
import { messageOf } from '../core/errors.ts'
import { firstIssue } from '../core/issues.ts'
import { IN_TOTO_PAYLOAD, preAuthenticationEncoding } from './dsse.ts'
import type { PublicKey, SigningKey } from './keys.ts'

/** A Sigstore bundle, version 0.3: https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto */
export const BUNDLE_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** Base64 in its one proper spelling, so that no byte of it can be changed without changing what it says. */
const Base64 = z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'is not base64')

const Envelope = z.strictObject({
  payload: Base64,
  payloadType: z.literal(IN_TOTO_PAYLOAD),
  signatures: z.tuple([z.strictObject({ sig: Base64, keyid: z.string().optional() })]),
})

/** One that is signed with a key. Names that are not known are refused: they could mean something to another reader. */
const KeyBundle = z.strictObject({
  mediaType: z.literal(BUNDLE_TYPE),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string() }),
    tlogEntries: z.array(z.unknown()).optional(),
    timestampVerificationData: z.strictObject({ rfc3161Timestamps: z.array(z.unknown()).optional() }).optional(),
  }),
  dsseEnvelope: Envelope,
})

/** One that Sigstore's certificate authority vouches for; the library of Sigstore reads the rest. */
const CertificateBundle = z.looseObject({
  mediaType: z.string(),
  verificationMaterial: z.looseObject({ certificate: z.looseObject({ rawBytes: z.string() }) }),
  dsseEnvelope: Envelope,
})

export interface Bundle {
  /** What the signer wrote to say which key it is; null where a certificate says who it is. */
  readonly hint: string | null
  readonly payload: Buffer
  readonly signature: Buffer
  /** The bundle as plain data. */
  readonly document: unknown
}

/** Signs an in-toto statement and puts it into a bundle, as compact JSON. */
export function signBundle(statement: Uint8Array, key: SigningKey, hint: string): string {
  const sig = key.sign(preAuthenticationEncoding(IN_TOTO_PAYLOAD, statement)).toString('base64')
  return JSON.stringify({
    mediaType: BUNDLE_TYPE,
    verificationMaterial: { publicKey: { hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(statement).toString('base64'),
      payloadType: IN_TOTO_PAYLOAD,
      signatures: [{ sig, keyid: '' }],
    },
  })
}

/** A bundle from its text, or why it is none. Nothing in it is trusted by that. */
export function parseBundle(text: string): Bundle | { readonly problem: string } {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    return { problem: `it is not JSON: ${messageOf(error)}` }
  }
  const hasCertificate = CertificateBundle.safeParse(document)
  const parsed = hasCertificate.success ? hasCertificate : KeyBundle.safeParse(document)
  if (!parsed.success) return { problem: `it is not a Sigstore bundle of a signed statement: ${firstIssue(parsed.error)}` }
  const { verificationMaterial, dsseEnvelope } = parsed.data
  const [{ sig }] = dsseEnvelope.signatures
  return {
    hint: 'publicKey' in verificationMaterial ? (verificationMaterial as { publicKey: { hint: string } }).publicKey.hint : null,
    payload: Buffer.from(dsseEnvelope.payload, 'base64'),
    signature: Buffer.from(sig, 'base64'),
    document,
  }
}

/** Whether a key has signed a bundle. */
export function isSignedBy({ payload, signature }: Bundle, key: PublicKey): boolean {
  return key.verifies(preAuthenticationEncoding(IN_TOTO_PAYLOAD, payload), signature)
}
