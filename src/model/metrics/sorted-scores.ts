/** From here on sorting by the bits of the numbers is faster than comparing them. */
const SMALLEST_RADIX = 2048
const DIGIT = 16
const DIGITS = 64 / DIGIT
const BUCKETS = 1 << DIGIT

/** The indices of finite numbers from the highest to the lowest; equal ones in their order. */
export function descendingOrder(values: Float64Array): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i)
  return values.length < SMALLEST_RADIX ? order.toSorted((a, b) => values[b]! - values[a]! || a - b) : radixOrder(values, order)
}

/**
 * Least-significant-digit radix sort. Read as unsigned integers, the bits of negative numbers rise as the numbers fall; those of
 * positive ones do the same, and come first, once all but the sign are flipped.
 */
function radixOrder(values: Float64Array, inPlace: Uint32Array): Uint32Array {
  const count = values.length
  // Adding 0 makes −0 the same as 0.
  const words = new Uint32Array(values.map((value) => value + 0).buffer)
  for (let i = 0; i < count; i++) {
    if (words[2 * i + 1]! >>> 31 === 1) continue
    words[2 * i]! ^= 0xffffffff
    words[2 * i + 1]! ^= 0x7fffffff
  }
  let [from, to]: [Uint32Array, Uint32Array] = [inPlace, new Uint32Array(count)]
  for (let digit = 0; digit < DIGITS; digit++) {
    const [word, shift] = [digit >> 1, (digit & 1) * DIGIT]
    const starts = new Uint32Array(BUCKETS + 1)
    for (let i = 0; i < count; i++) starts[((words[2 * i + word]! >>> shift) & (BUCKETS - 1)) + 1]!++
    for (let bucket = 0; bucket < BUCKETS; bucket++) starts[bucket + 1]! += starts[bucket]!
    for (let i = 0; i < count; i++) {
      const index = from[i]!
      const bucket = (words[2 * index + word]! >>> shift) & (BUCKETS - 1)
      to[starts[bucket]!++] = index
    }
    ;[from, to] = [to, from]
  }
  return from
}

/** Scored items from the highest score down, sorted once so that every resample is a walk along them. */
export interface RankedItems {
  /** The row that each item belongs to, and so whose weight it has. */
  readonly rows: Uint32Array
  /** 1 for an item that should be ranked high. */
  readonly positive: Uint8Array
  /** 1 for the last item of those with one score. */
  readonly last: Uint8Array
}

/** `width` items in a row. */
export function rankItems(scores: Float64Array, isPositive: (item: number) => boolean, width = 1): RankedItems {
  const order = descendingOrder(scores)
  const count = order.length
  const [rows, positive, last] = [new Uint32Array(count), new Uint8Array(count), new Uint8Array(count)]
  for (let i = 0; i < count; i++) {
    const item = order[i]!
    rows[i] = width === 1 ? item : Math.floor(item / width)
    positive[i] = isPositive(item) ? 1 : 0
    last[i] = i === count - 1 || scores[order[i + 1]!] !== scores[item] ? 1 : 0
  }
  return { rows, positive, last }
}

/**
 * Average precision: Σ (recall − the recall before) × precision over the thresholds that the scores give, without interpolation,
 * as scikit-learn has it. NaN without a positive item.
 */
export function averagePrecision(
  { rows, positive, last }: RankedItems,
  weights: Float64Array,
): { value: number; support: number } {
  let [hits, all, hitsBefore, sum] = [0, 0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[rows[i]!]!
    all += weight
    if (positive[i] === 1) hits += weight
    if (last[i] === 0 || hits === hitsBefore) continue
    sum += ((hits - hitsBefore) * hits) / all
    hitsBefore = hits
  }
  return { value: sum / hits, support: hits }
}

/** The area under the ROC curve, ties counted half. NaN when one side has no weight. */
export function areaUnderRoc({ rows, positive, last }: RankedItems, weights: Float64Array): number {
  let [hits, others, hitsBefore, othersBefore, sum] = [0, 0, 0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[rows[i]!]!
    if (positive[i] === 1) hits += weight
    else others += weight
    if (last[i] === 0) continue
    sum += (others - othersBefore) * (hits + hitsBefore)
    hitsBefore = hits
    othersBefore = others
  }
  return sum / (2 * hits * others)
}
