import { CHI_SQUARED_PER_BIT, jensenShannonDivergence, populationStabilityIndex } from '../../stats/divergence.ts'
import { homogeneity, poolSparse } from '../../stats/homogeneity.ts'
import { logChoose } from '../../stats/proportion-test.ts'
import { effectiveSize, total } from '../../stats/two-sample-counts.ts'
import type { TextCounts } from './count-values.ts'
import type { Appearance, CategoryDrift } from './facts.ts'

const SHOWN = 20
const EXAMPLES = 5

/** Compares how often each category occurs in two samples; null when one has none. */
export function compareCategories({ values, reference, current }: TextCounts): CategoryDrift | null {
  const [n, m] = [total(reference), total(current)]
  if (n === 0 || m === 0) return null
  const cells = poolSparse(reference, current)
  const { statistic, degrees, pValue } = homogeneity(cells.reference, cells.current)
  const divergence = jensenShannonDivergence(cells.reference, cells.current)
  // The statistic of equal distributions is its degrees of freedom on average; in bits, that is what sampling adds.
  const chance = degrees / (CHI_SQUARED_PER_BIT * effectiveSize(n, m))
  const top = [...values.keys()].toSorted((a, b) => reference[b]! / n + current[b]! / m - reference[a]! / n - current[a]! / m)
  return {
    statistic,
    degrees,
    pValue,
    cells: cells.reference.length,
    pooled: cells.pooled,
    jensenShannon: Math.sqrt(divergence),
    jensenShannonBeyondChance: Math.sqrt(Math.max(0, divergence - chance)),
    psi: populationStabilityIndex(cells.reference, cells.current),
    // Of a table with two rows: √(χ² / N).
    cramersV: Math.min(1, Math.sqrt(statistic / (n + m))),
    distinct: values.length,
    top: top.slice(0, SHOWN).map((i) => ({ value: values[i]!, reference: reference[i]!, current: current[i]! })),
    new: appearance(values, reference, current),
    vanished: appearance(values, current, reference),
  }
}

/**
 * Categories of `here` that `there` has not. If rows fell to the two sides by chance, all t rows of a category would be here with
 * the chance C(m, t) / C(n + m, t). Which category is looked at was not chosen before, so the smallest chance counts as often as there are categories.
 */
function appearance(values: readonly string[], there: Float64Array, here: Float64Array): Appearance {
  const [n, m] = [total(there), total(here)]
  const found = [...values.keys()].filter((i) => there[i] === 0).toSorted((a, b) => here[b]! - here[a]!)
  const most = found.length === 0 ? 0 : here[found[0]!]!
  const chance = Math.exp(logChoose(m, most) - logChoose(n + m, most))
  return {
    categories: found.length,
    rows: found.reduce((sum, i) => sum + here[i]!, 0),
    examples: found.slice(0, EXAMPLES).map((i) => ({ value: values[i]!, rows: here[i]! })),
    pValue: Math.min(1, values.length * chance),
  }
}
