import { objectsOf, reportAt, type DocumentCheck, type JsonDocument, type JsonPath } from '../json/document.ts'
import type { JsonObject } from '../json/read-json.ts'
import { leadsOutside } from '../outside-path.ts'
import { quote } from '../quote.ts'
import { FILE_INPUTS, judgeOperator } from '../tensorflow/operators.ts'

/** Names that a configuration makes its loader import: Hydra and NeMo (`_target_`), sentence-transformers (`type`), TensorFlow.js. */
export const examineTargets: DocumentCheck = (document) => {
  for (const [object, path] of objectsOf(document.values)) {
    for (const [key, value] of object.entries) {
      if ((key === '_target_' || key === 'target_class' || key === '__target__') && typeof value === 'string')
        examineTarget(document, object, path, value)
      if (key === 'handler' && typeof value === 'string' && object.has('modelName')) examineHandler(document, object, value)
      if (key === 'paths' && isIn(path, /weightsManifest/)) examinePaths(document, object)
      if (key === 'op' && typeof value === 'string' && isIn(path, /modelTopology|graphDef|node/) && object.has('name'))
        examineNode(document, object, value)
    }
    const type = object.text('type')
    if (type !== undefined && object.has('idx') && object.has('path') && !type.startsWith('sentence_transformers.'))
      reportAt(
        document,
        'folder.remote-code',
        object,
        `At ${path.toString()}, the loader imports ${quote(type)}, which is not of sentence-transformers`,
      )
  }
}

function examineTarget(document: JsonDocument, object: JsonObject, path: JsonPath, target: string): void {
  const dot = target.lastIndexOf('.')
  if (dot <= 0) return
  const { level, reason } = document.part.examination.judge(target.slice(0, dot), target.slice(dot + 1))
  if (level === 'critical')
    reportAt(document, 'folder.dangerous-name', object, `At ${path.toString()}, the loader calls ${quote(target)}: ${reason}`)
}

/** Handlers that TorchServe brings. */
const OF_TORCHSERVE = new Set(['image_classifier', 'image_segmenter', 'object_detector', 'text_classifier', 'base_handler'])

/** `MANIFEST.json` of a TorchServe archive: the program that the server runs for each request. */
function examineHandler(document: JsonDocument, object: JsonObject, handler: string): void {
  const [file = ''] = handler.split(':')
  const why = leadsOutside(file)
  if (why !== undefined)
    reportAt(document, 'folder.outside-path', object, `TorchServe runs the handler ${quote(handler)}, which ${why}`)
  else if (!OF_TORCHSERVE.has(file))
    reportAt(document, 'folder.remote-code', object, `TorchServe runs the handler ${quote(handler)} that comes with the model`)
}

function examinePaths(document: JsonDocument, object: JsonObject): void {
  for (const file of object.list('paths')) {
    if (typeof file !== 'string') continue
    const why = leadsOutside(file)
    if (why !== undefined) reportAt(document, 'folder.outside-path', object, `Weights are read from ${quote(file)}, which ${why}`)
  }
}

function examineNode(document: JsonDocument, object: JsonObject, operator: string): void {
  if (judgeOperator(operator) === 'dangerous' || (Object.hasOwn(FILE_INPUTS, operator) && !operator.startsWith('Initialize')))
    reportAt(
      document,
      'tensorflow.dangerous-operator',
      object,
      `The graph has the operator ${quote(operator)}, which reads or writes files or calls Python`,
    )
}

const isIn = (path: JsonPath, names: RegExp) => names.test(path.toString())
