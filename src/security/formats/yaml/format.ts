import { isCollection, isMap, isScalar, parseAllDocuments, visit, type Document } from 'yaml'
import type { Part } from '../../examination.ts'
import { extensionOf } from '../../extensions.ts'
import type { Format } from '../../format.ts'
import type { ByteSource } from '../../source.ts'
import { decodeText } from '../json/decode-text.ts'
import { leadsOutside } from '../outside-path.ts'
import { isText } from '../plain-text.ts'
import { quote } from '../quote.ts'

const LONGEST = 8 * 2 ** 20

export const yaml: Format = {
  name: 'yaml',
  title: 'YAML (MLflow, Hydra, NeMo, conda)',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'tags that make Python objects, and modules that a loader imports',
  recognises(source, part) {
    const isNamed = /^ya?ml$/.test(extensionOf(part.name)) || /(^|[/!\\])MLmodel$/.test(part.name)
    return isText(source) && (isNamed || (source.size <= LONGEST && hasPythonTag(source)))
  },
  examine: examineYaml,
}

const hasPythonTag = (source: ByteSource) =>
  /(^|[\s:[{,-])!!?(python\/|<?tag:yaml\.org,2002:python\/)/.test(new TextDecoder().decode(source.read(0, 1 << 16)))

function examineYaml(source: ByteSource, part: Part): void {
  part.examination.formats.add('text')
  const unread = (why: string) =>
    part.examination.report('yaml.broken', { message: `Not examined: ${why}`, part, offset: 0, length: source.size })
  if (source.size > LONGEST) return unread(`${source.size} bytes of YAML are more than the scan reads`)
  const text = decodeText(source)
  if (/[[{]{200}/.test(text.replace(/\s{1,1000}/g, ''))) return unread('the YAML is nested too deeply')
  const documents = parseAllDocuments(text, { logLevel: 'silent', strict: false, uniqueKeys: false, stringKeys: false })
  for (const document of Array.isArray(documents) ? documents : []) {
    if (document.errors.length > 0)
      unread(`the YAML cannot be read: ${document.errors[0]!.message.split('\n', 1)[0]!.slice(0, 150)}`)
    examineDocument(document, part)
  }
}

function examineDocument(document: Document, part: Part): void {
  visit(document, {
    Node(_key, node) {
      const tag = (isScalar(node) || isCollection(node)) && node.tag
      if (
        typeof tag === 'string' &&
        /python\//.test(tag) &&
        !/python\/(tuple|str|int|float|bool|none|bytes|unicode|long|complex|list|dict)$/.test(tag)
      ) {
        const message = `The tag ${quote(tag)} makes a Python object while the file is read`
        part.examination.report('yaml.python-object', { message, part, offset: node?.range?.[0] ?? 0 })
      }
    },
    Pair(_key, pair) {
      if (!isScalar(pair.key) || !isScalar(pair.value) || typeof pair.value.value !== 'string') return
      examineSetting(String(pair.key.value), pair.value.value, pair.value.range?.[0] ?? 0, part)
    },
  })
  const root = document.contents
  if (isMap(root) && /(^|[/!\\])MLmodel$/.test(part.name)) examineMlflow(root.toJSON() as Record<string, unknown>, part)
}

/** Modules of MLflow that load the model of a flavour. Source: MLflow's model registry of flavours, `mlflow/models`. */
const MLFLOW_FLAVOURS =
  /^mlflow\.(catboost|diviner|fastai|gluon|h2o|keras|lightgbm|onnx|paddle|pmdarima|prophet|pyfunc\.model|pytorch|sentence_transformers|sklearn|spacy|spark|statsmodels|tensorflow|transformers|xgboost)$/

/** Settings by which loaders import what a file names. */
function examineSetting(key: string, value: string, offset: number, part: Part): void {
  if (key !== '_target_' && key !== 'loader_module' && key !== 'target_class') return
  // What MLflow writes itself: the flavour reads the model files, which are scanned as what they are.
  if (key === 'loader_module' && MLFLOW_FLAVOURS.test(value)) return
  const dot = value.lastIndexOf('.')
  const [module, name] =
    key === 'loader_module' ? [value, '_load_pyfunc'] : [value.slice(0, Math.max(0, dot)), value.slice(dot + 1)]
  const { level, reason } = part.examination.judge(module, name)
  if (level === 'critical')
    part.examination.report('folder.dangerous-name', { message: `${quote(key)} is ${quote(value)}: ${reason}`, part, offset })
  else if (key === 'loader_module')
    part.examination.report('folder.remote-code', { message: `MLflow imports ${quote(value)} to load the model`, part, offset })
}

/** `MLmodel`: paths of a flavour that lead out of the folder. */
function examineMlflow(model: Record<string, unknown>, part: Part): void {
  const flavors = Object.entries((model['flavors'] ?? {}) as Record<string, unknown>)
  for (const [flavor, settings] of flavors) {
    if (typeof settings !== 'object' || settings === null) continue
    for (const [key, value] of Object.entries(settings)) {
      if (
        typeof value !== 'string' ||
        !/^(code|data|model_path|pickled_model|model_data|env|python_model_path|saved_model_dir|model_code_path)$/.test(key)
      )
        continue
      const why = key === 'model_code_path' ? undefined : leadsOutside(value)
      if (why !== undefined && !(value.startsWith('/') && key === 'env'))
        part.examination.report('folder.outside-path', {
          message: `The flavour ${quote(flavor)} reads ${quote(key)} from ${quote(value)}, which ${why}`,
          part,
          offset: 0,
        })
      if (key === 'code')
        part.examination.report('folder.code', {
          message: `MLflow puts ${quote(value)} on the path of Python before it loads the model`,
          part,
          offset: 0,
        })
    }
  }
}
