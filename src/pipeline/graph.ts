import { UserError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'

export interface GraphNode {
  readonly name: string
  readonly needs: readonly string[]
}

/** A circle of needs as a path that ends where it begins (`a`, `b`, `a`), or null. Needs that do not exist are passed over. */
export function findCycle(nodes: readonly GraphNode[]): string[] | null {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const done = new Set<string>()
  const path: string[] = []
  const visit = (name: string): string[] | null => {
    const seenAt = path.indexOf(name)
    if (seenAt >= 0) return [...path.slice(seenAt), name]
    if (done.has(name)) return null
    path.push(name)
    for (const need of byName.get(name)?.needs ?? []) {
      const cycle = visit(need)
      if (cycle) return cycle
    }
    path.pop()
    done.add(name)
    return null
  }
  for (const { name } of nodes) {
    const cycle = visit(name)
    if (cycle) return cycle
  }
  return null
}

/** All that a node needs, directly or through others. */
export function ancestorsOf(name: string, nodes: readonly GraphNode[]): Set<string> {
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const found = new Set<string>()
  const visit = (name: string) => {
    for (const need of byName.get(name)?.needs ?? []) {
      if (found.has(need)) continue
      found.add(need)
      visit(need)
    }
  }
  visit(name)
  return found
}

/**
 * The nodes of these names and all that they need, in the given order; every node when no names are given.
 *
 * @throws UserError E_NOT_FOUND
 */
export function selectNodes<Node extends GraphNode>(
  nodes: readonly Node[],
  only: readonly string[] | undefined,
): readonly Node[] {
  if (only === undefined || only.length === 0) return nodes
  const names = nodes.map((node) => node.name)
  const wanted = new Set<string>()
  for (const name of only) {
    if (!names.includes(name)) {
      throw new UserError('E_NOT_FOUND', `There is no stage "${name}".`, { hint: didYouMean(name, names) })
    }
    wanted.add(name)
    for (const need of ancestorsOf(name, nodes)) wanted.add(need)
  }
  return nodes.filter((node) => wanted.has(node.name))
}
