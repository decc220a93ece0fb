import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Digest } from '../core/digest.ts'
import { UserError } from '../core/errors.ts'
import { firstIssue } from '../core/issues.ts'
import type { StepContext } from '../core/step.ts'
import { digestFile, digestPath, displayPath, readJsonFile, requirePath, statIfExists } from '../drivers/files.ts'
import type { Lineage, LineageFile } from '../registry/model-version.ts'

/** Where the `train` step keeps its record. */
export const TRAINING_FILE = 'results/training.json'

const Digest256 = z.custom<Digest>((value) => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value))
const NamedFile = z.looseObject({ path: z.string(), digest: Digest256 })

/** What is read of a training record; it may hold more. */
const TrainingRecord = z.looseObject({
  model: z.looseObject({ digest: Digest256 }),
  parameters: z.unknown(),
  config: NamedFile.nullish(),
  data: NamedFile.nullish(),
  git: z.looseObject({ commit: z.string().nullable(), dirty: z.boolean() }).nullish(),
  seed: z.number().nullish(),
  command: z.string().nullish(),
  tools: z.record(z.string(), z.string()).nullish(),
})
type TrainingRecord = z.output<typeof TrainingRecord>

export interface LineageSources {
  readonly modelDigest: Digest
  readonly training?: string | undefined
  readonly config?: string | undefined
  readonly data?: string | undefined
}

/** Files that fix which packages a training ran with. */
const LOCK_FILES = [
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'requirements.txt',
  'uv.lock',
  'poetry.lock',
  'Pipfile.lock',
  'pdm.lock',
  'conda-lock.yml',
]

/**
 * What a model was made from: from the record of its training, and from the flags, which have the last word. `stale` says
 * that there is a record, which is of another model and was therefore not used.
 *
 * @throws UserError E_FILE_MISSING, E_FILE_FORMAT; E_CONFLICT when a record that was asked for is of another model
 */
export async function lineageOf(context: StepContext, sources: LineageSources): Promise<{ lineage: Lineage; stale: boolean }> {
  const found = await readTraining(context.cwd, sources.training)
  const stale = found !== null && found.model.digest !== sources.modelDigest
  if (stale && sources.training !== undefined) {
    throw new UserError('E_CONFLICT', `${sources.training} is the record of another model`, {
      hint: 'Train again with plimsoll train, or name the record of this model with --training.',
    })
  }
  const record = stale ? null : found
  const code = record?.git ?? context.git
  return {
    stale,
    lineage: {
      data: await namedFile(context.cwd, sources.data, 'The training data', record?.data),
      config: await namedFile(context.cwd, sources.config, 'The training configuration', record?.config),
      code: { commit: code.commit, dirty: code.dirty },
      environment: await environmentOf(context.cwd, record?.tools ?? { node: process.versions.node }),
      command: record?.command ?? null,
      seed: record?.seed ?? null,
      parameters: record?.parameters ?? null,
    },
  }
}

async function readTraining(cwd: string, path: string | undefined): Promise<TrainingRecord | null> {
  if (path === undefined && !(await statIfExists(resolve(cwd, TRAINING_FILE)))) return null
  const shown = path ?? TRAINING_FILE
  const parsed = TrainingRecord.safeParse(await readJsonFile(cwd, shown, 'The training record'))
  if (parsed.success) return parsed.data
  throw new UserError('E_FILE_FORMAT', `${shown} is not a training record: ${firstIssue(parsed.error)}`, {
    hint: 'plimsoll train writes it; train again, or remove the file.',
  })
}

async function namedFile(
  cwd: string,
  given: string | undefined,
  what: string,
  recorded: LineageFile | null | undefined,
): Promise<LineageFile | null> {
  if (given === undefined) return recorded ? { path: recorded.path, digest: recorded.digest } : null
  await requirePath(cwd, given, what)
  return { path: displayPath(cwd, given), digest: await digestPath(cwd, given) }
}

async function environmentOf(cwd: string, tools: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const environment: Record<string, string> = { ...tools, platform: process.platform, arch: process.arch }
  for (const name of LOCK_FILES) {
    const path = join(cwd, name)
    if (await statIfExists(path)) environment[name] = await digestFile(path)
  }
  return environment
}
