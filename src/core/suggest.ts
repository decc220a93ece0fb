/** Levenshtein distance with adjacent transpositions counted as one edit (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, substitution)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}

/** The known name nearest to a mistyped one, or undefined when none is near. */
export function suggest(mistyped: string, names: Iterable<string>): string | undefined {
  const known = [...names]
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(mistyped.length / 3)) + 1
  for (const name of known) {
    const distance = editDistance(mistyped.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [name, distance]
  }
  return best ?? [...known].find((name) => isAbbreviated(name, mistyped) || isAbbreviated(mistyped, name))
}

/** `max` for `maximum`. */
const isAbbreviated = (short: string, long: string): boolean =>
  short.length >= 3 && long.toLowerCase().startsWith(short.toLowerCase())

/** ` Did you mean "x"?`, or a list of what is known, or nothing when nothing is known. */
export function didYouMean(mistyped: string, known: Iterable<string>): string {
  const names = [...known]
  const near = suggest(mistyped, names)
  if (near !== undefined) return `Did you mean "${near}"?`
  return names.length === 0 ? '' : `Known: ${names.join(', ')}.`
}
