import type { RuleId } from '../../rules.ts'
import { JsonPath, objectsOf, reportAt, type JsonDocument } from '../json/document.ts'
import { isObject, NotJson, readJson, type JsonObject, type JsonValue } from '../json/read-json.ts'
import { leadsOutside } from '../outside-path.ts'
import { reportProgram } from '../program-at-strict.ts'
import { quote } from '../quote.ts'
import { FILE_INPUTS, judgeOperator } from '../tensorflow/operators.ts'
import { judgeDotted, judgeKerasName, type NameJudgement } from './judge-name.ts'
import { KERAS_FUNCTIONS } from './known-names.ts'

/** Layers that load a model, or run a program, that the file carries or names. */
const LOADERS: Readonly<Record<string, string>> = {
  TFSMLayer: 'loads a TensorFlow SavedModel from a path that the file names',
  TorchModuleWrapper: 'unpickles a PyTorch module',
  JaxLayer: 'calls Python functions that the file carries',
  FlaxLayer: 'calls Python functions that the file carries',
  KerasLayer: 'loads a TensorFlow Hub module from a path or URL that the file names',
}
/** How Keras writes constants: nothing is looked up for them. */
const CONSTANTS = new Set(['__tensor__', '__numpy__', '__bytes__', '__ellipsis__', '__slice__', '__keras_tensor__', '__tuple__', '__symbolic_tensor__', 'TensorShape', 'CompositeTensor']) // prettier-ignore
/** Settings of layers that are files when they are text. */
const FILES = new Set([
  'vocabulary',
  'vocabulary_file',
  'vocabulary_path',
  'vocab_file',
  'idf_weights',
  'filepath',
  'file_path',
  'model_path',
])
/** Settings that name a function. */
const CALLED = new Set([
  'fn',
  'function',
  'call_fn',
  'init_fn',
  'activation',
  'loss',
  'metric',
  'standardize',
  'split',
  'optimizer',
  'call',
  'forward_fn',
])
const MOST_NESTED_TEXTS = 1000

/** Whether an object is how Keras writes a layer, a function or anything else that it makes from a configuration. */
export function isKerasObject(object: JsonObject): boolean {
  if (object.text('class_name') === undefined) return false
  return object.has('config') || object.has('registered_name') || (object.has('module') && object.entries.length <= 8)
}

/** Reports what a Keras configuration makes its loader do, wherever in the document it stands. */
export function examineKerasConfig(document: JsonDocument): void {
  const seen = { isKeras: false, messages: new Set<string>(), texts: 0, names: new Map<string, NameJudgement | undefined>() }
  examineValues(document.values, undefined, { document, seen })
  if (seen.isKeras && document.duplicateKey !== undefined)
    reportAt(document, 'keras.duplicate-key', undefined, `The configuration has the key ${quote(document.duplicateKey)} twice`)
}

interface Walk {
  readonly document: JsonDocument
  readonly seen: { isKeras: boolean; messages: Set<string>; texts: number; names: Map<string, NameJudgement | undefined> }
}

