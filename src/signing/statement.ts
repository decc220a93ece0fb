import { z } from 'zod'
import type { Digest } from '../core/digest.ts'
import { messageOf } from '../core/errors.ts'
import { firstIssue } from '../core/issues.ts'

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
/** What cosign 2 writes. */
const OLD_STATEMENT_TYPE = 'https://in-toto.io/Statement/v0.1'

export const PREDICATE_TYPES = {
  testResult: 'https://in-toto.io/attestation/test-result/v0.1',
  verificationResult: 'https://in-toto.io/attestation/svr/v0.1',
  provenance: 'https://slsa.dev/provenance/v1',
  verificationSummary: 'https://slsa.dev/verification_summary/v1',
  modelSignature: 'https://model_signing/signature/v1.0',
} as const

/** A file or anything else that has a digest, in a statement: `ResourceDescriptor` of in-toto. */
export interface ResourceDescriptor {
  readonly name?: string
  readonly uri?: string
  /** By algorithm, in hex: `{ sha256: '…' }`, `{ gitCommit: '…' }`. */
  readonly digest?: Readonly<Record<string, string>>
  readonly mediaType?: string
  readonly annotations?: Readonly<Record<string, unknown>>
}

/** What somebody says of one thing. */
export interface Statement<Predicate = unknown> {
  readonly _type: string
  readonly subject: readonly ResourceDescriptor[]
  readonly predicateType: string
  readonly predicate: Predicate
}

const StatementDocument = z.looseObject({
  _type: z.enum([STATEMENT_TYPE, OLD_STATEMENT_TYPE]),
  subject: z
    .array(z.looseObject({ name: z.exactOptional(z.string()), digest: z.record(z.string(), z.string()) }))
    .min(1)
    .max(100_000),
  predicateType: z.string(),
  predicate: z.unknown(),
})

/** A model that statements are about: its name, and the digest of its file, or of the manifest of its folder. */
export interface ModelSubject {
  readonly name: string
  readonly digest: Digest
}

export const hexOf = (digest: Digest): string => digest.slice('sha256:'.length)

/** A resource with its SHA-256. */
export const resource = (name: string, digest: Digest): ResourceDescriptor => ({ name, digest: { sha256: hexOf(digest) } })

export function statementOf<Predicate>(subject: ModelSubject, predicateType: string, predicate: Predicate): Statement<Predicate> {
  return { _type: STATEMENT_TYPE, subject: [resource(subject.name, subject.digest)], predicateType, predicate }
}

export const encodeStatement = (statement: Statement): Buffer => Buffer.from(JSON.stringify(statement), 'utf8')

/** A statement from the payload of a bundle, or why it is none. */
export function parseStatement(payload: Uint8Array): Statement | { readonly problem: string } {
  try {
    const parsed = StatementDocument.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')))
    return parsed.success ? parsed.data : { problem: `its payload is not an in-toto statement: ${firstIssue(parsed.error)}` }
  } catch (error) {
    return { problem: `its payload is not JSON: ${messageOf(error)}` }
  }
}

/** The SHA-256 digests that a statement is about, in hex. */
export const subjectsOf = ({ subject }: Statement): string[] => subject.flatMap(({ digest }) => digest?.['sha256'] ?? [])
