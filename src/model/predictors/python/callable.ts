import type { Predictor } from '../../../core/predictor.ts'
import type { PredictorOptions } from '../options.ts'
import { openInPython } from './predictor.ts'

/** A name of Python code: a module, a colon, and what to take from it. */
export interface CallableName {
  readonly module: string
  readonly attribute: string
}

const NAME = String.raw`[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*`
const CALLABLE = new RegExp(`^(${NAME}):(${NAME})$`, 'u')

/**
 * Reads `my_package.model:predict`. Undefined for everything that can be a path or a URL: what has a slash or a backslash, and what
 * begins with one letter and a colon, which is a drive (`C:model.pkl`).
 */
export function parseCallable(model: string): CallableName | undefined {
  const [, module, attribute] = CALLABLE.exec(model) ?? []
  return module === undefined || attribute === undefined || module.length === 1 ? undefined : { module, attribute }
}

/**
 * A predictor for the user's own Python code. Nothing is scanned: it is code of the project, which whoever runs Plimsoll there
 * trusts. Its digest is that of the module's source file, without what it imports or reads.
 *
 * @throws UserError as `openInPython`
 */
export function openCallablePredictor(name: CallableName, model: string, options: PredictorOptions): Promise<Predictor> {
  return openInPython({ load: { kind: 'callable', ...name }, digest: null }, model, options)
}
