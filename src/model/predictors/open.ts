import { extname } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { requireWhole, type Predictor } from '../../core/predictor.ts'
import { requirePath, statIfExists } from '../../drivers/files.ts'
import type { PredictorOptions } from './options.ts'

export type { PredictorOptions } from './options.ts'

type Open = (path: string, name: string, options: PredictorOptions) => Promise<Predictor>

const onnx: Open = async (...given) => (await import('./onnx.ts')).openOnnxPredictor(...given)
const python: Open = async (...given) => (await import('./python.ts')).openPythonPredictor(...given)
const file: Open = async (...given) => (await import('./file.ts')).openFilePredictor(...given)

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
 * Makes a predictor of a model: an ONNX file (run in this process), a pickle or joblib file (run in a Python child, once
 * `options.admit` has let it pass), an http(s) address that answers for a model, or a file of predictions.
 *
 * @throws UserError E_FILE_MISSING, E_MODEL_FORMAT for a file of unknown kind, and what the kinds throw
 */
export async function openPredictor(model: string, options: PredictorOptions): Promise<Predictor> {
  return accountable(await openAny(model, options), options.batchSize)
}

async function openAny(model: string, options: PredictorOptions): Promise<Predictor> {
  if (isEndpoint(model)) return (await import('./http.ts')).openHttpPredictor(model, options)
  const path = await requirePath(options.cwd, model, 'The model')
  const open = BY_EXTENSION[extname(model.replace(/\.gz$/i, '')).toLowerCase()]
  if (open === undefined || !(await statIfExists(path))?.isFile()) {
    throw new UserError('E_MODEL_FORMAT', `${model} is no model that can be run`, {
      hint: 'Known: .onnx; .pkl, .pickle, .joblib; an http(s) address; predictions as .parquet, .csv or .jsonl.',
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
