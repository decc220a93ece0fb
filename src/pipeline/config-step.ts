import { parseDocument } from 'yaml'
import type { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { redactor } from '../core/redact.ts'
import type { Resource, Step } from '../core/step.ts'
import { didYouMean } from '../core/suggest.ts'
import { noteIssues } from './config-issues.ts'
import type { ConfigPath, ConfigSource } from './config-source.ts'
import { toParamNames } from './param-names.ts'
import type { StageStep } from './pipeline.ts'
import { fillEnv, fillSecrets, secretsIn, variablePaths } from './variables.ts'

type Params = Record<string, unknown>
type Env = Readonly<Record<string, string>>

/** Reads one entry of `steps`: `name: { params }`, `name: argument`, or the name alone. Undefined after its mistakes were noted. */
export function readStep(
  source: ConfigSource,
  entry: unknown,
  path: ConfigPath,
  steps: readonly Step[],
  env: Env,
): Omit<StageStep, 'id'> | undefined {
  const named = nameAndParams(entry)
  if (!named) {
    source.mistake('A step is its name and its parameters, for example: - run: npm test', path)
    return undefined
  }
  const [name, raw] = named
  const step = steps.find((step) => step.name === name)
  if (!step) {
    const names = steps.map((step) => step.name)
    const byCommand = steps.find((step) => step.commandName === name)
    const hint = byCommand ? `Did you mean "${byCommand.name}"?` : didYouMean(name, names)
    source.mistake(`There is no step "${name}". ${hint}`, [...path, name], 'key')
    return undefined
  }
  const at = [...path, name]
  const read = paramsOf(source, step, raw, at, env)
  if (!read) return undefined
  const { given, variables } = read
  const secrets = fillSecrets(given, env)
  const checked = parseParams(step.params, secrets.value, variables)
  if (!checked.success) {
    // What a missing secret would have been cannot be judged; its step says so when it starts.
    const unknown = new Set(secrets.missing.length === 0 ? [] : variablePaths(secrets.value))
    const issues = checked.error.issues.filter((issue) => !unknown.has(issue.path.join('\0')))
    noteIssues(source, issues, at, step.params)
    if (issues.length > 0) return undefined
  }
  return bound(step, read, source.locate(at, 'key'))
}

function nameAndParams(entry: unknown): [string, unknown] | undefined {
  if (typeof entry === 'string') return [entry, {}]
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return undefined
  const pairs = Object.entries(entry)
  return pairs.length === 1 ? pairs[0] : undefined
}

interface Given {
  /** The parameters by the names of the code, with `${env.…}` filled in. */
  readonly given: Params
  /** The paths of those that were written with a variable. */
  readonly variables: readonly string[]
}

function paramsOf(source: ConfigSource, step: Step, raw: unknown, at: ConfigPath, env: Env): Given | undefined {
  let written: unknown = raw ?? {}
  if (typeof written !== 'object' && step.argument !== undefined) written = { [step.argument]: written }
  if (typeof written !== 'object' || Array.isArray(written)) {
    source.mistake(`The parameters of ${step.name} are a map of names and values.`, at)
    return undefined
  }
  let mistakes = 0
  const note = (message: string, path: readonly (string | number)[], part: 'key' | 'value') => {
    mistakes++
    source.mistake(message, [...at, ...path], part)
  }
  const renamed = toParamNames(written, step.params, (key, right, path) =>
    note(`"${key}" is written "${right}" here.`, path, 'key'),
  )
  const filled = fillEnv(renamed, env, (message, path) => note(message, path, 'value')) as Params
  return mistakes === 0 ? { given: filled, variables: variablePaths(renamed) } : undefined
}

/**
 * Parameters by their schema. A variable is text at first; where the schema wants something else, the text is read as YAML
 * would read it (`100` a number, `true` a boolean).
 */
function parseParams(schema: z.ZodObject, params: Params, variables: readonly string[]): z.ZodSafeParseResult<Params> {
  const first = schema.safeParse(params, { reportInput: true })
  if (first.success || variables.length === 0) return first
  const wrong = new Set(first.error.issues.map((issue) => issue.path.join('\0')))
  const reread = variables.filter((path) => wrong.has(path))
  if (reread.length === 0) return first
  const changed = structuredClone(params)
  for (const path of reread) rereadAt(changed, path.split('\0'))
  const second = schema.safeParse(changed, { reportInput: true })
  return second.success ? second : first
}

function rereadAt(params: Params, path: readonly string[]): void {
  let holder: Record<string, unknown> = params
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>
  const key = path.at(-1)!
  const scalar: unknown = parseDocument(String(holder[key])).toJS()
  if (typeof scalar === 'number' || typeof scalar === 'boolean') holder[key] = scalar
}

function bound(step: Step, { given, variables }: Given, location: StageStep['location']): Omit<StageStep, 'id'> {
  const parsed = (env: Env) => parseParams(step.params, fillSecrets(given, env).value, variables)
  const resources = (env: Env, list: (params: Params) => readonly Resource[]): readonly Resource[] => {
    const params = parsed(env)
    return params.success ? list(params.data) : [{ kind: 'unknown', why: `a secret of ${step.name} is not set` }]
  }
  return {
    step,
    given,
    location,
    bind(env) {
      const { missing } = fillSecrets(given, env)
      if (missing.length > 0) {
        throw new UserError(
          'E_CONFIG',
          `${step.name} needs ${missing.length === 1 ? 'a secret that is' : 'secrets that are'} not set: ${missing.join(', ')}.`,
          {
            hint: `A secret is an environment variable: set ${missing.join(', ')} where the pipeline runs.`,
            location,
          },
        )
      }
      const params = parsed(env)
      if (params.success) return params.data
      const redact = redactor(secretsIn(given).map((name) => env[name]!))
      const said = params.error.issues.map((issue) => issue.message).join('; ')
      throw new UserError('E_CONFIG', `${step.name}: ${redact(said)}`, { location })
    },
    reads: (env) => resources(env, (params) => step.reads(params)),
    writes: (env) => resources(env, (params) => step.writes(params)),
  }
}
