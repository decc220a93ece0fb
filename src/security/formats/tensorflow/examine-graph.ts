import type { Part } from '../../examination.ts'
import type { RuleId } from '../../rules.ts'
import { leadsOutside } from '../outside-path.ts'
import { quote } from '../quote.ts'
import { FileNames } from './file-names.ts'
import type { Graph, GraphNode, GraphScope } from './graph.ts'
import { FILE_INPUTS, harmOf, judgeOperator } from './operators.ts'

/** Reports the operators of a graph and of its functions that do harm, or that TensorFlow does not have. */
export function examineGraph(graph: Graph, part: Part): void {
  const once = new Set<string>()
  const names = new FileNames(graph)
  for (const file of graph.assets) {
    const why = leadsOutside(file)
    if (why !== undefined)
      report(part, once, 'tensorflow.outside-file', 0, `The model has the asset ${quote(file)}, which ${why}`)
  }
  for (const scope of graph.scopes) {
    for (const node of scope.nodes()) examineNode(node, scope, { part, once, names })
  }
}

interface Walk {
  readonly part: Part
  readonly once: Set<string>
  readonly names: FileNames
}

function examineNode(node: GraphNode, scope: GraphScope, walk: Walk): void {
  const where = scope.name === undefined ? '' : ` in the function ${quote(scope.name)}`
  const shown = `The operator ${quote(node.operator)}, node ${quote(node.name)}${where},`
  const tell = (rule: RuleId, what: string) => report(walk.part, walk.once, rule, node.offset, `${shown} ${what}`)
  if (Object.hasOwn(FILE_INPUTS, node.operator)) return examineFileOperator(node, scope, walk, tell)
  const stream = node.texts['output_stream']
  if (node.operator === 'PrintV2' && stream?.startsWith('file:') === true)
    return tell('tensorflow.dangerous-operator', `writes to ${quote(stream)}`)
  const descriptor = node.texts['descriptor_source']
  if (descriptor !== undefined && descriptor !== '' && !descriptor.startsWith('local://') && !descriptor.startsWith('bytes://'))
    tell('tensorflow.dangerous-operator', `reads the file ${quote(descriptor)}`)
  const judgement = judgeOperator(node.operator)
  if (judgement === 'dangerous') tell('tensorflow.dangerous-operator', harmOf(node.operator))
  else if (judgement === 'reader') tell('tensorflow.reader', 'reads data files, which a model does not need')
  else if (judgement === 'unknown' && !isFunctionOfLibrary(node, walk))
    report(
      walk.part,
      walk.once,
      'tensorflow.custom-operator',
      node.offset,
      `The operator ${quote(node.operator)} is not of TensorFlow: the model needs a library of its own`,
    )
}

/** In graphs of TensorFlow 1, a function is called by its name as the operator. */
const isFunctionOfLibrary = (node: GraphNode, { names }: Walk) => names.hasFunction(node.operator)

/** Savers are in every model: they take the name of their file from outside. A name that is in the graph is another thing. */
function examineFileOperator(node: GraphNode, scope: GraphScope, walk: Walk, tell: (rule: RuleId, what: string) => void): void {
  const isTable = node.operator.startsWith('InitializeTable')
  for (const index of FILE_INPUTS[node.operator] ?? []) {
    const input = node.inputs[index]
    const { isFed, constants } = input === undefined ? { isFed: false, constants: [] } : walk.names.trace(scope, input)
    if (isFed) continue
    if (isTable) {
      const outside = constants.find((path) => leadsOutside(path) !== undefined)
      if (outside !== undefined)
        tell('tensorflow.outside-file', `reads the file ${quote(outside)}, which ${leadsOutside(outside)}`)
      continue
    }
    const path = constants.length === 0 ? '' : ` ${quote(constants.toReversed().join(''))}`
    const what = node.operator.startsWith('Restore') ? 'reads' : 'writes'
    return tell('tensorflow.dangerous-operator', `${what} the file${path} whenever the graph runs`)
  }
}

function report(part: Part, once: Set<string>, rule: RuleId, offset: number, message: string): void {
  if (once.has(message) || once.size > 500) return
  once.add(message)
  part.examination.report(rule, { message, part, offset })
}
