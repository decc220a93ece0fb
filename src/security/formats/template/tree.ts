/** A node of the syntax tree, by the names that the parser gives to its parts. */
export interface TemplateNode {
  readonly type: string
  readonly value?: unknown
  readonly [part: string]: unknown
}

export const isNode = (value: unknown): value is TemplateNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

/** The nodes right below a node, in all its parts. */
export function* childrenOf(node: TemplateNode): Generator<TemplateNode> {
  for (const part of Object.values(node)) {
    if (isNode(part)) yield part
    else if (Array.isArray(part)) yield* (part as unknown[]).filter(isNode)
    else if (part instanceof Map) for (const pair of part as Map<unknown, unknown>) yield* pair.filter(isNode)
  }
}

/** A part of a node that is a node itself. */
export function partOf(node: TemplateNode, name: string): TemplateNode | undefined {
  const part = node[name]
  return isNode(part) ? part : undefined
}
