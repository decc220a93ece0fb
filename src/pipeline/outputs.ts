import { chmod, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { digestOf, type Digest } from '../core/digest.ts'
import type { Resource } from '../core/step.ts'
import type { BlobStore } from '../drivers/blobs.ts'
import { displayPath, expandFiles, statIfExists } from '../drivers/files.ts'
import type { FileDigests } from './file-digests.ts'
import type { RunHooks } from './run-options.ts'

export interface OutputFile {
  readonly digest: Digest
  /** Permission bits. */
  readonly mode: number
  readonly volatile: boolean
}

/** What a stage or a step has left: files by their path in the project, and the states of environments and of the registry. */
export interface Outputs {
  readonly files: Readonly<Record<string, OutputFile>>
  /** `environment staging` → the line that `RunHooks.resolve` answered. */
  readonly states: Readonly<Record<string, string>>
}

export const NO_OUTPUTS: Outputs = { files: {}, states: {} }

/** What captures, checks and restores outputs works with. */
export interface OutputContext {
  readonly root: string
  readonly blobs: BlobStore
  readonly digests: FileDigests
  readonly hooks: Pick<RunHooks, 'resolve'>
}

/** The name of a resource that has a state: `environment staging`; undefined for others. */
export function stateName(resource: Resource): string | undefined {
  return resource.kind === 'environment' || resource.kind === 'registry' ? `${resource.kind} ${resource.name}` : undefined
}

/** Takes down what is there of these resources, and keeps a copy of each file. */
export async function captureOutputs(resources: readonly Resource[], context: OutputContext): Promise<Outputs> {
  const { root, blobs, hooks } = context
  const files: Record<string, OutputFile> = {}
  const states: Record<string, string> = {}
  for (const resource of resources) {
    const name = stateName(resource)
    if (name !== undefined) states[name] = await hooks.resolve(resource)
    if (resource.kind !== 'file') continue
    for (const path of await expandFiles(root, resource.path)) {
      const { digest } = await blobs.putFile(path)
      const { mode } = await stat(path)
      files[displayPath(root, path)] = { digest, mode: mode & 0o777, volatile: resource.volatile ?? false }
    }
  }
  return { files, states }
}

/** The later outputs over the earlier ones. */
export function mergeOutputs(...outputs: readonly Outputs[]): Outputs {
  return {
    files: Object.assign({}, ...outputs.map(({ files }) => files)) as Outputs['files'],
    states: Object.assign({}, ...outputs.map(({ states }) => states)) as Outputs['states'],
  }
}

/** What later stages see of outputs; volatile files are left out. */
export function digestOfOutputs({ files, states }: Outputs): Digest {
  const lasting = Object.entries(files).flatMap(([path, { digest, volatile }]) => (volatile ? [] : [[path, digest]]))
  return digestOf({ files: Object.fromEntries(lasting) as unknown, states })
}

/**
 * Puts back every file that is missing or different. All copies are verified before the first file is touched.
 *
 * @throws UserError E_NOT_FOUND or E_STATE when a copy is gone or damaged
 */
export async function restoreFiles(files: Outputs['files'], { root, blobs, digests }: OutputContext): Promise<string[]> {
  const different: [string, OutputFile][] = []
  for (const [path, file] of Object.entries(files)) {
    const absolute = resolve(root, path)
    const found = await statIfExists(absolute)
    if (found?.isFile() && (await digests.of(absolute)) === file.digest) continue
    await blobs.verified(file.digest)
    different.push([path, file])
  }
  for (const [path, { digest, mode }] of different) {
    await blobs.copyTo(digest, resolve(root, path))
    await chmod(resolve(root, path), mode)
  }
  return different.map(([path]) => path)
}

/** The first state that is no longer as it was, as a sentence; undefined when all are. */
export async function movedState(states: Outputs['states'], hooks: Pick<RunHooks, 'resolve'>): Promise<string | undefined> {
  for (const [name, before] of Object.entries(states)) {
    const [kind, ...rest] = name.split(' ')
    const now = await hooks.resolve({ kind: kind as 'environment' | 'registry', name: rest.join(' ') })
    if (now !== before) return `${name} moved from ${before} to ${now}`
  }
  return undefined
}
