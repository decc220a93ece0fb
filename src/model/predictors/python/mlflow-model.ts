import { parse } from 'yaml'
import { z } from 'zod'
import { messageOf, UserError } from '../../../core/errors.ts'

/** What is to be loaded of an MLflow model: one file of its folder, and how. */
export interface MlflowModel {
  readonly kind: 'pickle' | 'skops' | 'xgboost' | 'lightgbm' | 'onnx'
  /** Path in the folder, with forward slashes. */
  readonly file: string
  /** The class of XGBoost's that reads the file. */
  readonly class?: string
  /** Types that skops may make beside those it trusts by itself. */
  readonly trusted?: readonly string[]
  /** Names and types of the columns, where the signature tells them. */
  readonly inputs: readonly { readonly name: string; readonly type: string }[]
}

const flavor = z.looseObject({})
const Flavors = z.looseObject({
  python_function: flavor.optional(),
  sklearn: flavor
    .extend({
      pickled_model: z.string(),
      serialization_format: z.string().default('pickle'),
      skops_trusted_types: z.array(z.string()).nullish(),
    })
    .optional(),
  xgboost: flavor.extend({ data: z.string(), model_class: z.string().nullish() }).optional(),
  lightgbm: flavor
    .extend({
      data: z.string(),
      model_class: z.string().nullish(),
      serialization_format: z.string().nullish(),
      skops_trusted_types: z.array(z.string()).nullish(),
    })
    .optional(),
  onnx: flavor.extend({ data: z.string() }).optional(),
})
const Document = z.looseObject({
  flavors: Flavors,
  signature: z.looseObject({ inputs: z.string().nullish() }).nullish(),
})

/** Columns of a signature; one of tensors has no names. */
const Inputs = z.array(z.looseObject({ name: z.string().optional(), type: z.string().optional() }))

/** Classes of XGBoost that restore themselves from its file format, by the name that MLflow writes. */
const XGBOOST_CLASS = /^xgboost\.(?:core|sklearn)\.(Booster|XGB(?:RF)?(?:Classifier|Regressor)|XGBRanker|XGBModel)$/
/** Types of boosted models, which MLflow has skops trust: restoring them hands trees to the library, which only parses them. */
const TRUSTED = new Set([
  'collections.OrderedDict',
  'collections.defaultdict',
  'lightgbm.basic.Booster',
  'lightgbm.sklearn.LGBMClassifier',
  'lightgbm.sklearn.LGBMRanker',
  'lightgbm.sklearn.LGBMRegressor',
  'xgboost.core.Booster',
  'xgboost.sklearn.XGBClassifier',
  'xgboost.sklearn.XGBRanker',
  'xgboost.sklearn.XGBRegressor',
])
/** Extensions that the security scan reads as a pickle and as nothing else: another name could hide one from it. */
const PICKLE = /\.(pkl|pickle|joblib)$/i

/**
 * Reads an `MLmodel` file. The model itself is loaded by the flavor's own library from one file of the folder, so that it gives
 * probabilities too, MLflow need not be installed, and nothing else that the folder brings is run.
 *
 * @param shown how errors call the file
 * @throws UserError E_MODEL_FORMAT when it is no MLmodel file, or one of a model that runs code of its own or is of a kind that cannot be run
 */
export function readMlmodel(text: string, shown: string): MlflowModel {
  const { flavors, signature } = document(text, shown)
  const withCode = Object.entries(flavors).find(([, value]) => hasCode(value))
  if (withCode) throw unsupported(shown, `its flavor ${withCode[0]} brings Python code of its own, which no scan can vouch for`)
  return { ...fileOf(flavors, shown), inputs: inputsOf(signature?.inputs, shown) }
}

function document(text: string, shown: string): z.output<typeof Document> {
  try {
    return Document.parse(parse(text, { maxAliasCount: 0 }))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error)
    throw new UserError('E_MODEL_FORMAT', `${shown} is not an MLmodel file that can be read: ${why.split('\n')[0]}`, {
      cause: error,
    })
  }
}

const hasCode = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ['code', 'model_code_path'].some((key) => Boolean((value as Record<string, unknown>)[key]))

function fileOf(
  { sklearn, xgboost, lightgbm, onnx, python_function: pyfunc }: z.output<typeof Flavors>,
  shown: string,
): Omit<MlflowModel, 'inputs'> {
  if (onnx) return { kind: 'onnx', file: onnx.data }
  if (xgboost) {
    const found = xgboost.model_class ? XGBOOST_CLASS.exec(xgboost.model_class)?.[1] : 'Booster'
    if (found === undefined) throw unsupported(shown, `it names ${xgboost.model_class}, which is no model of XGBoost`)
    return { kind: 'xgboost', file: xgboost.data, class: found }
  }
  if (lightgbm) {
    if (!lightgbm.model_class || lightgbm.model_class === 'lightgbm.basic.Booster')
      return { kind: 'lightgbm', file: lightgbm.data }
    return serialized(lightgbm.data, lightgbm.serialization_format ?? 'pickle', lightgbm.skops_trusted_types, shown)
  }
  if (sklearn) return serialized(sklearn.pickled_model, sklearn.serialization_format, sklearn.skops_trusted_types, shown)
  const loader = typeof pyfunc?.['loader_module'] === 'string' ? ` by ${pyfunc['loader_module']}` : ''
  throw unsupported(shown, `it is loaded${loader}, and only the flavors sklearn, xgboost, lightgbm and onnx can be`)
}

function serialized(
  file: string,
  format: string,
  trusted: readonly string[] | null | undefined,
  shown: string,
): Omit<MlflowModel, 'inputs'> {
  if (format === 'skops') {
    const strange = trusted?.find((type) => !TRUSTED.has(type))
    if (strange !== undefined) throw unsupported(shown, `it has skops trust ${strange}, which is on no allow-list`)
    return { kind: 'skops', file, trusted: trusted ?? [] }
  }
  if (format !== 'pickle' && format !== 'cloudpickle') throw unsupported(shown, `its format ${format} is not known`)
  if (!PICKLE.test(file))
    throw unsupported(shown, `its pickle is called ${file}; a pickle must be called .pkl, .pickle or .joblib`)
  return { kind: 'pickle', file }
}

function inputsOf(inputs: string | null | undefined, shown: string): MlflowModel['inputs'] {
  if (!inputs) return []
  try {
    const columns = Inputs.parse(JSON.parse(inputs))
    return columns.flatMap(({ name, type }) =>
      name !== undefined && type !== undefined && type !== 'tensor' ? [{ name, type }] : [],
    )
  } catch (error) {
    throw new UserError('E_MODEL_FORMAT', `${shown} has a signature that cannot be read: ${messageOf(error).split('\n')[0]}`, {
      cause: error,
    })
  }
}

const unsupported = (shown: string, why: string): UserError =>
  new UserError('E_MODEL_FORMAT', `${shown} is not loaded: ${why}`, {
    hint: 'Code that you trust can load it: write a function with mlflow.pyfunc.load_model(…).predict in it, and give --model module:function.',
  })
