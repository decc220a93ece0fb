import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { HardeningFinding } from './finding.ts'
import type { Repository } from './repository.ts'

/** Says what the content of a file is: `['zip', 'torch', 'pickle']`. */
export type FormatsOf = (absolute: string) => Promise<readonly string[]>

/** Names that say a pickle, whatever the first bytes look like: pickles of protocol 0 are text. */
const NAMED = /\.(?:pkl|pickle|p|joblib|dill|sav|pt|pth|ckpt|bin|npy|npz|model)$/i
const LARGEST = 4 * 2 ** 30

/** Files of the repository that are, or hold, pickles. Pointers of Git LFS are text and no pickles. */
export async function pickledModels(
  { root, files }: Repository,
  binary: readonly string[],
  formatsOf: FormatsOf,
  signal: AbortSignal | undefined,
): Promise<HardeningFinding[]> {
  const candidates = [...new Set([...binary, ...files.filter((path) => NAMED.test(path))])].toSorted()
  const findings: HardeningFinding[] = []
  for (const path of candidates) {
    signal?.throwIfAborted()
    const stats = await lstat(join(root, path)).catch(() => undefined)
    if (!stats?.isFile() || stats.size === 0 || stats.size > LARGEST) continue
    const formats = await formatsOf(join(root, path))
    if (!formats.includes('pickle')) continue
    const inside = formats[0] === 'pickle' ? 'is a pickle' : `holds a pickle (${formats.join(' > ')})`
    findings.push({
      rule: 'model.pickle',
      message: `${path} ${inside}`,
      replacement: `git rm --cached ${path}; keep the model as ONNX or safetensors in a registry`,
      file: path,
    })
  }
  return findings
}
