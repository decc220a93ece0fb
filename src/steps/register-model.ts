import { resolve } from 'node:path'
import { z } from 'zod'
import { checkResult, type CheckResult } from '../core/check.ts'
import { closing } from '../core/closing.ts'
import { count } from '../core/counts.ts'
import { shortDigest, type Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type StepContext } from '../core/step.ts'
import { artifactOf, displayPath, readJsonFile, requireFile, statIfExists } from '../drivers/files.ts'
import { versionName, type ModelVersion } from '../registry/model-version.ts'
import { requireAlias, requireModelName } from '../registry/reference.ts'
import { openRegistry } from '../registry/registry.ts'
import { actorOf } from './actor.ts'
import { requireAdmitted, scanForAdmission, type AdmissionScan } from './admit-model.ts'
import { attestVersion } from './attest-version.ts'
import { lineageOf, TRAINING_FILE } from './lineage.ts'
import { ATTESTATIONS_FOLDER } from './model-evidence.ts'
import { MODEL_VERSION_FILE, writeModelVersionFile } from './model-version-file.ts'
import { findSigner, signingParams, signingReads } from './signing-key.ts'
import { gateReports } from './gate-reports.ts'

const METRICS_FILE = 'results/metrics.json'

const params = z.strictObject({
  model: z.string().default('artifacts/model.onnx').meta({ value: 'FILE' }).describe('The model'),
  name: z.string().meta({ value: 'NAME' }).describe('What the model is called in the registry'),
  alias: z.string().optional().meta({ value: 'NAME' }).describe('Points this alias to the version, for example challenger'),
  training: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe(`The record of its training; ${TRAINING_FILE} when that exists`),
  config: z.string().optional().meta({ value: 'FILE' }).describe('The training configuration, when the record does not name it'),
  data: z.string().optional().meta({ value: 'PATH' }).describe('The training data, when the record does not name it'),
  metrics: z.string().optional().meta({ value: 'FILE' }).describe(`Its metrics; ${METRICS_FILE} when that exists`),
  ...signingParams,
})
type Params = z.output<typeof params>

export const registerModel = defineStep({
  name: 'register-model',
  summary: 'Keep a model as an immutable, numbered version with its lineage.',
  params,
  examples: [
    'plimsoll register-model --name mortgage --model artifacts/model.onnx',
    'plimsoll register-model --name mortgage --config configs/training.json --data data/raw --alias challenger',
    'plimsoll register-model --name mortgage --key keys/ci.key',
  ],
  reads: ({ model, training, config, data, metrics }) => [
    file(model),
    file(training ?? TRAINING_FILE),
    file(metrics ?? METRICS_FILE),
    ...[config, data].filter((path) => path !== undefined).map(file),
    ...signingReads,
  ],
  writes: ({ name }) => [
    file(MODEL_VERSION_FILE),
    { kind: 'registry', name },
    { kind: 'file', path: ATTESTATIONS_FOLDER, volatile: true },
  ],
  async run(context, params) {
    const startedAt = context.clock.now()
    const started = context.clock.monotonic()
    requireModelName(params.name)
    if (params.alias !== undefined) requireAlias(params.alias)
    const path = await requireFile(context.cwd, params.model, 'The model')
    const parts = { name: 'register-model', startedAt }
    const duration = () => context.clock.monotonic() - started

    const signer = await findSigner(context, params)
    const admission = await admit(context, path)
    if ('refused' in admission) {
      const results = [admission.refused]
      return stepReport({ ...parts, summary: `${params.model} was not registered`, results, durationMs: duration() })
    }
    const { version, isNew, unused, previous } = await register(context, params, path, admission.scan.digest)
    await writeModelVersionFile(context.cwd, MODEL_VERSION_FILE, version)
    const attested = signer && (await attestVersion(context, { version, signer, ...admission, modelFile: path }))
    return stepReport({
      ...parts,
      summary: `${versionName(version)} (${shortDigest(version.digest)}), ${isNew ? 'new' : 'registered before'}${previous === undefined ? '' : `, ${params.alias}`}`,
      subject: { kind: 'model', name: versionName(version), digest: version.digest },
      results: [
        versionResult(version, isNew),
        lineageResult(version, unused),
        ...aliasResult(params, version, previous),
        ...(attested ? [attested.result] : []),
      ],
      artifacts: [await artifactOf(context.cwd, MODEL_VERSION_FILE, 'application/json'), ...(attested?.artifacts ?? [])],
      details: {
        version: version.version,
        isNew,
        lineage: version.lineage,
        lineageDigest: version.lineageDigest,
        metrics: version.metrics,
        ...(attested && { signed: attested.signed, signingKey: signer.key?.id ?? null }),
      },
      durationMs: duration(),
    })
  },
})

