import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { UserError } from '../core/errors.ts'
import type { Step } from '../core/step.ts'
import { didYouMean } from '../core/suggest.ts'
import { readConfigSource, type ConfigPath, type ConfigSource } from './config-source.ts'
import { FileSchema, isStageName, StageSchema } from './config-schema.ts'
import { noteIssues } from './config-issues.ts'
import { readStep } from './config-step.ts'
import { ExpressionError, parseExpression, type Expression } from './expression.ts'
import { ancestorsOf, findCycle } from './graph.ts'
import type { Pipeline, ServiceRequest, Stage, StageStep } from './pipeline.ts'
import { fillEnv } from './variables.ts'

export { editorSchema } from './config-schema.ts'

export interface LoadOptions {
  /** The steps that the file may use. */
  readonly steps: readonly Step[]
  /** For `${env.NAME}`. */
  readonly env: Readonly<Record<string, string>>
  /** How the file is called in messages; its path when not given. */
  readonly display?: string
}

/**
 * Reads a pipeline file. All mistakes are reported together, each with its line.
 *
 * @throws UserError E_FILE_MISSING, E_CONFIG (`frame` holds all mistakes with their lines), E_CONFIG_CYCLE
 */
export async function loadPipeline(path: string, options: LoadOptions): Promise<Pipeline> {
  const absolute = resolve(path)
  let text: string
  try {
    text = await readFile(absolute, 'utf8')
  } catch (error) {
    throw new UserError('E_FILE_MISSING', `The pipeline file cannot be read: ${path}`, {
      hint: 'Name another file with --config, or make one with a `stages:` map in it.',
      cause: error,
    })
  }
  return parsePipeline(text, absolute, options)
}

/** A pipeline from the text of its file; `path` is absolute, and names the pipeline when the text does not. */
export function parsePipeline(text: string, path: string, { steps, env, display = path }: LoadOptions): Pipeline {
  const source = readConfigSource(text, display, env)
  const file = parseAt(source, FileSchema, source.value ?? {}, [])
  if (!file) throw failed(source)
  const shared = fillEnv(file.env, env, (message, at) => source.mistake(message, ['env', ...at]))
  const stages = Object.entries(file.stages).flatMap(([name, raw]) => readStage(source, name, raw, shared, steps, env) ?? [])
  checkNeeds(source, stages, Object.keys(file.stages))
  source.throwMistakes()
  checkCycle(source, stages)
  checkConditions(source, stages)
  checkWriters(source, stages)
  source.throwMistakes()
  return deepFreeze({ name: file.name ?? basename(dirname(path)), path, stages })
}

/** The value as the schema has it, or undefined after its mistakes were noted. */
function parseAt<Schema extends z.ZodType>(
  source: ConfigSource,
  schema: Schema,
  value: unknown,
  path: ConfigPath,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value, { reportInput: true })
  if (parsed.success) return parsed.data
  noteIssues(source, parsed.error.issues, path, schema)
  return undefined
}

function failed(source: ConfigSource): never {
  source.throwMistakes()
  throw new Error('a pipeline file was refused without a mistake')
}

function readStage(
  source: ConfigSource,
  name: string,
  raw: unknown,
  shared: Readonly<Record<string, string>>,
  steps: readonly Step[],
  env: Readonly<Record<string, string>>,
): Stage | undefined {
  const path = ['stages', name]
  if (!isStageName(name)) source.mistake(`"${name}" cannot name a stage: use letters, digits, - and _.`, path, 'key')
  const stage = parseAt(source, StageSchema, raw, path) ?? withoutMistakes(raw)
  if (!stage) return undefined
  const read = readSteps(source, stage.steps ?? [], path, steps, env)
  const own = fillEnv(stage.env, env, (message, at) => source.mistake(message, [...path, 'env', ...at]))
  return {
    name,
    needs: stage.needs,
    condition: stage.if === undefined ? null : readCondition(source, stage.if, [...path, 'if']),
    environment: stage.environment ?? null,
    env: { ...shared, ...own },
    services: Object.fromEntries(
      Object.entries(stage.services).flatMap(([service, request]): [string, ServiceRequest][] =>
        request === undefined ? [] : [[service, { optional: request.optional, via: ('via' in request && request.via) || null }]],
      ),
    ),
    timeout: stage.timeout ?? null,
    retries: stage.retries,
    cache: stage.cache,
    reads: stage.reads ?? null,
    writes: stage.writes,
    steps: read,
    location: source.locate(path, 'key'),
  }
}

