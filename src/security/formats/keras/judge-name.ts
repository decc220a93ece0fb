import type { Examination } from '../../examination.ts'
import { quote } from '../quote.ts'
import { KERAS_CLASSES, KERAS_FUNCTIONS } from './known-names.ts'

export interface NameJudgement {
  readonly rule: 'keras.dangerous-name' | 'keras.unknown-name' | 'keras.custom-class'
  readonly reason: string
}

/** Packages whose classes Keras configurations are made of. */
const KERAS = /^(keras|tf_keras|keras_core|tensorflow\.keras|tensorflow\.python\.keras|tensorflow_core\.(python\.)?keras)(\.|$)/
/** Packages of the Keras project with layers of their own. */
const COMPANIONS =
  /^(keras_hub|keras_nlp|keras_cv|keras_rs|tensorflow_addons|tensorflow_text|tensorflow_hub|qkeras|tensorflow_model_optimization)(\.|$)/
/** Parts of Keras that read and write files, or make other objects from what they are given. */
const NO_LAYERS =
  /(^|\.)(utils|saving|config|datasets|preprocessing\.image|preprocessing\.text|export|callbacks|wrappers|tree|testing)(\.|$)/
const FEATURES = new Set(['FeatureSpace', 'Feature', 'Cross'])
/** Internal classes that stand in configurations under their own name. */
const INTERNAL = new Set(['LossFunctionWrapper', 'MeanMetricWrapper', 'SumOverBatchSizeMetricWrapper', 'BaseRandomLayer', 'StackedRNNCells', 'Generator', 'KerasTensor', 'TensorShape', 'TypeSpec', 'CategoryCrossing', 'NoneType', 'SavedModelLoader', 'LegacyDTypePolicy', 'ModuleWrapper', 'ClassMethod', 'InstanceMethod', 'InstanceProperty', 'SlicingOpLambda', 'TFOpLambda', 'TensorFlowOpLayer', 'AddLoss', 'AddMetric', 'BaseDense', 'RaggedTensor']) // prettier-ignore
/** Functions of Keras that fetch, load or unlock something. */
const HARMFUL =
  /^(get_file|load_model|load_weights|save_model|save_weights|load_img|save_img|model_from_(json|yaml|config)|enable_unsafe_deserialization|func_(load|dump)|deserialize_keras_object|\w+_dataset_from_directory|load_data|plot_model|model_to_dot|run_\w*|from_saved_model)$/
const BUILTINS = new Set(['eval', 'exec', 'compile', 'open', '__import__', 'getattr', 'setattr', 'delattr', 'globals', 'locals', 'vars', 'breakpoint', 'input', 'execfile', 'file', 'apply', 'print', 'help', 'exit', 'quit', 'memoryview', 'system', 'popen']) // prettier-ignore

/**
 * Judges a class or function that a Keras configuration names. A module is imported by the loader, whatever it is; without one,
 * only what Keras or the caller has registered can be found.
 *
 * @returns undefined when Keras has the name itself
 */
export function judgeKerasName(
  { module, name, isFunction }: { module: string | undefined; name: string; isFunction: boolean },
  examination: Examination,
): NameJudgement | undefined {
  const shown = quote(module === undefined || module === '' ? name : `${module}.${name}`)
  // Registered names are written `package>Name`.
  const bare = name.slice(name.lastIndexOf('>') + 1)
  const known = KERAS_CLASSES.has(bare) || KERAS_FUNCTIONS.has(bare) || INTERNAL.has(bare)
  if (module === undefined || module === '' || module === 'builtins' || module === 'builtin') {
    if (HARMFUL.test(bare) || BUILTINS.has(bare))
      return { rule: 'keras.dangerous-name', reason: `${shown} does harm when it is called` }
    if (known || KERAS_CLASSES.has(capitalised(bare))) return undefined
    const dotted = judgeDotted(bare, examination)
    if (dotted) return dotted
    if (isFunction && bare === name) return judgeUnregistered(bare, shown, examination)
    return { rule: 'keras.custom-class', reason: `${shown} is not of Keras: the program that loads the model must have it` }
  }
  if (KERAS.test(module)) {
    if (HARMFUL.test(bare)) return { rule: 'keras.dangerous-name', reason: `${shown} reads files or lets code run` }
    const isLayerModule = !NO_LAYERS.test(module) || FEATURES.has(bare)
    if (known && isLayerModule) return undefined
    return isLayerModule
      ? { rule: 'keras.unknown-name', reason: `${shown} is no layer, loss, metric or function that Keras is known to have` }
      : { rule: 'keras.dangerous-name', reason: `${shown} is no part of a model, but of what reads and writes files` }
  }
  if (COMPANIONS.test(module) && !isFunction)
    return { rule: 'keras.custom-class', reason: `${shown} is of another package, which the loader imports` }
  const judgement = examination.judge(module, name)
  if (judgement.level === 'allowed') return undefined
  return judgement.level === 'critical'
    ? { rule: 'keras.dangerous-name', reason: `${shown} ${judgement.reason}` }
    : { rule: 'keras.unknown-name', reason: `the loader imports ${shown}, which is not of Keras` }
}

/** A function that is in no registry: versions of Keras take it from the builtins of Python, whatever it does. */
function judgeUnregistered(name: string, shown: string, examination: Examination): NameJudgement | undefined {
  const { level, reason } = examination.judge('builtins', name)
  if (level === 'allowed') return undefined
  return level === 'critical'
    ? { rule: 'keras.dangerous-name', reason: `${shown} ${reason}` }
    : { rule: 'keras.unknown-name', reason: `the function ${shown} is not of Keras, and registered under no package` }
}

/** A name that is written with its module, `os.system` or `os:system`: judged only by whether it is known to do harm. */
export function judgeDotted(text: string, examination: Examination): NameJudgement | undefined {
  const match = text.length > 200 ? null : /^([A-Za-z_][\w.]*)[.:]([A-Za-z_]\w*)$/.exec(text)
  if (!match) return undefined
  const judgement = examination.judge(match[1]!, match[2]!)
  return judgement.level === 'critical'
    ? { rule: 'keras.dangerous-name', reason: `${quote(text)} ${judgement.reason}` }
    : undefined
}

const capitalised = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1)
