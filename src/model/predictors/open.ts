import { extname, join, resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { Predictor } from '../../core/predictor.ts'
import { requirePath, statIfExists } from '../../drivers/files.ts'
import type { PredictorOptions } from './options.ts'
import { parseCallable } from './python-callable.ts'

export type { PredictorOptions } from './options.ts'

type Open = (path: string, name: string, options: PredictorOptions) => Promise<Predictor>

const onnx: Open = async (...given) => (await import('./onnx.ts')).openOnnxPredictor(...given)
const python: Open = async (...given) => (await import('./python.ts')).openPythonPredictor(...given)
const mlflow: Open = async (...given) => (await import('./mlflow.ts')).openMlflowPredictor(...given)
const file: Open = async (path, name, { cwd }) => (await import('./file.ts')).openFilePredictor(path, name, cwd)

const BY_EXTENSION: Readonly<Record<string, Open>> = {
  '.onnx': onnx,
  '.pkl': python,
  '.pickle': python,
  '.joblib': python,
  '.parquet': file,
  '.csv': file,
  '.tsv': file,
  '.jsonl': file,
  '.ndjson': file,
}

/**
 * Makes a predictor of a model: an ONNX file (run in this process), a pickle or joblib file or an MLflow model (run in a Python child,
 * once `options.admit` has let its files pass), the project's own Python code (`my_package.model:predict`), an http(s) address that
 * speaks the Open Inference Protocol, or a file of predictions.
 *
 * @throws UserError E_FILE_MISSING, E_MODEL_FORMAT for a file of unknown kind, and what the kinds throw
 */
export async function openPredictor(model: string, options: PredictorOptions): Promise<Predictor> {
  if (/^https?:\/\//i.test(model)) return (await import('./http.ts')).openHttpPredictor(model, options)
  const callable = parseCallable(model)
  if (callable && !(await statIfExists(resolve(options.cwd, model)))) {
    return (await import('./python-callable.ts')).openCallablePredictor(callable, model, options)
  }
  const path = await requirePath(options.cwd, model, 'The model')
  const open = await kindOf(path, model)
  if (open === undefined) {
    throw new UserError('E_MODEL_FORMAT', `${model} is no model that can be run`, {
      hint: 'Known: .onnx; .pkl, .pickle, .joblib; a folder with an MLmodel file; module:name of Python code; an http(s) address; predictions as .parquet, .csv or .jsonl.',
    })
  }
  return open(path, model, options)
}

/** Undefined for a file or a folder that no predictor is for. */
async function kindOf(path: string, model: string): Promise<Open | undefined> {
  if (/(^|[\\/])MLmodel$/.test(path)) return mlflow
  if ((await statIfExists(path))?.isDirectory()) return (await statIfExists(join(path, 'MLmodel')))?.isFile() ? mlflow : undefined
  return BY_EXTENSION[extname(model.replace(/\.gz$/i, '')).toLowerCase()]
}
