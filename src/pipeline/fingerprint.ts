import { relative } from 'node:path'
import picomatch from 'picomatch'
import { digestOf, sha256, stableJson, type Digest } from '../core/digest.ts'
import { messageOf } from '../core/errors.ts'
import type { Resource } from '../core/step.ts'
import { displayPath, expandFiles } from '../drivers/files.ts'
import { version } from '../drivers/self.ts'
import { digestOfOutputs, stateName, type OutputContext, type Outputs } from './outputs.ts'
import type { Stage } from './pipeline.ts'
import { secretsIn } from './variables.ts'

/**
 * Everything that can change what a stage does, each thing under a name of its own:
 *
 * | field | value |
 * |---|---|
 * | `plimsoll`, `node`, `platform` | versions, operating system and processor |
 * | `step 1 evaluate` | the step's parameters, variables filled in, secrets by name |
 * | `writes`, `environment` | what the file says of the stage |
 * | `service postgres` | where the service comes from |
 * | `env NAME` | a declared variable |
 * | `secret NAME` | eight hex digits of a hash: enough to notice a change, too few to recover anything |
 * | `reads PATH` | the digest of a file, `missing`, or one digest for a glob of very many files |
 * | `registry NAME`, `environment NAME` | the state of what it reads, where it does not write it itself |
 * | `upstream STAGE` | the digest of the outputs of a stage that it needs |
 * | `verdict STAGE` | where the condition looks at it |
 */
export interface Fingerprint {
  readonly fields: Readonly<Record<string, string>>
  /** The digest of all fields. */
  readonly key: Digest
  /** Why the stage cannot be cached, since something that can change it is not known; empty when all is known. */
  readonly untracked: readonly string[]
}

export interface Upstream {
  readonly outputs: Outputs
  readonly verdict: string
}

export interface FingerprintContext extends OutputContext {
  readonly stateDir: string
  readonly env: Readonly<Record<string, string>>
  /** Where each service of the stage would come from: `local /usr/lib/postgresql/15/bin`. */
  readonly services: Readonly<Record<string, string>>
  readonly upstream: ReadonlyMap<string, Upstream>
}

/** A glob of more files than this is one field. */
const MANY_FILES = 1000
/** Never part of what a stage reads, unless a pattern names them. */
const PASSED_OVER = ['node_modules', '.git']

export async function fingerprintOf(stage: Stage, context: FingerprintContext): Promise<Fingerprint> {
  const { env } = context
  const resources = readsOf(stage, env)
  const writes = writesOf(stage, env)
  const fields: Record<string, string> = {
    plimsoll: version(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    writes: stableJson(stage.writes),
    ...(stage.environment !== null && { environment: stage.environment }),
  }
  stage.steps.forEach(({ id, given }, index) => (fields[`step ${index + 1} ${id}`] = stableJson(given)))
  for (const [name, source] of Object.entries(context.services)) fields[`service ${name}`] = source
  for (const [name, value] of Object.entries(stage.env)) fields[`env ${name}`] = value
  const secrets = resources.flatMap((resource) => (resource.kind === 'secret' && env[resource.name] ? [resource.name] : []))
  for (const name of new Set([...secretsIn([stage.env, stage.steps.map((step) => step.given)]), ...secrets])) {
    fields[`secret ${name}`] = Object.hasOwn(env, name) ? sha256(`${name}\0${env[name]!}`).slice(7, 15) : 'not set'
  }
  for (const need of stage.needs) {
    const upstream = context.upstream.get(need)
    fields[`upstream ${need}`] = upstream ? digestOfOutputs(upstream.outputs) : 'not run'
  }
  for (const name of stage.condition?.stages ?? []) fields[`verdict ${name}`] = context.upstream.get(name)?.verdict ?? 'not run'
  Object.assign(fields, await digestReads(resources, writes, context))
  const untracked = await addStates(fields, resources, writes, context)
  return { fields, key: digestOf(fields), untracked: [...untracked, ...unknowns(stage, resources, writes)] }
}

export function readsOf(stage: Stage, env: Readonly<Record<string, string>>): Resource[] {
  const declared = (stage.reads ?? []).map((path): Resource => ({ kind: 'file', path }))
  return [...declared, ...stage.steps.flatMap((step) => step.reads(env))]
}

export function writesOf(stage: Stage, env: Readonly<Record<string, string>>): Resource[] {
  const declared = stage.writes.map((path): Resource => ({ kind: 'file', path }))
  return [...declared, ...stage.steps.flatMap((step) => step.writes(env))]
}

async function digestReads(
  reads: readonly Resource[],
  writes: readonly Resource[],
  { root, stateDir, digests }: FingerprintContext,
): Promise<Record<string, string>> {
  const patterns = [...new Set(reads.flatMap((resource) => (resource.kind === 'file' ? [resource.path] : [])))]
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const isOwn = pathMatcher(writes.flatMap((resource) => (resource.kind === 'file' ? [resource.path] : [])))
  const isExcluded = pathMatcher([...excluded, relative(root, stateDir) || stateDir])
  const fields: Record<string, string> = {}
  for (const pattern of patterns.filter((pattern) => !pattern.startsWith('!'))) {
    const passedOver = new Set(PASSED_OVER.filter((folder) => !pattern.includes(folder)))
    const found = (await expandFiles(root, pattern))
      .map((absolute) => ({ absolute, path: displayPath(root, absolute) }))
      .filter(({ path }) => !isExcluded(path) && !path.split('/').some((part) => passedOver.has(part)))
    // What the stage writes itself is a result, not a cause, also where it reads it again.
    const files = found.filter(({ path }) => !isOwn(path))
    if (found.length === 0 && !isOwn(pattern)) fields[`reads ${pattern}`] = 'missing'
    const each: Record<string, string> = {}
    for (const { absolute, path } of files) each[`reads ${path}`] = await digests.of(absolute)
    if (files.length > MANY_FILES) fields[`reads ${pattern}`] = `${files.length} files ${digestOf(each)}`
    else Object.assign(fields, each)
  }
  return fields
}

/** Whether a path is one of these, lies in one of these folders, or matches one of these globs. */
function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const clean = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\/+$/, ''))
  const matchesGlob = picomatch(clean, { dot: true })
  return (path) => clean.some((pattern) => path === pattern || path.startsWith(`${pattern}/`)) || matchesGlob(path)
}

async function addStates(
  fields: Record<string, string>,
  reads: readonly Resource[],
  writes: readonly Resource[],
  { hooks }: FingerprintContext,
): Promise<string[]> {
  const own = new Set(writes.map(stateName))
  const untracked: string[] = []
  for (const resource of reads) {
    const name = stateName(resource)
    if (name === undefined || own.has(name)) continue
    try {
      fields[name] = await hooks.resolve(resource)
    } catch (error) {
      untracked.push(`the state of ${name} cannot be told: ${messageOf(error)}`)
    }
  }
  return untracked
}

function unknowns(stage: Stage, reads: readonly Resource[], writes: readonly Resource[]): string[] {
  const hidden = reads.flatMap((resource) =>
    resource.kind === 'unknown' && !(resource.declarable && stage.reads !== null) ? [resource.why] : [],
  )
  const unseen = writes.flatMap((resource) => (resource.kind === 'unknown' ? [resource.why] : []))
  return [...new Set([...hidden, ...unseen])]
}
