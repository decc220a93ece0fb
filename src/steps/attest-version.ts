import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { closing } from '../core/closing.ts'
import type { Digest } from '../core/digest.ts'
import { checkResult, type CheckResult } from '../core/check.ts'
import { UserError } from '../core/errors.ts'
import type { Artifact, Report } from '../core/report.ts'
import type { StepContext } from '../core/step.ts'
import { artifactOf, digestFile, statIfExists, writeFileAtomic } from '../drivers/files.ts'
import { version as toolVersion } from '../drivers/self.ts'
import { finishedStepReports } from '../pipeline/record.ts'
import { versionName, type ModelVersion } from '../registry/model-version.ts'
import type { FileScan } from '../security/file-scan.ts'
import type { Level } from '../security/level.ts'
import { gateOf, GATES, type Gate, type TestGate } from '../signing/gate.ts'
import { shortKeyId } from '../signing/keys.ts'
import { manifestOf, rootDigest } from '../signing/manifest.ts'
import { MODEL_SIGNATURE } from '../signing/model-signature.ts'
import { auditHead } from '../drivers/audit-log.ts'
import { provenance } from '../signing/predicates/provenance.ts'
import { scanResult } from '../signing/predicates/scan-result.ts'
import { testResult } from '../signing/predicates/test-result.ts'
import {
  hexOf,
  PREDICATE_TYPES,
  resource,
  statementOf,
  subjectsOf,
  type ResourceDescriptor,
  type Statement,
} from '../signing/statement.ts'
import { openAttestations } from '../signing/store.ts'
import { builderOf, repositoryOf } from './builder.ts'
import { ATTESTATION_SUFFIX, ATTESTATIONS_FOLDER, entryOf } from './model-evidence.ts'
import { readValidationReports } from './validation-report.ts'
import type { Signer } from './signing-key.ts'

/** The steps whose results make up each gate. What `evaluate` measures stands beside the tests, and is no test by itself. */
const STEPS: Readonly<Record<TestGate, { readonly needs: readonly string[]; readonly with: readonly string[] }>> = {
  'data-validation': { needs: ['validate-schema', 'check-data-quality'], with: [] },
  'model-tests': { needs: ['validate-model'], with: ['evaluate'] },
  fairness: { needs: ['check-fairness'], with: [] },
}
const TEST_GATES = Object.keys(STEPS) as TestGate[]

export interface Attesting {
  readonly version: ModelVersion
  readonly signer: Signer
  /** The scan of exactly these bytes, which has passed. */
  readonly scan: FileScan
  readonly level: Level
  readonly ruleset: string
  /** Path of the model's bytes. */
  readonly modelFile: string
}

/** What was signed for a version, as a check, and the files that it was written to. */
export interface Attested {
  readonly result: CheckResult
  readonly artifacts: readonly Artifact[]
  readonly signed: readonly Gate[]
}

/**
 * Signs everything that is known of a registered version: what the gates of its run found, the scan, what it was made from, and
 * the model itself. It is kept beside the version and written to `results/attestations`.
 */
export async function attestVersion(context: StepContext, attesting: Attesting): Promise<Attested> {
  const { version, signer } = attesting
  const statements = await statementsOf(context, attesting)
  const manifest = await manifestOf(attesting.modelFile)
  if (`sha256:${manifest.entries[0]?.digest}` !== version.digest) {
    throw new UserError(
      'E_CONFLICT',
      `The bytes of ${versionName(version)} changed while they were being signed: ${attesting.modelFile}`,
    )
  }
  const bundles: { readonly gate: Gate; readonly subject: string; readonly bundle: string }[] = []
  for (const statement of statements) {
    bundles.push({ gate: gateOf(statement)!, subject: subjectsOf(statement)[0]!, bundle: await signer.sign(statement) })
  }
  const named = { ...manifest, name: version.file }
  bundles.push({ gate: 'signature', subject: hexOf(rootDigest(manifest.entries)), bundle: await signer.signModel(named) })
  keep(context, attesting, bundles)
  const artifacts = await exportBundles(context.cwd, bundles)
  const signed = bundles.map(({ gate }) => gate)
  return { signed, artifacts, result: resultOf(attesting, signed) }
}

function keep(
  { stateDir }: StepContext,
  { version, signer }: Attesting,
  bundles: readonly { readonly gate: Gate; readonly subject: string; readonly bundle: string }[],
): void {
  closing(openAttestations(stateDir), (store) => {
    for (const each of bundles) {
      store.add({
        ...each,
        model: version.name,
        version: version.version,
        keyId: signer.key?.id ?? '',
        publicKey: signer.key?.pem ?? '',
      })
    }
  })
}