/** What is right in a stage that has mistakes, so that the mistakes in the rest of it are seen in the same go. */
function withoutMistakes(raw: unknown) {
  const { error } = StageSchema.safeParse(raw)
  if (raw === null || typeof raw !== 'object' || !error) return undefined
  const wrong = new Set(
    error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1))),
  )
  const right = Object.fromEntries(Object.entries(raw).filter(([key]) => !wrong.has(key)))
  return StageSchema.partial({ steps: true }).safeParse(right).data
}

function readSteps(
  source: ConfigSource,
  raw: readonly unknown[],
  stagePath: ConfigPath,
  steps: readonly Step[],
  env: Readonly<Record<string, string>>,
): StageStep[] {
  const seen = new Map<string, number>()
  return raw.flatMap((entry, index) => {
    const read = readStep(source, entry, [...stagePath, 'steps', index], steps, env)
    if (!read) return []
    const count = (seen.get(read.step.name) ?? 0) + 1
    seen.set(read.step.name, count)
    return [{ ...read, id: count === 1 ? read.step.name : `${read.step.name}-${count}` }]
  })
}

function readCondition(source: ConfigSource, text: string, path: ConfigPath): Expression | null {
  try {
    return parseExpression(text)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    source.mistake(`${error.message}${/[.!?]$/.test(error.message) ? '' : '.'}`, path, 'value', error.column)
    return null
  }
}

function checkNeeds(source: ConfigSource, stages: readonly Stage[], names: readonly string[]): void {
  for (const { name, needs } of stages) {
    needs.forEach((need, index) => {
      const path = ['stages', name, 'needs', index]
      if (need === name) source.mistake(`A stage cannot need itself.`, path)
      else if (!names.includes(need)) {
        const others = names.filter((other) => other !== name)
        source.mistake(`There is no stage "${need}". ${didYouMean(need, others)}`.trim(), path)
      }
    })
  }
}

function checkCycle(source: ConfigSource, stages: readonly Stage[]): void {
  const cycle = findCycle(stages)
  if (!cycle) return
  source.mistake(`These stages need each other in a circle: ${cycle.join(' -> ')}.`, ['stages', cycle[0]!, 'needs'], 'key')
  source.throwMistakes('E_CONFIG_CYCLE')
}

/** The verdict of a stage is known only to the stages after it. */
function checkConditions(source: ConfigSource, stages: readonly Stage[]): void {
  for (const { name, condition } of stages) {
    const before = ancestorsOf(name, stages)
    for (const stage of condition?.stages ?? []) {
      if (before.has(stage)) continue
      const column = condition!.text.indexOf(`stages.${stage}`) + 1
      source.mistake(
        `"${name}" does not need "${stage}", so its verdict is not known. Add it to needs.`,
        ['stages', name, 'if'],
        'value',
        column,
      )
    }
  }
}

/** Two stages that write one file, with no order between them, would leave now this content and now that. */
function checkWriters(source: ConfigSource, stages: readonly Stage[]): void {
  const writers = new Map<string, Stage[]>()
  for (const stage of stages) {
    const files = new Set([
      ...stage.writes,
      ...stage.steps.flatMap((step) => step.writes({}).flatMap((resource) => (resource.kind === 'file' ? [resource.path] : []))),
    ])
    for (const path of files) writers.set(path, [...(writers.get(path) ?? []), stage])
  }
  for (const [path, [first, ...others]] of writers) {
    for (const other of others) {
      if (ancestorsOf(other.name, stages).has(first!.name) || ancestorsOf(first!.name, stages).has(other.name)) continue
      source.mistake(
        `"${first!.name}" and "${other.name}" both write ${path}, and neither needs the other. Give one another file, or let it need the other.`,
        ['stages', other.name],
        'key',
      )
    }
  }
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value) && !(value as { run?: unknown }).run) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
