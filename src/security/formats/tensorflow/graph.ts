/** A node of a graph, with what its judgement needs. */
export interface GraphNode {
  readonly name: string
  readonly operator: string
  readonly inputs: readonly string[]
  /** Where it begins in the file. */
  readonly offset: number
  /** Text of a constant; undefined for everything else. */
  readonly constant: string | undefined
  /** Attributes that are short texts: `output_stream`. */
  readonly texts: Readonly<Record<string, string>>
  /** Functions of the library that it calls. */
  readonly calls: readonly string[]
}

/** A graph, or a function of its library. */
export interface GraphScope {
  /** The name of the function; undefined for the graph itself. */
  readonly name: string | undefined
  readonly parameters: readonly string[]
  /** Read anew from the file each time. */
  nodes(): Iterable<GraphNode>
}

/** A graph with its functions, and what the model says of its saver and its assets. */
export interface Graph {
  readonly scopes: readonly GraphScope[]
  /** Names of the nodes that are fed with the path of a checkpoint or of an asset. */
  readonly fed: ReadonlySet<string>
  /** Names of asset files, relative to the folder `assets`. */
  readonly assets: readonly string[]
}

/** `save/Const:0`, `^init`, `arg:output:0` → the name of the node or of the parameter. */
export const nodeOf = (input: string): string => input.replace(/^\^/, '').split(':', 1)[0]!