function examineValues(values: readonly JsonValue[], root: JsonPath | undefined, walk: Walk): void {
  for (const [object, at] of objectsOf(values, root)) {
    if (isKerasObject(object)) {
      walk.seen.isKeras = true
      examineObject(object, at, walk)
    }
    if (walk.seen.isKeras) examineSettings(object, at, walk)
    for (const [key, value] of object.entries) {
      // TensorFlow keeps configurations as text in a configuration.
      const isNested =
        typeof value === 'string' && /^\s*\{\s*"/.test(value.slice(0, 200)) && walk.seen.texts++ < MOST_NESTED_TEXTS
      if (isNested) examineText(value, new JsonPath(at, key), walk)
    }
  }
}

function examineText(text: string, root: JsonPath, walk: Walk): void {
  try {
    examineValues(readJson(text).values, root, walk)
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
  }
}

function examineObject(object: JsonObject, path: JsonPath, walk: Walk): void {
  const module = object.text('module') ?? object.text('module_name')
  for (const name of texts(object, 'class_name')) {
    const bare = name.slice(name.lastIndexOf('>') + 1)
    if (CONSTANTS.has(name)) continue
    if (bare === '__lambda__') report(walk, 'keras.code', object, `At ${path.toString()}, the model carries a Python function`)
    else if (bare === 'Lambda') examineLambda(object, path, walk)
    else if (Object.hasOwn(LOADERS, bare))
      report(walk, 'keras.loader', object, `At ${path.toString()}, ${bare} ${LOADERS[bare] ?? ''}`)
    else if (bare === 'TFOpLambda' || bare === 'TensorFlowOpLayer') examineOperation(object, path, walk)
    else if (bare === 'function') {
      for (const value of values(object, 'config')) {
        if (typeof value === 'string') judge(walk, object, path, { module, name: value, isFunction: true })
      }
    } else if (bare === '__typespec__') {
      const spec = object.text('spec_name') ?? ''
      if (!/^(Tensor|RaggedTensor|SparseTensor)Spec$/.test(spec))
        judge(walk, object, path, { module, name: spec, isFunction: false })
    } else judge(walk, object, path, { module, name, isFunction: false })
  }
}

function judge(walk: Walk, object: JsonObject, path: JsonPath, name: Parameters<typeof judgeKerasName>[0]): void {
  // A model has many layers of few classes.
  const key = `${name.module ?? ''}\0${name.name}\0${String(name.isFunction)}`
  if (!walk.seen.names.has(key)) walk.seen.names.set(key, judgeKerasName(name, walk.document.part.examination))
  const found = walk.seen.names.get(key)
  if (!found) return
  report(walk, found.rule, object, `At ${path.toString()}, ${found.reason}`)
  if (found.rule === 'keras.custom-class') reportProgram(walk.document.part, 'A class of the model comes from a program')
}

/** A Lambda layer of a function that Keras has is as good as that function; any other runs code of the file or of the loader. */
function examineLambda(object: JsonObject, path: JsonPath, walk: Walk): void {
  const config = object.object('config')
  const type = config?.text('function_type')
  const called = config?.get('function')
  if (isObject(called)) {
    const name = called.get('config')
    if (called.text('class_name') === 'function' && typeof name === 'string' && KERAS_FUNCTIONS.has(name)) return
    if (called.text('class_name') === 'function')
      return report(
        walk,
        'keras.unknown-name',
        object,
        `At ${path.toString()}, a Lambda layer calls ${quote(typeof name === 'string' ? name : 'something')}, which Keras does not have`,
      )
  }
  const isName = typeof called === 'string' && /^[A-Za-z_]\w*$/.test(called) && type !== 'lambda'
  if (isName) {
    if (KERAS_FUNCTIONS.has(called)) return
    return judge(walk, object, path, { module: config?.text('module') ?? undefined, name: called, isFunction: true })
  }
  report(walk, 'keras.code', object, `At ${path.toString()}, a Lambda layer carries Python code`)
}

/** What `TFOpLambda` calls is a public name of TensorFlow, and what `TensorFlowOpLayer` runs a node of a graph. */
function examineOperation(object: JsonObject, path: JsonPath, walk: Walk): void {
  const config = object.object('config')
  const called = config?.text('function') ?? object.text('function')
  if (called !== undefined && isFileFunction(called))
    report(
      walk,
      'keras.dangerous-name',
      object,
      `At ${path.toString()}, the model calls the TensorFlow function ${quote(called)}`,
    )
  const node = config?.text('node_def')
  if (node === undefined) return
  const operator = /"op"\s*:\s*"(\w{1,80})"/.exec(node)?.[1] ?? /\bop\s*:\s*"(\w{1,80})"/.exec(node)?.[1]
  if (operator !== undefined && judgeOperator(operator) === 'dangerous')
    report(
      walk,
      'keras.dangerous-name',
      object,
      `At ${path.toString()}, the model runs the TensorFlow operator ${quote(operator)}`,
    )
}

/** Public names of TensorFlow that read or write files, or call Python. */
const FILE_FUNCTION =
  /(^|\.)(py_func(tion)?|numpy_function|eager_py_func|read_file|write_file|matching_files|match_filenames_once|load_op_library|load_library|load_file_system_library|save|load|import_graph_def|restore|print_v2)$|(^|\.)(gfile|saved_model|summary|train|TFRecordWriter)\./

function isFileFunction(name: string): boolean {
  const operator = /(^|\.)raw_ops\.(\w+)$/.exec(name)?.[2]
  if (operator !== undefined) return judgeOperator(operator) === 'dangerous' || Object.hasOwn(FILE_INPUTS, operator)
  return FILE_FUNCTION.test(name)
}

function examineSettings(object: JsonObject, path: JsonPath, walk: Walk): void {
  for (const [key, value] of object.entries) {
    if (typeof value !== 'string') continue
    if (FILES.has(key) && value !== '') {
      const why = leadsOutside(value)
      const message = `At ${path.toString()}, ${quote(key)} is read from the file ${quote(value)}`
      if (why === undefined) report(walk, 'keras.file', object, message)
      else report(walk, 'keras.outside-file', object, `${message}, which ${why}`)
    }
    if (CALLED.has(key)) {
      const found = judgeDotted(value, walk.document.part.examination)
      if (found) report(walk, found.rule, object, `At ${path.toString()}, ${found.reason}`)
    }
    const isPath = key === 'name' && (/(^|[\\/])\.\.([\\/]|$)/.test(value) || /^[\\/]|^[A-Za-z]:[\\/]|\0/.test(value))
    if (isPath)
      report(
        walk,
        'keras.unsafe-name',
        object,
        `At ${path.toString()}, the name ${quote(value)} leads out of the folder that weights are written to`,
      )
  }
}

/** Every value of a key that may stand twice. */
function values(object: JsonObject, key: string): JsonValue[] {
  const found: JsonValue[] = []
  for (const [name, value] of object.entries) if (name === key) found.push(value)
  return found
}
const texts = (object: JsonObject, key: string) => values(object, key).filter((value) => typeof value === 'string')

function report(walk: Walk, rule: RuleId, object: JsonObject, message: string): void {
  const key = rule === 'keras.custom-class' ? message.replace(/^At .*?, /, '') : message
  if (walk.seen.messages.has(key)) return
  walk.seen.messages.add(key)
  reportAt(walk.document, rule, object, message)
}
