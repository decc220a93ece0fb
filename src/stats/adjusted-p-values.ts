/**
 * p-values of a family of tests, each made as large as it must be to be compared with alpha by itself.
 *
 * - `holm`: the chance of any false finding is at most alpha, however the tests depend on each other (Holm 1979).
 * - `bh`: of what is found, a share of at most alpha is expected to be false, for independent or positively dependent tests
 *   (Benjamini and Hochberg 1995). It finds more in a large family.
 */
export type Correction = 'holm' | 'bh'

/** The adjusted p-values, in the order of the p-values given; equal ones stay equal, and no p-values give none. */
export function adjustPValues(pValues: readonly number[], correction: Correction): number[] {
  const size = pValues.length
  const ascending = [...pValues.keys()].toSorted((a, b) => pValues[a]! - pValues[b]!)
  const adjusted = Array.from<number>({ length: size })
  if (correction === 'holm') {
    let largest = 0
    for (const [rank, index] of ascending.entries()) {
      largest = Math.max(largest, (size - rank) * pValues[index]!)
      adjusted[index] = Math.min(1, largest)
    }
  } else {
    let smallest = 1
    for (let rank = size; rank >= 1; rank--) {
      const index = ascending[rank - 1]!
      smallest = Math.min(smallest, (size / rank) * pValues[index]!)
      adjusted[index] = smallest
    }
  }
  return adjusted
}
