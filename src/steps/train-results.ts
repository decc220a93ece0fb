import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkResult, type CheckResult, type Measurement } from '../core/check.ts'
import { count } from '../core/counts.ts'
import { shortDigest } from '../core/digest.ts'
import { messageOf } from '../core/errors.ts'
import type { Artifact } from '../core/report.ts'
import { artifactOf, digestPath, displayPath, expandFiles, statIfExists } from '../drivers/files.ts'
import type { FilesBefore } from '../drivers/written-since.ts'

const MOST_METRICS = 100

/** A model that is there, but was not written by this command, was not trained by it. */
export async function modelResult(
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

/** The metrics that the command has just written, each number in them a measurement. */
export async function metricsResult(
  cwd: string,
  path: string,
  before: FilesBefore,
): Promise<{ result: CheckResult; values: unknown }> {
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
