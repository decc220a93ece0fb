import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { digestOf, sha256, type Digest } from '../../../core/digest.ts'
import { UserError } from '../../../core/errors.ts'
import type { Predictor } from '../../../core/predictor.ts'
import { expandFiles } from '../../../drivers/files.ts'
import { readMlmodel, type MlflowModel } from './mlflow-model.ts'
import type { PredictorOptions } from '../options.ts'
import { openInPython } from './predictor.ts'

const MLMODEL = 'MLmodel'
/** Types of a signature that a column of doubles is brought to when no value is lost by it. */
const TYPES: Readonly<Record<string, string>> = { long: 'int64', integer: 'int32', boolean: 'bool' }

/**
 * A predictor for a folder that MLflow has written. `admit` must let every file in it pass; then the one that holds the model is
 * loaded, in Python or by ONNX Runtime, from bytes of the digest that was scanned. Symbolic links in the folder are not followed.
 *
 * @param path the folder, or its MLmodel file
 * @throws UserError E_MODEL_UNSCANNED, E_MODEL_FORMAT, and what the kinds of models throw
 */
export async function openMlflowPredictor(path: string, name: string, options: PredictorOptions): Promise<Predictor> {
  const folder = basename(path) === MLMODEL ? dirname(path) : path
  const digests: Record<string, Digest> = {}
  for (const file of await expandFiles(folder, '.')) {
    digests[relative(folder, file).split(sep).join('/')] = await options.admit(file)
  }
  const shown = basename(path) === MLMODEL ? name : `${name.replace(/[\\/]$/, '')}/${MLMODEL}`
  const text = await readFile(join(folder, MLMODEL))
  if (sha256(text) !== digests[MLMODEL]) throw changed(name)
  const model = readMlmodel(text.toString('utf8'), shown)
  const file = join(folder, model.file)
  const digest = digests[model.file]
  if (digest === undefined) {
    throw new UserError('E_FILE_MISSING', `${shown} says that the model is in ${model.file}, which the folder does not hold`)
  }
  if (model.kind === 'onnx') return (await import('../onnx/onnx.ts')).openOnnxPredictor(file, name, options)
  const { features, types } = columnsOf(model)
  const load = { kind: model.kind, path: file, digest, class: model.class, trusted: model.trusted, types }
  return openInPython({ load, digest: digestOf(digests), features }, name, options)
}

function columnsOf({ inputs }: MlflowModel): { features: string[] | null; types: Record<string, string> } {
  const declared = inputs.flatMap(({ name, type }) => (TYPES[type] === undefined ? [] : [[name, TYPES[type]] as const]))
  return { features: inputs.length > 0 ? inputs.map(({ name }) => name) : null, types: Object.fromEntries(declared) }
}

const changed = (name: string): UserError =>
  new UserError('E_MODEL_UNSCANNED', `${name} has changed since it was scanned; it was not loaded`)
