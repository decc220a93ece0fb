import { objectsOf, reportAt, type DocumentCheck } from '../json/document.ts'
import type { JsonObject } from '../json/read-json.ts'
import { quote } from '../quote.ts'

/** What skops makes objects with, whatever class they have. */
const NODES = new Set(['ObjectNode', 'DictNode', 'DefaultDictNode', 'ListNode', 'SetNode', 'TupleNode', 'FunctionNode', 'PartialNode', 'TypeNode', 'SliceNode', 'MethodNode', 'JsonNode', 'BytesNode', 'BytearrayNode', 'OperatorFuncNode', 'NdArrayNode', 'MaskedArrayNode', 'RandomStateNode', 'RandomGeneratorNode', 'DtypeNode', 'SparseMatrixNode', 'TreeNode', 'LossNode', 'ReduceNode', 'UfuncNode', 'CachedNode', 'DatetimeNode', 'TimedeltaNode', 'QuantileForestNode', 'SGDNode', '_DictWithDeprecatedKeysNode', 'ScipyUfuncNode']) // prettier-ignore
/** Containers and numbers of Python itself. */
const PLAIN = new Set(['dict', 'list', 'set', 'tuple', 'str', 'int', 'float', 'bool', 'bytes', 'bytearray', 'slice', 'complex', 'NoneType', 'map', 'type', 'function', 'method', 'builtin_function_or_method', 'frozenset', 'object', 'ellipsis', 'range']) // prettier-ignore
/** Packages whose classes skops models consist of: what of them does harm is on the list of dangerous names. */
const OF_MODELS =
  /^(sklearn|numpy|scipy|collections|datetime|skops|lightgbm|xgboost|catboost|quantile_forest|pandas|imblearn|category_encoders|sklearn_extra|sklearn_intelex)(\.|$)/
const OPERATORS = /^(add|sub|mul|truediv|floordiv|mod|neg|pos|pow|eq|ne|lt|le|gt|ge|and_|or_|xor|not_|abs|itemgetter|attrgetter)$/

/** `schema.json` of a skops file: a tree of nodes, each with the class that it becomes. */
export const examineSkops: DocumentCheck = (document) => {
  let isSkops = false
  for (const [object, path] of objectsOf(document.values)) {
    const loader = object.text('__loader__')
    if (loader === undefined || !(object.has('__module__') || object.has('__class__'))) continue
    isSkops = true
    if (!NODES.has(loader))
      reportAt(document, 'skops.unknown-name', object, `At ${path.toString()}, the node ${quote(loader)} is not of skops`)
    for (const [module, name] of namesOf(object, loader)) {
      const { level, reason } = document.part.examination.judge(module, name)
      const shown = quote(`${module}.${name}`)
      const isPlain = module === 'builtins' && PLAIN.has(name)
      if (loader === 'OperatorFuncNode' && (!/^_?operator$/.test(module) || !OPERATORS.test(name)))
        reportAt(
          document,
          'skops.dangerous-name',
          object,
          `At ${path.toString()}, loading calls ${shown} as an operator: CVE-2025-54412`,
        )
      else if (isPlain || loader === 'OperatorFuncNode' || level === 'allowed' || (module === 'functools' && name === 'partial'))
        continue
      else if (level === 'critical')
        reportAt(document, 'skops.dangerous-name', object, `At ${path.toString()}, loading imports ${shown}: ${reason}`)
      else if (!OF_MODELS.test(module) || name.includes('.'))
        reportAt(document, 'skops.unknown-name', object, `At ${path.toString()}, loading imports ${shown}: ${reason}`)
    }
  }
  if (isSkops && document.duplicateKey !== undefined)
    reportAt(document, 'skops.unknown-name', undefined, `The schema has the key ${quote(document.duplicateKey)} twice`)
}

/** The class of a node, and the function that it refers to. */
function* namesOf(object: JsonObject, loader: string): Generator<[module: string, name: string]> {
  const isReference = loader === 'FunctionNode' || loader === 'TypeNode' || loader === 'UfuncNode'
  const content = object.object('content')
  const inner = content && (content.text('module_path') ?? content.text('__module__'))
  if (isReference && content && inner !== undefined)
    yield [inner, content.text('function') ?? content.text('type') ?? content.text('__class__') ?? '']
  // The name may be one text, with its module in front.
  const dotted = isReference ? /^([A-Za-z_][\w.]{0,200})[.:]([A-Za-z_]\w{0,100})$/.exec(object.text('content') ?? '') : null
  if (dotted) yield [dotted[1]!, dotted[2]!]
  const func = loader === 'MethodNode' ? content?.text('func') : undefined
  if (func !== undefined && /^__|^_*(exec|eval|system|popen|load|loads|open)/.test(func)) yield ['builtins', 'getattr']
  const module = object.text('__module__') ?? 'builtins'
  const name = object.text('__class__') ?? ''
  yield [module, name]
}
