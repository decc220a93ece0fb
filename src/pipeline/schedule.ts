import type { GraphNode } from './graph.ts'

export interface ScheduleNode extends GraphNode {
  /** Nodes with a key in common never run at the same time. */
  readonly exclusive: readonly string[]
}

export interface ScheduleOptions<Node, Outcome> {
  readonly maxParallel: number
  /**
   * Asked when all that a node needs has ended, and again before it starts: an outcome settles it without running it,
   * undefined lets it run. Must answer at once.
   */
  readonly gate: (node: Node, outcomes: ReadonlyMap<string, Outcome>) => Outcome | undefined
  /** Does the node's work. What it throws ends the schedule, after the running nodes have ended. */
  readonly run: (node: Node, outcomes: ReadonlyMap<string, Outcome>) => Promise<Outcome>
}

/**
 * Settles every node of an acyclic graph exactly once, each after all that it needs, in parallel as far as allowed. Of the
 * nodes that may start, the one that stands first starts first.
 */
export async function schedule<Node extends ScheduleNode, Outcome>(
  nodes: readonly Node[],
  { maxParallel, gate, run }: ScheduleOptions<Node, Outcome>,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  const waiting = new Set(nodes)
  const running = new Map<Node, Promise<void>>()
  let failure: { readonly thrown: unknown } | undefined

  const inUse = (node: Node) => [...running.keys()].some((other) => other.exclusive.some((key) => node.exclusive.includes(key)))
  const start = (node: Node) => {
    const work = run(node, outcomes).then(
      (outcome) => void outcomes.set(node.name, outcome),
      (thrown: unknown) => void (failure ??= { thrown }),
    )
    running.set(
      node,
      work.then(() => void running.delete(node)),
    )
  }

  while (waiting.size > 0 || running.size > 0) {
    let settled = false
    for (const node of failure ? [] : waiting) {
      if (!node.needs.every((need) => outcomes.has(need))) continue
      const outcome = gate(node, outcomes)
      if (outcome !== undefined) {
        waiting.delete(node)
        outcomes.set(node.name, outcome)
        settled = true
      } else if (running.size < maxParallel && !inUse(node)) {
        waiting.delete(node)
        start(node)
      }
    }
    if (settled) continue
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  if (failure) throw failure.thrown
  return outcomes
}
