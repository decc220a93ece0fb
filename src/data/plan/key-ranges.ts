/** Whether two sets of keys can share a key, told by the bounds of their columns. */

/** The smallest and the largest value of one column of a key, as text; of times, text that sorts as they do. */
export interface KeyRange {
  readonly kind: 'integer' | 'double' | 'text' | 'time'
  readonly min: string
  readonly max: string
}

/** The ranges of one file's keys, column by column; null where a column's is not known. */
export type KeyRanges = readonly (KeyRange | null)[]

/** No key can be in both when the ranges of one column lie apart. */
export function areApart(a: KeyRanges, b: KeyRanges): boolean {
  return a.some((one, i) => {
    const other = b[i]
    if (!one || !other || one.kind !== other.kind) return false
    return isBelow(one.max, other.min, one.kind) || isBelow(other.max, one.min, one.kind)
  })
}

function isBelow(a: string, b: string, kind: KeyRange['kind']): boolean {
  if (kind === 'integer') return BigInt(a) < BigInt(b)
  if (kind === 'double') return Number(a) < Number(b)
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 // as DuckDB orders text: by its bytes in UTF-8
}
