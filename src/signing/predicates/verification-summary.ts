import type { Digest } from '../../core/digest.ts'
import { hexOf, type ResourceDescriptor } from '../statement.ts'

/** What was verified before a model was let through: https://slsa.dev/spec/v1.2/verification_summary */
export interface VerificationSummary {
  readonly verifier: { readonly id: string; readonly version: Readonly<Record<string, string>> }
  readonly timeVerified: string
  /** Where the model is going. */
  readonly resourceUri: string
  readonly policy: ResourceDescriptor
  readonly inputAttestations: readonly ResourceDescriptor[]
  readonly verificationResult: 'PASSED' | 'FAILED'
  readonly verifiedLevels: readonly string[]
}

export interface SummaryFacts {
  readonly at: Date
  readonly resourceUri: string
  readonly policy: { readonly name: string; readonly digest: Digest }
  readonly inputs: readonly { readonly name: string; readonly digest: Digest }[]
  readonly passed: boolean
  /** The gates that hold. */
  readonly gates: readonly string[]
  readonly toolVersion: string
}

export function verificationSummary({
  at,
  resourceUri,
  policy,
  inputs,
  passed,
  gates,
  toolVersion,
}: SummaryFacts): VerificationSummary {
  return {
    verifier: { id: 'https://www.npmjs.com/package/plimsoll#verify', version: { plimsoll: toolVersion } },
    timeVerified: at.toISOString(),
    resourceUri,
    policy: { uri: policy.name, digest: { sha256: hexOf(policy.digest) } },
    inputAttestations: inputs.map(({ name, digest }) => ({ uri: name, digest: { sha256: hexOf(digest) } })),
    verificationResult: passed ? 'PASSED' : 'FAILED',
    verifiedLevels: gates.map((gate) => `PLIMSOLL_${gate.replaceAll('-', '_').toUpperCase()}`),
  }
}
