import { z } from 'zod'
import type { Finding } from '../core/check.ts'
import { firstIssue } from '../core/issues.ts'
import { signBundle } from './bundle.ts'
import type { SigningKey } from './keys.ts'
import { byParts, HASHES, manifestOf, rootDigest, type HashName, type Manifest } from './manifest.ts'
import { encodeStatement, PREDICATE_TYPES, statementOf, type Statement } from './statement.ts'

/** The file that a model's signature is kept in, as model-signing calls it. */
export const MODEL_SIGNATURE = 'model.sig'

/** OpenSSF Model Signing, version 1.0: https://github.com/ossf/model-signing-spec, as model-signing 1.1 of PyPI writes it. */
const Predicate = z.looseObject({
  serialization: z.looseObject({
    method: z.enum(['files', 'shards']),
    hash_type: z.string(),
    allow_symlinks: z.boolean(),
    ignore_paths: z.array(z.string()).default([]),
    shard_size: z.int().positive().optional(),
  }),
  resources: z
    .array(z.looseObject({ name: z.string(), algorithm: z.string(), digest: z.string().regex(/^([0-9a-f]{2})+$/) }))
    .min(1),
})

/** Signs a model: the digest of every file, so that a file that is added, taken away or changed is noticed. */
export function signModel(manifest: Manifest, key: SigningKey): string {
  return signBundle(encodeStatement(modelStatement(manifest)), key, key.public.hints.modelSigning)
}

export function modelStatement({ name, entries, ignored }: Manifest): Statement {
  return statementOf({ name, digest: rootDigest(entries) }, PREDICATE_TYPES.modelSignature, {
    serialization: {
      method: 'files',
      hash_type: 'sha256',
      allow_symlinks: false,
      ...(ignored.length > 0 && { ignore_paths: ignored }),
    },
    resources: entries.map((entry) => ({ ...entry })),
  })
}

/**
 * What is not as a model signature says, file by file; none when the model is the one that was signed. The signature itself is
 * verified elsewhere.
 *
 * @param path of the model, absolute
 * @param except files in its folder that are no part of it, such as the signature
 * @throws UserError as `manifestOf`
 */
export async function compareWithSignature(statement: Statement, path: string, except: readonly string[]): Promise<Finding[]> {
  const parsed = Predicate.safeParse(statement.predicate)
  if (!parsed.success) return [wrong(`the model signature is not one of version 1.0: ${firstIssue(parsed.error)}`)]
  const { serialization, resources } = parsed.data
  const signed = new Map(resources.map(({ name, digest }) => [name, digest]))
  const [subject] = statement.subject
  if (signed.size !== resources.length) return [wrong('the model signature names a file twice')]
  if (subject?.digest?.['sha256'] !== rootDigest(resources).slice('sha256:'.length)) {
    return [wrong('the model signature contradicts itself: its digest is not that of the files that it names')]
  }
  if (serialization.allow_symlinks) return [wrong('the model signature allows symbolic links, which can lead to anything')]
  const hash = hashNamed(serialization.hash_type)
  if (hash === undefined || resources.some(({ algorithm }) => hashNamed(algorithm) !== hash)) {
    return [wrong(`the model signature uses the hash ${serialization.hash_type}, which cannot be computed here`)]
  }
  const shardSize = serialization.method === 'shards' ? serialization.shard_size : undefined
  if (serialization.method === 'shards' && shardSize === undefined)
    return [wrong('the model signature does not say how large its pieces are')]
  const { name, entries } = await manifestOf(path, { except, hash, ...(shardSize !== undefined && { shardSize }) })
  const found = new Map(entries.map((entry) => [entry.name, entry.digest]))
  // A model that is one file has the name "." in its own signature.
  const shown = (entry: string) => (entry === '.' ? name : entry)
  return [...new Set([...signed.keys(), ...found.keys()])].toSorted(byParts).flatMap((entry) => {
    const [before, now] = [signed.get(entry), found.get(entry)]
    if (before === now) return []
    if (now === undefined) return [wrong(`${shown(entry)} is in the signed manifest and is missing`)]
    if (before === undefined) return [wrong(`${shown(entry)} is not in the signed manifest`)]
    return [wrong(`${shown(entry)}: its ${hash} is ${now}, and the signature speaks of ${before}`)]
  })
}

const hashNamed = (name: string): HashName | undefined => (Object.hasOwn(HASHES, name) ? (name as HashName) : undefined)

const wrong = (message: string): Finding => ({ message, severity: 'error', rule: 'signature.model' })
