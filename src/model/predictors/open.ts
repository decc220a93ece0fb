import { extname, join, resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { requireWhole, type Predictor } from '../../core/predictor.ts'
import { requirePath, statIfExists } from '../../drivers/files.ts'
import type { PredictorOptions } from './options.ts'
import { parseCallable } from './python/callable.ts'

export type { PredictorOptions } from './options.ts'

type Open = (path: string, name: string, options: PredictorOptions) => Promise<Predictor>

const onnx: Open = async (...given) => (await import('./onnx/onnx.ts')).openOnnxPredictor(...given)
const python: Open = async (...given) => (await import('./python/python.ts')).openPythonPredictor(...given)
const file: Open = async (...given) => (await import('./file/file.ts')).openFilePredictor(...given)
const mlflow: Open = async (...given) => (await import('./python/mlflow.ts')).openMlflowPredictor(...given)

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

/** Whether a model is an address to ask. */
export const isEndpoint = (model: string): boolean => /^https?:\/\//i.test(model)

/**
 * Makes a predictor of a model: an ONNX file, a pickle or joblib file or an MLflow model (run in a Python child,
 * once `options.admit` has let its files pass), the project's own Python code (`my_package.model:predict`), an http(s) address that
 * answers for a model, or a file of predictions.
 *
 * @throws UserError E_FILE_MISSING, E_MODEL_FORMAT for a file of unknown kind, and what the kinds throw
 */
export async function openPredictor(model: string, options: PredictorOptions): Promise<Predictor> {
  return accountable(await openAny(model, options), options.batchSize)
}

async function openAny(model: string, options: PredictorOptions): Promise<Predictor> {
  if (isEndpoint(model)) return (await import('./http/http.ts')).openHttpPredictor(model, options)
  const callable = parseCallable(model)
  if (callable && !(await statIfExists(resolve(options.cwd, model)))) {
    return (await import('./python/callable.ts')).openCallablePredictor(callable, model, options)
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

/** Rows in are rows out, whichever predictor it is. */
function accountable(predictor: Predictor, batchSize: number | undefined): Predictor {
  const { kind, name, digest, features, datatypes = null, importances } = predictor
  return {
    kind,
    name,
    digest,
    features,
    datatypes,
    importances,
    predict: async (table, options = {}) =>
      requireWhole(
        await predictor.predict(table, batchSize === undefined ? options : { batchSize, ...options }),
        table.rowCount,
        name,
      ),
    close: () => predictor.close(),
  }
}

/** Undefined for a file or a folder that no predictor is for. */
async function kindOf(path: string, model: string): Promise<Open | undefined> {
  if (/(^|[\\/])MLmodel$/.test(path)) return mlflow
  if ((await statIfExists(path))?.isDirectory()) return (await statIfExists(join(path, 'MLmodel')))?.isFile() ? mlflow : undefined
  return BY_EXTENSION[extname(model.replace(/\.gz$/i, '')).toLowerCase()]
}
