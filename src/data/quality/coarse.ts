/**
 * Equal rows are taken for a trait of coarse values, and not for a mistake, as long as there are at most this many times as many
 * pairs of them as independent columns would make by chance. Columns that depend on each other make somewhat more.
 */
const BY_CHANCE = 3

export function isCoarse(pairs: number, byChance: number): boolean {
  return pairs <= BY_CHANCE * byChance
}
