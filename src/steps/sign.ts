import { join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { closing } from '../core/closing.ts'
import { count } from '../core/counts.ts'
import { shortDigest, type Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { stepReport, type Artifact } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { artifactOf, displayPath, statIfExists, writeFileAtomic } from '../drivers/files.ts'
import { versionName } from '../registry/model-version.ts'
import { openRegistry } from '../registry/registry.ts'
import { scanPath } from '../security/scan.ts'
import { shortKeyId } from '../signing/keys.ts'
import { manifestOf, rootDigest, type Manifest } from '../signing/manifest.ts'
import { requireAdmitted, scanForAdmission } from './admit-model.ts'
import { attestVersion } from './attest-version.ts'
import { signaturePlace } from './model-evidence.ts'
import { requireSigner, signingParams, signingReads, type Signer } from './signing-key.ts'

const params = z.strictObject({
  model: z
    .string()
    .meta({ value: 'MODEL' })
    .describe('A model file, a folder, or a registered version: name/3, name@alias or name'),
  ...signingParams,
  output: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe('Where the signature of a file or folder goes; model.sig beside the file, or in the folder'),
})
type Params = z.output<typeof params>

interface Signed {
  readonly name: string
  readonly digest: Digest
  readonly results: readonly CheckResult[]
  readonly artifacts: readonly Artifact[]
}

export const sign = defineStep({
  name: 'sign',
  summary: 'Sign a model: its files, or all that is known of a registered version.',
  params,
  argument: 'model',
  examples: [
    'plimsoll sign artifacts/model.onnx --key keys/ci.key',
    'plimsoll sign models/encoder --key keys/ci.key --output encoder.sig',
    'plimsoll sign mortgage/3 --key keys/ci.key',
  ],
  reads: ({ model }) => [file(model), ...signingReads, { kind: 'unknown', why: 'a signature is made anew each time' }],
  writes: ({ output }) => (output === undefined ? [] : [{ kind: 'file', path: output, volatile: true }]),
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    const signer = await requireSigner(context, params)
    const path = resolve(context.cwd, params.model)
    const { name, digest, results, artifacts } = (await statIfExists(path))
      ? await signPath(context, path, signer, params)
      : await signVersion(context, signer, params)
    return stepReport({
      name: 'sign',
      summary: `${name} (${shortDigest(digest)})`,
      subject: { kind: 'model', name, digest },
      startedAt,
      durationMs: context.clock.monotonic() - started,
      results,
      artifacts,
    })
  },
})

/** Signs files in the OpenSSF Model Signing format. What has not passed the scan is not signed, nor is anything but what was scanned. */
async function signPath(context: StepContext, path: string, signer: Signer, { output }: Params): Promise<Signed> {
  const place = output === undefined ? await signaturePlace(path) : resolve(context.cwd, output)
  const scans = await scanPath(path, { signal: context.signal, display: (each) => displayPath(context.cwd, each) })
  const manifest = await manifestOf(path, { except: [place] })
  if (manifest.entries.length === 0)
    throw new UserError('E_FILE_MISSING', `There are no files to sign in ${displayPath(context.cwd, path)}`)
  const scanned = new Map(scans.map((scan) => [resolve(context.cwd, scan.path), scan]))
  for (const { name, digest } of manifest.entries) {
    const full = name === '.' ? path : join(path, name)
    const scan = scanned.get(full)
    if (scan) requireAdmitted(scan, displayPath(context.cwd, full), 'signed')
    if (scan?.digest !== `sha256:${digest}`) {
      throw new UserError('E_CONFLICT', `${displayPath(context.cwd, full)} changed while it was being signed`, {
        hint: 'Sign it again when nothing writes to it.',
      })
    }
  }
  await writeFileAtomic(place, await signer.signModel(manifest))
  const artifact = await artifactOf(context.cwd, place, 'application/vnd.dev.sigstore.bundle.v0.3+json')
  return {
    name: displayPath(context.cwd, path),
    digest: manifest.entries[0]!.name === '.' ? `sha256:${manifest.entries[0]!.digest}` : rootDigest(manifest.entries),
    results: [signedResult(manifest, signer, artifact.path)],
    artifacts: [artifact],
  }
}

function signedResult({ entries, ignored }: Manifest, { key }: Signer, place: string): CheckResult {
  const left = ignored.filter((path) => path.split(sep).length === 1).length
  const by = key ? `the key ${shortKeyId(key)}` : 'the identity of this CI run'
  const note = key?.type === 'ed25519' ? ' The package model-signing of PyPI takes no Ed25519 keys; plimsoll verify does.' : ''
  return checkResult({
    check: 'sign.model',
    title: 'The model is signed',
    verdict: 'pass',
    message: `${count(entries.length, 'file')} signed with ${by} in ${place}.${note}`,
    measurements: [
      { name: 'files', value: entries.length },
      { name: 'ignored', value: left },
      { name: 'key', value: key?.id ?? 'keyless' },
    ],
  })
}

/** Signs what is known of a registered version, from the record of its run: for a job that holds the key and runs nothing else. */
async function signVersion(context: StepContext, signer: Signer, { model, output }: Params): Promise<Signed> {
  if (output !== undefined) {
    throw new UserError('E_USAGE', '--output is for files: what is signed of a version is kept in the registry', {
      hint: 'Leave --output out.',
    })
  }
  const { version, path } = await closing(openRegistry(context.stateDir), async (registry) => {
    const version = registry.resolve(model)
    return { version, path: await registry.modelBlob(version) }
  })
  const { scan, level, ruleset } = await scanForAdmission(context, path, version.file)
  requireAdmitted(scan, versionName(version), 'signed')
  const { result, artifacts } = await attestVersion(context, { version, signer, scan, level, ruleset, modelFile: path })
  return { name: versionName(version), digest: version.digest, results: [result], artifacts }
}
