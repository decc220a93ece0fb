import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { checkResult, type CheckResult, type Measurement } from '../core/check.ts'
import { Duration, formatDuration } from '../core/duration.ts'
import { count } from '../core/counts.ts'
import { shortDigest } from '../core/digest.ts'
import { messageOf } from '../core/errors.ts'
import { stepReport, type Artifact } from '../core/report.ts'
import { defineStep, file, type Resource, type StepContext } from '../core/step.ts'
import { exec } from '../drivers/exec.ts'
import {
  artifactOf,
  digestPath,
  displayPath,
  expandFiles,
  makeFolder,
  requireFile,
  requirePath,
  statIfExists,
  writeFileAtomic,
} from '../drivers/files.ts'
import { version } from '../drivers/self.ts'
import { filesBefore, type FilesBefore } from '../drivers/written-since.ts'
import { commandResult, runCommand } from './command.ts'

const params = z.strictObject({
  command: z
    .string()
    .min(1)
    .meta({ value: 'COMMAND' })
    .describe(
      'The training command, as the shell takes it. {config}, {data}, {model}, {metrics} and {seed} stand for the parameters, as do the variables PLIMSOLL_CONFIG, PLIMSOLL_DATA and so on',
    ),
  config: z.string().optional().meta({ value: 'FILE' }).describe('Its parameters, JSON or YAML; they are recorded'),
  model: z.string().meta({ value: 'PATH' }).describe('The model file or folder that it writes'),
  data: z
    .string()
    .optional()
    .meta({ value: 'PATH' })
    .describe('The training data: a file, a folder or a glob; its digest is recorded'),
  metrics: z.string().optional().meta({ value: 'FILE' }).describe('A JSON file of metrics that it writes'),
  seed: z.int().min(0).default(0).meta({ value: 'N' }).describe('The seed of everything random; also sets PYTHONHASHSEED'),
  timeout: Duration.optional().meta({ value: 'DURATION' }).describe('Stop it after this long, for example 2h'),
  record: z.string().default('results/training.json').meta({ value: 'FILE' }).describe('Where the record of the training goes'),
})
type Params = z.output<typeof params>

const MOST_METRICS = 100
/** Programs whose version says something about the result. */
const TOOLS = /^(?:.*\/)?(python[\d.]*|node|Rscript|julia|java)$/