/** Writes each bundle to the folder for others, and removes those of an earlier model. */
async function exportBundles(
  cwd: string,
  bundles: readonly { readonly gate: Gate; readonly bundle: string }[],
): Promise<Artifact[]> {
  const folder = resolve(cwd, ATTESTATIONS_FOLDER)
  await mkdir(folder, { recursive: true })
  await Promise.all(GATES.map((gate) => rm(join(folder, fileOf(gate)), { force: true })))
  const artifacts: Artifact[] = []
  for (const { gate, bundle } of bundles) {
    await writeFileAtomic(join(folder, fileOf(gate)), bundle)
    artifacts.push(
      await artifactOf(cwd, `${ATTESTATIONS_FOLDER}/${fileOf(gate)}`, 'application/vnd.dev.sigstore.bundle.v0.3+json'),
    )
  }
  return artifacts
}

const fileOf = (gate: Gate): string => (gate === 'signature' ? MODEL_SIGNATURE : `${gate}${ATTESTATION_SUFFIX}`)

async function statementsOf(context: StepContext, attesting: Attesting): Promise<Statement[]> {
  const { version, scan, level, ruleset } = attesting
  const subject = { name: version.file, digest: version.digest }
  const reports = await reportsOf(context, version)
  const configuration = await configurationOf(context.cwd)
  const tests = TEST_GATES.flatMap((gate) => {
    const of = reportsFor(gate, reports, version.digest)
    if (of.length === 0) return []
    return [
      statementOf(
        subject,
        PREDICATE_TYPES.testResult,
        testResult({ gate, reports: of, configuration, toolVersion: toolVersion() }),
      ),
    ]
  })
  const facts = {
    verdict: scan.verdict,
    level,
    ruleset,
    formats: scan.formats,
    unexamined: [] as string[],
    at: context.clock.now(),
    toolVersion: toolVersion(),
  }
  return [
    ...tests,
    statementOf(subject, PREDICATE_TYPES.verificationResult, scanResult(facts)),
    statementOf(subject, PREDICATE_TYPES.provenance, provenanceOf(context, version)),
  ]
}

/** What the steps of the version's run have said: of the run that registers it now, else of the one that registered it. */
async function reportsOf({ cwd, stateDir, run }: StepContext, version: ModelVersion): Promise<Report[]> {
  if (run !== null) return finishedStepReports(stateDir, run.id)
  const reports = version.runId === null ? [] : finishedStepReports(stateDir, version.runId)
  return reports.length > 0 ? reports : readValidationReports(cwd)
}

/** The reports that make up a gate: of data, or of exactly this model. */
function reportsFor(gate: TestGate, reports: readonly Report[], model: Digest): Report[] {
  const { needs, with: beside } = STEPS[gate]
  const stepOf = ({ name }: Report) => name.replace(/-\d+$/, '')
  const about = ({ subject }: Report) => gate === 'data-validation' || subject?.digest === model
  const found = reports.filter((report) => needs.includes(stepOf(report)) && about(report))
  return found.length === 0 ? [] : [...reports.filter((report) => beside.includes(stepOf(report)) && about(report)), ...found]
}

async function configurationOf(cwd: string): Promise<ResourceDescriptor[]> {
  const path = resolve(cwd, 'plimsoll.yaml')
  return (await statIfExists(path)) ? [resource('plimsoll.yaml', await digestFile(path))] : []
}

function provenanceOf({ env, stateDir }: StepContext, version: ModelVersion) {
  const { lineage } = version
  const isDigest = (value: string): value is Digest => /^sha256:[0-9a-f]{64}$/.test(value)
  const environment = Object.entries(lineage.environment)
  return provenance({
    auditHead: auditHead(stateDir),
    command: lineage.command,
    parameters: lineage.parameters,
    seed: lineage.seed,
    data: lineage.data && resource(lineage.data.path, lineage.data.digest),
    config: lineage.config && resource(lineage.config.path, lineage.config.digest),
    commit: lineage.code.commit,
    dirty: lineage.code.dirty,
    repository: repositoryOf(env),
    lockFiles: environment.flatMap(([name, value]) => (isDigest(value) ? [resource(name, value)] : [])),
    environment: Object.fromEntries(environment.filter(([, value]) => !isDigest(value))),
    builder: builderOf(env),
    entry: entryOf(version),
    runId: version.runId,
    finishedOn: new Date(version.createdAt),
    toolVersion: toolVersion(),
  })
}

function resultOf({ version, signer }: Attesting, signed: readonly Gate[]): CheckResult {
  const missing = GATES.filter((gate) => !signed.includes(gate))
  const by = signer.key ? `the key ${shortKeyId(signer.key)}` : 'the identity of this CI run'
  const without = missing.length === 0 ? '' : `; no results in this run for ${missing.join(', ')}`
  return checkResult({
    check: 'registry.attestations',
    title: 'What is known of the model is signed',
    verdict: 'pass',
    message: `Signed with ${by}: ${signed.join(', ')} of ${versionName(version)}${without}.`,
    measurements: [
      { name: 'signed', value: signed.length },
      { name: 'key', value: signer.key?.id ?? 'keyless' },
    ],
  })
}
