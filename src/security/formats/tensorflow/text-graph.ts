import type { Part } from '../../examination.ts'
import type { Format } from '../../format.ts'
import { extensionOf } from '../../extensions.ts'
import type { ByteSource } from '../../source.ts'
import { isText } from '../plain-text.ts'
import { decodeText } from '../json/decode-text.ts'
import { reportProgram } from '../program-at-strict.ts'
import { examineGraph } from './examine-graph.ts'
import { nodeOf, type Graph, type GraphNode, type GraphScope } from './graph.ts'
import { NotTextFormat, readTextFormat, type TextMessage } from '../protobuf/text-format.ts'

const LONGEST = 64 * 2 ** 20

/** Graphs as text: `saved_model.pbtxt`, `graph.pbtxt`. */
export const textGraph: Format = {
  name: 'tensorflow-text',
  title: 'TensorFlow graph as text (pbtxt)',
  evidence: 'text',
  depth: 'examined',
  looksFor: 'what is looked for in a graph',
  recognises(source, part) {
    if (!isText(source)) return false
    return (
      extensionOf(part.name) === 'pbtxt' ||
      /^\s*(#[^\n]*\n\s*)*(node|meta_graphs|saved_model_schema_version|meta_info_def|graph_def|library|versions)\s*[:{<]/.test(
        new TextDecoder().decode(source.read(0, 2000)),
      )
    )
  },
  examine: examineTextGraph,
}

function examineTextGraph(source: ByteSource, part: Part): void {
  reportProgram(part, 'A graph of TensorFlow is a program')
  const fail = (message: string) =>
    part.examination.report('tensorflow.broken', { message: `Not examined: ${message}`, part, offset: 0, length: source.size })
  if (source.size > LONGEST) return fail(`a graph as text of ${source.size} bytes`)
  let root: TextMessage
  try {
    root = readTextFormat(decodeText(source))
  } catch (error) {
    if (!(error instanceof NotTextFormat)) throw error
    return fail(`the text is not protobuf: ${error.message}`)
  }
  const metas = [root, ...root.messages('meta_graphs')]
  for (const meta of metas) {
    const graphs = [...(meta === root ? [root] : []), ...meta.messages('graph_def')]
    examineGraph(graphOf(graphs, meta), part)
  }
}

function graphOf(graphs: readonly TextMessage[], meta: TextMessage): Graph {
  const functions = graphs.flatMap((graph) => graph.messages('library')).flatMap((library) => library.messages('function'))
  const scopes: GraphScope[] = [
    { name: undefined, parameters: [], nodes: () => graphs.flatMap((graph) => graph.messages('node')).map(nodeFrom) },
    ...functions.map((definition) => {
      const signature = definition.messages('signature')[0]
      return {
        name: signature?.text('name') ?? '',
        parameters: (signature?.messages('input_arg') ?? []).map((argument) => argument.text('name') ?? ''),
        nodes: () => definition.messages('node_def').map(nodeFrom),
      }
    }),
  ]
  const saver = meta.messages('saver_def')[0]?.text('filename_tensor_name')
  const assets = meta.messages('asset_file_def')
  const fed = [saver, ...assets.map((asset) => asset.messages('tensor_info')[0]?.text('name'))]
  return {
    scopes,
    fed: new Set(fed.filter((name) => name !== undefined).map(nodeOf)),
    assets: assets.map((asset) => asset.text('filename') ?? ''),
  }
}

function nodeFrom(node: TextMessage): GraphNode {
  const texts: Record<string, string> = {}
  const calls: string[] = []
  let constant: string | undefined
  for (const attribute of node.messages('attr')) {
    const key = attribute.text('key') ?? ''
    for (const value of attribute.messages('value')) {
      const text = value.text('s')
      if (text !== undefined) texts[key] = text
      const lists = value.messages('list').flatMap((list) => list.messages('func'))
      for (const called of [...value.messages('func'), ...lists]) calls.push(called.text('name') ?? '')
      if (key === 'value')
        constant =
          value
            .messages('tensor')
            .flatMap((tensor) => tensor.texts('string_val'))
            .join(' ') || undefined
    }
  }
  const name = node.text('name') ?? ''
  return { name, operator: node.text('op') ?? '', inputs: node.texts('input'), offset: node.start, constant, texts, calls }
}