export const train = defineStep({
  name: 'train',
  summary: 'Train a model with your own command, and record what went into it.',
  params,
  examples: [
    'plimsoll train --command "node scripts/train.mjs" --config configs/training.json --model artifacts/model.onnx',
    'plimsoll train --command "python scripts/train.py --config {config} --seed {seed}" --config configs/training.json --data data/train.parquet --model artifacts/model.pkl --metrics results/training-metrics.json --seed 42',
  ],
  reads: ({ config, data }) => [
    ...[config, data].flatMap((path) => (path === undefined ? [] : [file(path)])),
    { kind: 'unknown', why: 'what the training command reads is not declared: add `reads` to the stage', declarable: true },
  ],
  writes: ({ model, metrics, record }) => [
    file(model),
    ...(metrics === undefined ? [] : [file(metrics)]),
    { kind: 'file', path: record, volatile: true } satisfies Resource,
  ],
  async run(context, params) {
    const { cwd, clock, git } = context
    const [startedAt, start] = [clock.now(), clock.monotonic()]
    const { command, config, data, model, metrics, seed, timeout, record } = params
    if (config !== undefined) await requireFile(cwd, config, 'The training configuration')
    if (data !== undefined && (await expandFiles(cwd, data)).length === 0) await requirePath(cwd, data, 'The training data')
    for (const path of [model, ...(metrics === undefined ? [] : [metrics])]) await makeFolder(dirname(resolve(cwd, path)))
    const inputs = {
      config:
        config === undefined
          ? null
          : { path: config, digest: await digestPath(cwd, config), content: await readConfig(cwd, config) },
      data: data === undefined ? null : { path: data, digest: await digestPath(cwd, data) },
    }
    const [modelBefore, metricsBefore] = [
      await filesBefore(cwd, [model]),
      await filesBefore(cwd, metrics === undefined ? [] : [metrics]),
    ]
    const ended = await runCommand(context, {
      command: fillPlaceholders(command, params),
      env: variables(context, params),
      timeout,
    })

    const outcome = commandResult('train.exit-code', command, ended, timeout)
    const isDone = outcome.verdict === 'pass'
    const trained = isDone ? await modelResult(cwd, model, modelBefore) : null
    const measured = isDone && metrics !== undefined ? await metricsResult(cwd, metrics, metricsBefore) : null
    const tools = await toolVersions(command, context)
    const durationMs = clock.monotonic() - start
    const details = {
      schemaVersion: 1,
      command,
      seed,
      parameters: inputs.config?.content ?? null,
      config: inputs.config && { path: inputs.config.path, digest: inputs.config.digest },
      data: inputs.data,
      model: trained?.artifact ?? null,
      metrics: measured?.values ?? null,
      git,
      tools,
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
    }
    const results = [outcome, ...(trained ? [trained.result] : []), ...(measured ? [measured.result] : [])]
    // A record is written of a model that was made, so that nobody finds one that speaks of another.
    const isTrained = results.every(({ verdict }) => verdict === 'pass')
    if (isTrained) await writeFileAtomic(resolve(cwd, record), `${JSON.stringify(details, null, 2)}\n`)
    const headline = measured?.result.measurements.slice(0, 2).map(({ name, value }) => `${name} ${shown(value)}`) ?? []
    const trouble = results.find(({ verdict }) => verdict !== 'pass')
    return stepReport({
      name: 'train',
      summary:
        trouble?.message ?? [`${model} trained in ${formatDuration(ended.durationMs)}, seed ${seed}`, ...headline].join(', '),
      startedAt,
      durationMs,
      results,
      subject: { kind: 'model', name: model, ...(trained?.artifact && { digest: trained.artifact.digest }) },
      artifacts: [
        ...(trained?.artifact ? [trained.artifact] : []),
        ...(isTrained ? [await artifactOf(cwd, record, 'application/json')] : []),
      ],
      details,
    })
  },
})

const shown = (value: Measurement['value']) => (typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value))

/** Each placeholder as one word of the shell. Braces that are none of ours stay. */
function fillPlaceholders(command: string, { config, data, model, metrics, seed }: Params): string {
  const values: Readonly<Record<string, string | undefined>> = { config, data, model, metrics, seed: String(seed) }
  return command.replace(/\{(config|data|model|metrics|seed)\}/g, (placeholder, name: string) => {
    const value = values[name]
    return value === undefined ? placeholder : shellWord(value)
  })
}

function shellWord(text: string): string {
  if (/^[\w./:@%+=,-]+$/.test(text)) return text
  return process.platform === 'win32' ? `"${text.replaceAll('"', '""')}"` : `'${text.replaceAll("'", "'\\''")}'`
}

function variables({ env }: StepContext, { config, data, model, metrics, seed }: Params): Record<string, string> {
  return {
    PLIMSOLL_MODEL: model,
    PLIMSOLL_SEED: String(seed),
    ...(config !== undefined && { PLIMSOLL_CONFIG: config }),
    ...(data !== undefined && { PLIMSOLL_DATA: data }),
    ...(metrics !== undefined && { PLIMSOLL_METRICS: metrics }),
    ...(env['PYTHONHASHSEED'] === undefined && { PYTHONHASHSEED: String(seed % 4294967296) }),
  }
}

/** The parameters as data; a configuration in another language is recorded by its digest alone. */
async function readConfig(cwd: string, path: string): Promise<unknown> {
  const text = await readFile(resolve(cwd, path), 'utf8')
  try {
    if (extname(path) === '.json') return JSON.parse(text) as unknown
    return ['.yaml', '.yml'].includes(extname(path)) ? (parseYaml(text) as unknown) : null
  } catch {
    return null
  }
}

