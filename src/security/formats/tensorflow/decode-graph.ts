import type { ByteSource } from '../../source.ts'
import { fieldsOf, textOf, type WireField } from '../protobuf/wire.ts'
import { nodeOf, type Graph, type GraphNode, type GraphScope } from './graph.ts'

/** A range of the file that holds a message. */
export type Range = Pick<WireField, 'start' | 'end'>

/** Longest text of a constant that is kept: the name of a file. */
const LONGEST_TEXT = 4096

/**
 * A `GraphDef` in a file, with the saver and the assets of its `MetaGraphDef` where it has one. Field numbers are those of
 * TensorFlow's graph.proto, node_def.proto, function.proto and meta_graph.proto. Nodes are read when they are asked for.
 *
 * @throws NotProtobuf
 */
export function decodeGraph(source: ByteSource, graphs: readonly Range[], meta?: Range): Graph {
  // Readers put together the parts of a message that a file has in several pieces.
  const nodes = function* () {
    for (const graph of graphs) yield* nodesOf(source, graph, 1)
  }
  const scopes: GraphScope[] = [{ name: undefined, parameters: [], nodes }]
  for (const library of graphs.flatMap((graph) => [...all(source, graph, 2)])) {
    for (const range of all(source, library, 1)) {
      const signature = last(source, range, 1)
      const name = signature && last(source, signature, 1)
      const parameters = signature
        ? [...all(source, signature, 2)].map((argument) => text(source, last(source, argument, 1)))
        : []
      scopes.push({ name: text(source, name), parameters, nodes: () => nodesOf(source, range, 3) })
    }
  }
  const fed = new Set<string>()
  const assets: string[] = []
  const saver = meta && last(source, meta, 3)
  if (saver) fed.add(nodeOf(text(source, last(source, saver, 1))))
  for (const asset of meta ? all(source, meta, 6) : []) {
    const tensor = last(source, asset, 1)
    if (tensor) fed.add(nodeOf(text(source, last(source, tensor, 1))))
    assets.push(text(source, last(source, asset, 2)))
  }
  return { scopes, fed, assets }
}

function* nodesOf(source: ByteSource, range: Range, field: number): Generator<GraphNode> {
  for (const node of all(source, range, field)) yield decodeNode(source, node)
}

/** A `NodeDef`. Of an attribute, only what the judgement needs is read. */
export function decodeNode(source: ByteSource, range: Range): GraphNode {
  let name = ''
  let operator = ''
  let constant: string | undefined
  const inputs: string[] = []
  const texts: Record<string, string> = {}
  const calls: string[] = []
  for (const part of fieldsOf(source, range.start, range.end)) {
    if (part.type !== 'bytes') continue
    if (part.field === 1) name = textOf(source, part)
    else if (part.field === 2) operator = textOf(source, part)
    else if (part.field === 3) inputs.push(textOf(source, part))
    else if (part.field === 5) {
      const key = text(source, last(source, part, 1))
      const value = last(source, part, 2)
      if (!value) continue
      for (const held of fieldsOf(source, value.start, value.end)) {
        if (held.type !== 'bytes') continue
        if (held.field === 2 && held.end - held.start <= LONGEST_TEXT) texts[key] = textOf(source, held)
        if (held.field === 10) calls.push(text(source, last(source, held, 1)))
        if (held.field === 8 && key === 'value') constant = textOfTensor(source, held)
        // A list of functions: the branches of a Case.
        if (held.field === 1) for (const called of all(source, held, 9)) calls.push(text(source, last(source, called, 1)))
      }
    }
  }
  return { name, operator, inputs, offset: range.start, constant, texts, calls }
}

/** The texts of a `TensorProto`, one after the other. */
function textOfTensor(source: ByteSource, tensor: Range): string | undefined {
  const texts: string[] = []
  for (const value of all(source, tensor, 8)) {
    texts.push(textOf(source, value, LONGEST_TEXT))
    if (texts.length === 16) break
  }
  return texts.length === 0 ? undefined : texts.join(' ')
}

/** The messages, or texts, of one field of a message. */
export function* all(source: ByteSource, range: Range, field: number): Generator<WireField> {
  for (const each of fieldsOf(source, range.start, range.end)) if (each.field === field && each.type === 'bytes') yield each
}

/** The last value of a field: readers take that one. */
function last(source: ByteSource, range: Range, field: number): WireField | undefined {
  let found: WireField | undefined
  for (const each of all(source, range, field)) found = each
  return found
}

const text = (source: ByteSource, field: WireField | undefined): string => (field ? textOf(source, field) : '')
