import type { Bundle as SigstoreBundle } from 'sigstore'
import { messageOf, UserError } from '../core/errors.ts'
import type { Bundle } from './bundle.ts'
import { IN_TOTO_PAYLOAD } from './dsse.ts'
import type { VerifyIdentity } from './evidence.ts'
import type { TrustedIdentity } from './trust-policy.ts'

/** Of one request to Sigstore. */
const TIMEOUT_MS = 10_000

export interface KeylessOptions {
  readonly fulcioUrl?: string | undefined
  readonly rekorUrl?: string | undefined
  /** An identity token; that of the CI when not given, which the library asks for. */
  readonly identityToken?: string | undefined
}

/**
 * Signs a statement without a key of one's own: Sigstore's certificate authority vouches for the identity of the CI run, and its
 * public log keeps the signature.
 *
 * @throws UserError E_NETWORK when Sigstore cannot be reached, or no identity can be had
 */
export async function signKeyless(
  statement: Uint8Array,
  { fulcioUrl, rekorUrl, identityToken }: KeylessOptions,
): Promise<string> {
  const { attest } = await import('sigstore')
  try {
    const bundle = await attest(Buffer.from(statement), IN_TOTO_PAYLOAD, {
      timeout: TIMEOUT_MS,
      retry: { retries: 1 },
      ...(fulcioUrl !== undefined && { fulcioURL: fulcioUrl }),
      ...(rekorUrl !== undefined && { rekorURL: rekorUrl }),
      ...(identityToken !== undefined && { identityToken }),
    })
    return JSON.stringify(bundle)
  } catch (error) {
    // The library's errors can hold the token, so they are not passed on as they are.
    throw new UserError('E_NETWORK', `Sigstore did not sign: ${withoutTokens(messageOf(error))}`, {
      hint: 'Keyless signing needs a CI that gives tokens (on GitHub: permissions id-token: write) and the network. A key needs neither: plimsoll keys generate.',
    })
  }
}

/** Whatever looks like a JSON Web Token, also one that the library has asked the CI for. */
const withoutTokens = (text: string): string => text.replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '***')

/** Verifies bundles that hold a certificate, against the identities that are trusted. */
export function identityVerifier(identities: readonly TrustedIdentity[]): VerifyIdentity {
  return async (bundle: Bundle) => {
    if (identities.length === 0) return { problem: 'it is signed without a key, and the policy trusts no identity' }
    const { verify } = await import('sigstore')
    const problems: string[] = []
    for (const identity of identities) {
      try {
        await verify(bundle.document as SigstoreBundle, {
          timeout: TIMEOUT_MS,
          certificateIssuer: identity.issuer,
          ...(identity.subject.includes('://')
            ? { certificateIdentityURI: identity.subject }
            : { certificateIdentityEmail: identity.subject }),
        })
        return { by: `${identity.subject} (${identity.issuer})`, for: identity.for }
      } catch (error) {
        problems.push(messageOf(error))
      }
    }
    return { problem: `no identity of the policy has signed it, or it was changed: ${[...new Set(problems)].join('; ')}` }
  }
}