/** A model that is there, but was not written by this command, was not trained by it. */
async function modelResult(
  cwd: string,
  model: string,
  before: FilesBefore,
): Promise<{ result: CheckResult; artifact: Artifact | null }> {
  const base = { check: 'train.model', title: `Model ${model}`, expected: `the command writes ${model}` }
  const found = await statIfExists(resolve(cwd, model))
  if (!found || (found.isDirectory() && (await expandFiles(cwd, model)).length === 0)) {
    return {
      result: checkResult({ ...base, verdict: 'error', message: `The command did not write ${model}.`, actual: 'nothing there' }),
      artifact: null,
    }
  }
  if ((await before.written()).length === 0) {
    const message = `${model} is from an earlier run: the command did not write it.`
    const hint = 'Check where the command writes its model; it is told by {model} and PLIMSOLL_MODEL.'
    return { result: checkResult({ ...base, verdict: 'error', message, actual: 'an older file', hint }), artifact: null }
  }
  const artifact = found.isDirectory() ? await folderArtifact(cwd, model) : await artifactOf(cwd, model)
  if (artifact.bytes === 0) {
    return {
      result: checkResult({ ...base, verdict: 'error', message: `${model} is empty.`, actual: '0 bytes' }),
      artifact: null,
    }
  }
  const actual = `${count(artifact.bytes, 'byte')}, sha256 ${shortDigest(artifact.digest)}`
  return { result: checkResult({ ...base, verdict: 'pass', message: `${model}: ${actual}`, actual }), artifact }
}

async function folderArtifact(cwd: string, folder: string): Promise<Artifact> {
  const files = await Promise.all((await expandFiles(cwd, folder)).map((path) => artifactOf(cwd, path)))
  return {
    path: displayPath(cwd, folder),
    digest: await digestPath(cwd, folder),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

async function metricsResult(cwd: string, path: string, before: FilesBefore): Promise<{ result: CheckResult; values: unknown }> {
  const base = { check: 'train.metrics', title: `Metrics ${path}` }
  const broken = (message: string) => ({ result: checkResult({ ...base, verdict: 'error', message }), values: null })
  if ((await before.written()).length === 0) {
    return broken(
      (await before.untouched()).length > 0
        ? `${path} is from an earlier run: the command did not write it.`
        : `The command did not write ${path}.`,
    )
  }
  let values: unknown
  try {
    values = JSON.parse(await readFile(resolve(cwd, path), 'utf8'))
  } catch (error) {
    return broken(`${path} is not JSON: ${messageOf(error)}`)
  }
  const measurements = numbersIn(values).slice(0, MOST_METRICS)
  if (measurements.length === 0) return broken(`${path} holds no number: nothing was measured.`)
  const message = `${path}: ${count(measurements.length, 'number')}`
  return { result: checkResult({ ...base, verdict: 'pass', message, measurements }), values }
}

/** `{ test: { auc: 0.9 } }` → `test.auc` 0.9 */
function numbersIn(value: unknown, path: readonly string[] = []): Measurement[] {
  if (typeof value === 'number') return [{ name: path.join('.') || 'value', value }]
  if (value === null || typeof value !== 'object' || path.length > 5) return []
  return Object.entries(value).flatMap(([key, member]) => numbersIn(member, [...path, key]))
}

/** Plimsoll's version, and that of the program that the command begins with. */
async function toolVersions(command: string, { cwd, env, signal }: StepContext): Promise<Record<string, string>> {
  const tools: Record<string, string> = { plimsoll: version() }
  const [program] = command.trim().split(/\s+/)
  const name = TOOLS.exec(program ?? '')?.[1]
  if (program === undefined || name === undefined) return tools
  const { tail, exitCode } = await exec([program, '--version'], { cwd, env, signal, timeout: 10_000 })
  if (exitCode === 0 && tail[0] !== undefined) tools[name] = tail[0].trim()
  return tools
}
