import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import type { CheckResult, Measurement } from '../core/check.ts'
import { Duration, formatDuration } from '../core/duration.ts'
import { UserError } from '../core/errors.ts'
import { stepReport } from '../core/report.ts'
import { defineStep, file, type Resource } from '../core/step.ts'
import { artifactOf, digestPath, expandFiles, makeFolder, requireFile, requirePath, writeFileAtomic } from '../drivers/files.ts'
import { filesBefore } from '../drivers/written-since.ts'
import { commandResult, runCommand } from './command.ts'
import { fillPlaceholders, toolVersions, trainingVariables } from './train-command.ts'
import { metricsResult, modelResult } from './train-results.ts'

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
    const { cwd, clock } = context
    const [startedAt, start] = [clock.now(), clock.monotonic()]
    const { command, model, metrics, seed, timeout, record } = params
    const inputs = await readInputs(cwd, params)
    const outputs = [model, ...(metrics === undefined ? [] : [metrics])]
    for (const path of outputs) await makeFolder(dirname(resolve(cwd, path)))
    const [modelBefore, metricsBefore] = [await filesBefore(cwd, [model]), await filesBefore(cwd, outputs.slice(1))]
    const ended = await runCommand(context, {
      command: fillPlaceholders(command, params),
      env: trainingVariables(context, params),
      timeout,
    })

    const outcome = commandResult('train.exit-code', command, ended, timeout)
    const isDone = outcome.verdict === 'pass'
    const trained = isDone ? await modelResult(cwd, model, modelBefore) : null
    const measured = isDone && metrics !== undefined ? await metricsResult(cwd, metrics, metricsBefore) : null
    const results = [outcome, ...(trained ? [trained.result] : []), ...(measured ? [measured.result] : [])]
    const durationMs = clock.monotonic() - start
    const details = {
      schemaVersion: 1,
      command,
      seed,
      ...inputs,
      model: trained?.artifact ?? null,
      metrics: measured?.values ?? null,
      git: context.git,
      tools: await toolVersions(command, context),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(durationMs),
    }
    // A record is written of a model that was made, so that nobody finds one that speaks of another.
    const isTrained = results.every(({ verdict }) => verdict === 'pass')
    if (isTrained) await writeFileAtomic(resolve(cwd, record), `${JSON.stringify(details, null, 2)}\n`)
    return stepReport({
      name: 'train',
      summary: summaryOf(params, results, ended.durationMs),
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

/** What goes into the model, as it is before the command runs. */
async function readInputs(cwd: string, { config, data }: Params) {
  if (config !== undefined) await requireFile(cwd, config, 'The training configuration')
  if (data !== undefined && (await expandFiles(cwd, data)).length === 0) {
    await requirePath(cwd, data, 'The training data')
    throw new UserError('E_FILE_MISSING', `There are no training data in ${data}`, {
      hint: 'Name the file, or the folder that holds it.',
    })
  }
  return {
    parameters: config === undefined ? null : await readConfig(cwd, config),
    config: config === undefined ? null : { path: config, digest: await digestPath(cwd, config) },
    data: data === undefined ? null : { path: data, digest: await digestPath(cwd, data) },
  }
}

function summaryOf({ model, seed }: Params, results: readonly CheckResult[], trainingMs: number): string {
  const trouble = results.find(({ verdict }) => verdict !== 'pass')
  if (trouble) return trouble.message
  const numbers = results.flatMap(({ measurements }) => measurements).slice(0, 2)
  const headline = numbers.map(({ name, value }) => `${name} ${shown(value)}`)
  return [`${model} trained in ${formatDuration(trainingMs)}, seed ${seed}`, ...headline].join(', ')
}

const shown = (value: Measurement['value']) => (typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value))

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
