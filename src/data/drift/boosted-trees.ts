import type { Feature } from './features.ts'

/**
 * A small gradient-boosted ensemble of trees for two classes with logistic loss, on binned features (Friedman 2001; leaf weights and gain with second
 * derivatives as in Chen and Guestrin 2016). Trees of depth three find columns that changed together although none changed by itself.
 */
const TREES = 25
const DEPTH = 3
const LEARNING_RATE = 0.3
/** L2 penalty of leaf weights, and the least curvature in a leaf (a row that is not decided yet has ¼). */
const PENALTY = 2
const LEAST_HESSIAN = 5

interface Split {
  /** −1: none, all rows go left. */
  readonly feature: number
  readonly bin: number
  readonly gain: number
}
const NO_SPLIT: Split = { feature: -1, bin: 0, gain: 1e-6 }

interface Tree {
  /** Of the nodes of depth 0, then 1, then 2: nodes 2i + 1 and 2i + 2 are the children of node i. */
  readonly splits: readonly Split[]
  readonly leaves: Float64Array
}

export interface BoostedTrees {
  /** The log odds of class 1 of a row, up to a constant; of other rows of the same features, too. */
  score(features: readonly Feature[], row: number): number
  /** By feature: the gain of its splits. */
  readonly gains: Float64Array
}

/** @param isOne the class of each row of the features, 0 or 1 */
export function trainBoostedTrees(features: readonly Feature[], isOne: Uint8Array): BoostedTrees {
  const rows = isOne.length
  const scores = new Float64Array(rows)
  const gradients = new Float64Array(rows)
  const hessians = new Float64Array(rows)
  const gains = new Float64Array(features.length)
  const trees: Tree[] = []
  for (let t = 0; t < TREES; t++) {
    for (let i = 0; i < rows; i++) {
      const p = 1 / (1 + Math.exp(-scores[i]!))
      gradients[i] = p - isOne[i]!
      hessians[i] = p * (1 - p)
    }
    const { tree, leafOf } = growTree(features, gradients, hessians)
    for (let i = 0; i < rows; i++) scores[i]! += tree.leaves[leafOf[i]!]!
    for (const { feature, gain } of tree.splits) if (feature >= 0) gains[feature]! += gain
    trees.push(tree)
  }
  return {
    score: (ofFeatures, row) => trees.reduce((sum, tree) => sum + tree.leaves[descend(tree, ofFeatures, row)]!, 0),
    gains,
  }
}

function goesRight({ feature, bin }: Split, features: readonly Feature[], row: number): boolean {
  if (feature < 0) return false
  const { bins, ordered } = features[feature]!
  return ordered ? bins[row]! > bin : bins[row] === bin
}

function descend({ splits }: Tree, features: readonly Feature[], row: number): number {
  let node = 0
  for (let depth = 0; depth < DEPTH; depth++) node = 2 * node + (goesRight(splits[node]!, features, row) ? 2 : 1)
  return node - splits.length
}

function growTree(
  features: readonly Feature[],
  gradients: Float64Array,
  hessians: Float64Array,
): { tree: Tree; leafOf: Uint8Array } {
  const splits: Split[] = []
  /** The node of each row among those of the present depth. */
  const nodeOf = new Uint8Array(gradients.length)
  for (let depth = 0; depth < DEPTH; depth++) {
    const best = bestSplits(features, gradients, hessians, nodeOf, 2 ** depth)
    splits.push(...best)
    for (let row = 0; row < nodeOf.length; row++)
      nodeOf[row] = 2 * nodeOf[row]! + (goesRight(best[nodeOf[row]!]!, features, row) ? 1 : 0)
  }
  const sums = new Float64Array(2 * 2 ** DEPTH)
  for (let i = 0; i < nodeOf.length; i++) {
    sums[2 * nodeOf[i]!]! += gradients[i]!
    sums[2 * nodeOf[i]! + 1]! += hessians[i]!
  }
  const leaves = Float64Array.from(
    { length: 2 ** DEPTH },
    (_, leaf) => (-LEARNING_RATE * sums[2 * leaf]!) / (sums[2 * leaf + 1]! + PENALTY),
  )
  return { tree: { splits, leaves }, leafOf: nodeOf }
}

/** The best split of each node; one pass over the rows per feature. */
function bestSplits(
  features: readonly Feature[],
  gradients: Float64Array,
  hessians: Float64Array,
  nodeOf: Uint8Array,
  nodes: number,
): Split[] {
  const best = Array.from({ length: nodes }, () => NO_SPLIT)
  for (const [feature, { bins, binCount, ordered }] of features.entries()) {
    const sums = new Float64Array(2 * nodes * binCount)
    for (let i = 0; i < nodeOf.length; i++) {
      const cell = 2 * (nodeOf[i]! * binCount + bins[i]!)
      sums[cell]! += gradients[i]!
      sums[cell + 1]! += hessians[i]!
    }
    for (let node = 0; node < nodes; node++) {
      const ofNode = sums.subarray(2 * node * binCount, 2 * (node + 1) * binCount)
      const found = bestBin(ofNode, ordered, best[node]!.gain)
      if (found) best[node] = { feature, ...found }
    }
  }
  return best
}

/** The bin after which (or which alone) to split, when that gains more than what is known already. */
function bestBin(sums: Float64Array, ordered: boolean, known: number): { bin: number; gain: number } | undefined {
  let [g, h] = [0, 0]
  for (let i = 0; i < sums.length; i += 2) {
    g += sums[i]!
    h += sums[i + 1]!
  }
  const score = (gradient: number, hessian: number): number => (gradient * gradient) / (hessian + PENALTY)
  let [left, leftHessian, gain, bin] = [0, 0, known, -1]
  for (let i = 0; i < sums.length; i += 2) {
    left = ordered ? left + sums[i]! : sums[i]!
    leftHessian = ordered ? leftHessian + sums[i + 1]! : sums[i + 1]!
    if (leftHessian < LEAST_HESSIAN || h - leftHessian < LEAST_HESSIAN) continue
    const found = score(left, leftHessian) + score(g - left, h - leftHessian) - score(g, h)
    if (found > gain) [gain, bin] = [found, i / 2]
  }
  return bin === -1 ? undefined : { bin, gain }
}
