/** YAML with places: what the checks see of a file. Aliases and merge keys are resolved. */
export type Node = MapNode | ListNode | ScalarNode

interface Placed {
  /** Offsets in the text. An alias has the place of what it stands for. */
  readonly start: number
  readonly end: number
}

export interface MapNode extends Placed {
  readonly kind: 'map'
  readonly entries: readonly Entry[]
}

export interface Entry {
  readonly key: string
  readonly keyStart: number
  readonly value: Node
}

export interface ListNode extends Placed {
  readonly kind: 'list'
  readonly items: readonly Node[]
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  readonly text: string
}

/** The value of a key; the last one counts when it is written twice, as loaders do. */
export function member(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.findLast((entry) => entry.key === key)?.value : undefined
}

export const entriesOf = (node: Node | undefined): readonly Entry[] => (node?.kind === 'map' ? node.entries : [])
export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.kind === 'list' ? node.items : [])
export const textOf = (node: Node | undefined): string | undefined => (node?.kind === 'scalar' ? node.text : undefined)

/** One value or a list of them, as many keys allow both. */
export const textsOf = (node: Node | undefined): string[] =>
  node?.kind === 'scalar' && node.value !== null ? [node.text] : itemsOf(node).flatMap((item) => textOf(item) ?? [])

/** Every scalar in a node and below it. */
export function* scalarsIn(node: Node | undefined): Generator<ScalarNode> {
  if (node === undefined) return
  if (node.kind === 'scalar') yield node
  else for (const child of node.kind === 'list' ? node.items : node.entries.map(({ value }) => value)) yield* scalarsIn(child)
}
