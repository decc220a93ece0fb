import { nodeOf, type Graph, type GraphNode, type GraphScope } from './graph.ts'

/** Where the name of a file comes from: from whoever runs the graph, or from constants of it, which are given. */
export interface FileName {
  readonly isFed: boolean
  readonly constants: readonly string[]
}

const MOST_STEPS = 2000
/** Operators that are fed from outside, or hand on what they were fed when the model was saved. */
const FED = new Set(['Placeholder', 'PlaceholderV2', 'PlaceholderWithDefault', '_Arg', 'Arg', 'VarHandleOp', 'ReadVariableOp'])

/**
 * Follows the input of a node back to where its value comes from, through the operators that put names together and through the
 * calls of the function that it is in.
 */
export class FileNames {
  private readonly graph: Graph
  private readonly scopes = new Map<GraphScope, Map<string, GraphNode>>()
  private functions: Set<string | undefined> | undefined
  private callers: Map<string, { scope: GraphScope; node: GraphNode }[]> | undefined

  constructor(graph: Graph) {
    this.graph = graph
  }

  trace(scope: GraphScope, input: string): FileName {
    const constants: string[] = []
    let isFed = false
    const seen = new Set<string>()
    const open = [{ scope, input }]
    for (let steps = 0, next = open.pop(); next && steps < MOST_STEPS; steps++, next = open.pop()) {
      const name = nodeOf(next.input)
      const key = `${next.scope.name ?? ''}\0${name}`
      if (seen.has(key) || next.input.startsWith('^')) continue
      seen.add(key)
      const parameter = next.scope.parameters.indexOf(name)
      if (parameter !== -1) {
        const callers = this.callersOf(next.scope.name ?? '')
        if (callers.length === 0) isFed = true
        for (const { scope: caller, node } of callers) {
          const shift = /^(Stateless)?(If|Case)$/.test(node.operator) ? 1 : 0
          const given = node.inputs[parameter + shift]
          if (given === undefined) isFed = true
          else open.push({ scope: caller, input: given })
        }
        continue
      }
      const node = this.nodesOf(next.scope).get(name)
      if (!node) continue
      const isTop = next.scope.name === undefined
      if (FED.has(node.operator) || (isTop && this.graph.fed.has(name))) isFed = true
      else if (node.operator === 'Const') constants.push(node.constant ?? '')
      else for (const each of node.inputs) open.push({ scope: next.scope, input: each })
    }
    return { isFed, constants }
  }

  /** Whether the library has a function of this name. */
  hasFunction(name: string): boolean {
    this.functions ??= new Set(this.graph.scopes.map((scope) => scope.name))
    return this.functions.has(name)
  }

  private nodesOf(scope: GraphScope): Map<string, GraphNode> {
    let nodes = this.scopes.get(scope)
    if (!nodes) {
      nodes = new Map()
      for (const node of scope.nodes()) nodes.set(node.name, node)
      this.scopes.set(scope, nodes)
    }
    return nodes
  }

  private callersOf(name: string): { scope: GraphScope; node: GraphNode }[] {
    if (!this.callers) {
      this.callers = new Map()
      for (const scope of this.graph.scopes) {
        for (const node of this.nodesOf(scope).values()) {
          for (const called of node.calls) {
            const list = this.callers.get(called)
            if (list) list.push({ scope, node })
            else this.callers.set(called, [{ scope, node }])
          }
        }
      }
    }
    return this.callers.get(name) ?? []
  }
}
