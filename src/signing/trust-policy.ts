import { z } from 'zod'
import { Duration } from '../core/duration.ts'
import { GATES, type Gate } from './gate.ts'
import type { PublicKey } from './keys.ts'

const GateName = z.enum(GATES)
const Commit = z.string().regex(/^[0-9a-f]{7,64}$/, 'Write a commit as 7 to 64 hex digits')
const Version = z.string().regex(/^\d+(\.\d+){0,2}$/, 'Write a version as 1.2.3')

/** Who is trusted, and what a model must show. The content of `trust.yaml`. */
export const TrustDocument = z.strictObject({
  keys: z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          file: z.string().describe('The public half of a key, relative to this file'),
          for: z.array(GateName).min(1).describe('What it may speak of; everything when not given'),
        }),
      ]),
    )
    .default([])
    .describe('Public keys that are trusted, as paths of .pub files'),
  identities: z
    .array(
      z.strictObject({
        issuer: z.string().describe('Who vouches for it: https://token.actions.githubusercontent.com'),
        subject: z.string().describe('Who it is: the address of a workflow, or an e-mail address'),
        for: z.array(GateName).min(1).optional().describe('What it may speak of; everything when not given'),
      }),
    )
    .default([])
    .describe('Identities of Sigstore that are trusted, for keyless signatures'),
  require: z
    .array(GateName)
    .default([...GATES])
    .describe('What must be there, signed and passed'),
  maxAge: Duration.optional().describe('How old what was measured may be'),
  cleanTree: z.boolean().default(false).describe('The source must have been committed'),
  scanLevel: z
    .enum(['strict', 'framework'])
    .default('framework')
    .describe('The level that the security scan was passed at, at least'),
  rulesets: z.array(z.string()).optional().describe('The rulesets of the security scan that are accepted, by digest'),
  minimumVersion: Version.optional().describe('The oldest Plimsoll that may have measured'),
  builders: z.array(z.string()).optional().describe('Who may have made the model: the id in its provenance'),
  commits: z.array(Commit).optional().describe('The commits that the model may come from'),
})
export type TrustSettings = z.output<typeof TrustDocument>

/** A key that is trusted, for some gates or for all. */
export interface TrustedKey {
  readonly key: PublicKey
  /** How the key is called in messages: its file. */
  readonly name: string
  readonly for: readonly Gate[] | null
}

/** An identity that Sigstore's certificates speak of. */
export interface TrustedIdentity {
  readonly issuer: string
  readonly subject: string
  readonly for: readonly Gate[] | null
}

/** What a model is held against. */
export interface TrustPolicy extends Pick<
  TrustSettings,
  'require' | 'maxAge' | 'cleanTree' | 'scanLevel' | 'rulesets' | 'minimumVersion' | 'builders' | 'commits'
> {
  readonly keys: readonly TrustedKey[]
  readonly identities: readonly TrustedIdentity[]
}
