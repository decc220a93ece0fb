import { isList, isObject } from './json/read-json.ts'
import { reportAt, type DocumentCheck } from './json/document.ts'
import type { Format } from '../format.ts'
import { hasBytes, type ByteSource } from '../source.ts'

const BLOCK = 1 << 20
const END = 'end of trees'

/** LightGBM's own format: lines of names and numbers. What it holds is data alone. */
export const lightGbm: Format = {
  name: 'lightgbm',
  title: 'LightGBM text',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'that no trees are missing; it holds data alone',
  recognises: (source) => hasBytes(source, 0, 'tree\nversion=v') || hasBytes(source, 0, 'tree\r\nversion=v'),
  examine(source, part) {
    if (contains(source, END)) return
    const message = `Not examined to its end: the LightGBM model breaks off before its "${END}"`
    part.examination.report('trees.cut', { message, part, offset: source.size })
  },
}

/** Looks for a short text in a file, a block at a time. */
function contains(source: ByteSource, text: string): boolean {
  for (let at = 0; at < source.size; at += BLOCK) {
    if (Buffer.from(source.read(at, BLOCK + text.length)).includes(text)) return true
  }
  return false
}

/** Models of XGBoost as JSON: as many trees as the model says. Its numbers are texts. */
export const examineXgBoost: DocumentCheck = (document) => {
  for (const root of document.values) {
    const booster = isObject(root) ? root.object('learner')?.object('gradient_booster') : undefined
    const model = booster?.object('model') ?? booster?.object('gbtree')?.object('model')
    const said = model?.object('gbtree_model_param')?.text('num_trees')
    const trees = model?.get('trees')
    if (model === undefined || said === undefined || !isList(trees) || Number(said) === trees.length) continue
    reportAt(document, 'trees.cut', model, `The model is said to have ${said.slice(0, 20)} trees and has ${trees.length}`)
  }
}