/** A model that does not pass is a gate that says no, not a question that could not be decided. */
async function admit(context: StepContext, path: string): Promise<AdmissionScan | { refused: CheckResult }> {
  try {
    const admission = await scanForAdmission(context, path)
    requireAdmitted(admission.scan, displayPath(context.cwd, path), 'loaded')
    return admission
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'E_MODEL_UNSCANNED') throw error
    const refused = checkResult({
      check: 'registry.admission',
      title: 'The model may be registered',
      verdict: 'fail',
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    })
    return { refused }
  }
}

async function register(context: StepContext, params: Params, path: string, digest: Digest) {
  const { lineage, stale } = await lineageOf(context, { ...params, modelDigest: digest })
  const { metrics, isStale } = await readMetrics(context.cwd, params.metrics, digest)
  const unused = [...(stale ? [TRAINING_FILE] : []), ...(isStale ? [METRICS_FILE] : [])]
  return closing(openRegistry(context.stateDir), async (registry) => {
    const { version, isNew } = await registry.register({
      name: params.name,
      modelFile: path,
      digest,
      lineage,
      metrics,
      reports: await gateReports(context, digest),
      runId: context.run?.id ?? null,
      by: actorOf(context),
      at: context.clock.now(),
    })
    const move = { name: params.name, version: version.version, by: context.run?.id ?? actorOf(context), at: context.clock.now() }
    const previous = params.alias === undefined ? undefined : registry.moveAlias({ ...move, alias: params.alias }).previousVersion
    return { version, isNew, unused, previous }
  })
}

function versionResult(version: ModelVersion, isNew: boolean): CheckResult {
  return checkResult({
    check: 'registry.version',
    title: 'The model has a version of its own',
    verdict: 'pass',
    message: isNew
      ? `Registered as ${versionName(version)}, ${count(version.bytes, 'byte')}, ${version.digest}.`
      : `The same weights with the same lineage are ${versionName(version)} already, since ${version.createdAt}.`,
    measurements: [
      { name: 'version', value: version.version },
      { name: 'size', value: version.bytes, unit: 'bytes' },
    ],
  })
}

/** `unused`: files that were found, and are of another model. */
function lineageResult({ lineage }: ModelVersion, unused: readonly string[]): CheckResult {
  const parts = {
    data: lineage.data,
    configuration: lineage.config,
    commit: lineage.code.commit,
    'training command': lineage.command,
  }
  const known = Object.keys(parts).filter((name) => parts[name as keyof typeof parts] !== null)
  const unknown = Object.keys(parts).filter((name) => !known.includes(name))
  const told = [known.length > 0 && `known: ${known.join(', ')}`, unknown.length > 0 && `not known: ${unknown.join(', ')}`]
  return checkResult({
    check: 'registry.lineage',
    title: 'It is known what the model was made from',
    verdict: unused.length > 0 ? 'warn' : 'pass',
    message: `${unused.length > 0 ? `of another model, and not used: ${unused.join(' and ')}; ` : ''}${told.filter(Boolean).join('; ')}.`,
    measurements: [{ name: 'uncommitted changes', value: lineage.code.dirty }],
    ...(unused.length > 0 && { hint: 'Train and evaluate again, or name the right files with --training and --metrics.' }),
  })
}

function aliasResult({ alias }: Params, version: ModelVersion, previous: number | null | undefined): CheckResult[] {
  if (alias === undefined || previous === undefined) return []
  const from = previous === null ? 'it is new' : previous === version.version ? 'as before' : `before: version ${previous}`
  const message = `${alias} points to ${versionName(version)} (${from}).`
  return [checkResult({ check: 'registry.alias', title: `The alias ${alias}`, verdict: 'pass', message })]
}

/** Metrics that say that they are of another model are not this one's. */
async function readMetrics(cwd: string, path: string | undefined, digest: Digest) {
  if (path === undefined && !(await statIfExists(resolve(cwd, METRICS_FILE)))) return { metrics: {}, isStale: false }
  const metrics = await readObject(cwd, path ?? METRICS_FILE)
  const subject = metrics['model'] as { digest?: unknown } | null | undefined
  const isStale = typeof subject?.digest === 'string' && subject.digest !== digest
  if (isStale && path !== undefined) {
    throw new UserError('E_CONFLICT', `${path} holds the metrics of another model`, {
      hint: 'Evaluate this model with plimsoll evaluate, or name its metrics with --metrics.',
    })
  }
  return { metrics: isStale ? {} : metrics, isStale }
}

async function readObject(cwd: string, path: string): Promise<Record<string, unknown>> {
  const value = await readJsonFile(cwd, path, 'The metrics file')
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new UserError('E_FILE_FORMAT', `The metrics file is not a JSON object: ${path}`, {
    hint: 'plimsoll evaluate writes one; another has its numbers under their names, such as {"accuracy": 0.9}.',
  })
}
