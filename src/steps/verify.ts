import { resolve } from 'node:path'
import { z } from 'zod'
import { closing } from '../core/closing.ts'
import { count } from '../core/counts.ts'
import { shortDigest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { displayPath, statIfExists } from '../drivers/files.ts'
import { openRegistry } from '../registry/registry.ts'
import { parseReference } from '../registry/reference.ts'
import { ATTESTATIONS_FOLDER } from './model-evidence.ts'
import { describeKeys, findPolicy, policyOfKeys, TRUST_FILE, trustParam, type NamedPolicy } from './trust-file.ts'
import { verifyPath, verifyVersion, type Verified } from './verify-model.ts'

const params = z.strictObject({
  model: z
    .string()
    .meta({ value: 'MODEL' })
    .describe('A model file, a folder, or a registered version: name/3, name@alias or name'),
  trust: trustParam,
  key: z
    .array(z.string())
    .default([])
    .meta({ value: 'FILE' })
    .describe('A public key that is trusted, instead of a policy: all that is signed must be signed by one of these'),
  attestations: z
    .array(z.string())
    .optional()
    .meta({ value: 'PATH' })
    .describe(`Signed statements, as files or folders of them; for files ${ATTESTATIONS_FOLDER} when that exists`),
  signature: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe('The signature of the model itself; model.sig beside the file or in the folder when that exists'),
})
type Params = z.output<typeof params>

export const verify = defineStep({
  name: 'verify',
  summary: 'Check the signatures of a model, and hold what was signed against a policy.',
  params,
  argument: 'model',
  examples: [
    'plimsoll verify mortgage/3',
    'plimsoll verify artifacts/model.onnx --key keys/ci.pub',
    'plimsoll verify mortgage@champion --trust trust.yaml',
  ],
  reads: ({ model, trust, key, attestations, signature }) => [
    ...(isReference(model) ? [{ kind: 'registry', name: parseReference(model).name } as const] : []),
    ...[model, trust ?? TRUST_FILE, ...key, ...(attestations ?? [ATTESTATIONS_FOLDER]), ...(signature ? [signature] : [])].map(
      file,
    ),
    { kind: 'unknown', why: 'what was signed grows old' },
  ],
  writes: () => [],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const policy = await policyFor(context, params)
    const verified = await verifyNamed(context, params, policy)
    const { results, accepted, gates, name, digest } = verified
    return stepReport({
      name: 'verify',
      summary: `${name} (${shortDigest(digest)}): ${askedFor(policy, gates.length)}${count(accepted.length, 'statement')} signed`,
      subject: { kind: 'model', name, digest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results,
      details: {
        policy: { name: policy.name, digest: policy.digest, keys: describeKeys(policy.policy) },
        gates,
        statements: accepted.map(({ name, gate, by, statement }) => ({ name, gate, by, predicateType: statement.predicateType })),
      },
    })
  },
})

/** `3 of 5 asked for by trust.yaml, `; nothing where nothing was asked for. */
function askedFor({ policy, name }: NamedPolicy, kept: number): string {
  return policy.require.length === 0 ? '' : `${kept} of ${policy.require.length} asked for by ${name}, `
}

async function policyFor(context: StepContext, { trust, key }: Params): Promise<NamedPolicy> {
  if (key.length > 0 && trust !== undefined) {
    throw new UserError('E_USAGE', 'Both --trust and --key say who is trusted', {
      hint: 'Name the key in the policy, or give --key alone.',
    })
  }
  if (key.length > 0) return policyOfKeys(context, key)
  const policy = await findPolicy(context, trust)
  if (policy) return policy
  throw new UserError('E_USAGE', 'It is not known whom to trust', {
    hint: `Name a public key with --key, or write a policy: ${TRUST_FILE}. See docs/guides/signing.md.`,
  })
}

async function verifyNamed(
  context: StepContext,
  { model, attestations, signature }: Params,
  policy: NamedPolicy,
): Promise<Verified> {
  const places = { ...(attestations !== undefined && { attestations }), signature }
  const path = resolve(context.cwd, model)
  // A file is a file, whatever the registry has of that name: what is verified must be what was named.
  if (await statIfExists(path)) return verifyPath(context, path, displayPath(context.cwd, path), { policy, places })
  if (!isReference(model)) {
    throw new UserError('E_FILE_MISSING', `The model does not exist: ${model}`, { hint: `Looked for ${path}.` })
  }
  const version = closing(openRegistry(context.stateDir), (registry) => registry.resolve(model))
  return verifyVersion(context, version, { policy, places })
}

function isReference(model: string): boolean {
  try {
    parseReference(model)
    return true
  } catch {
    return false
  }
}
