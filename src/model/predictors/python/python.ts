import type { Predictor } from '../../../core/predictor.ts'
import type { PredictorOptions } from '../options.ts'
import { openInPython } from './predictor.ts'

/**
 * A predictor for a pickle or joblib file: one Python child process loads it, after `admit` has let the file pass, and
 * answers until `close`. It needs an interpreter with the packages that the model was made with.
 *
 * @throws UserError E_MODEL_UNSCANNED, and what `openInPython` throws
 */
export async function openPythonPredictor(path: string, name: string, options: PredictorOptions): Promise<Predictor> {
  const digest = await options.admit(path)
  return openInPython({ load: { kind: 'pickle', path, digest }, digest }, name, options)
}
