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

const orders = new WeakMap<Float64Array, Uint32Array>()

/** `descendingOrder` of values that do not change, sorted once for all that is asked of them. */
export function orderOf(scores: Float64Array): Uint32Array {
  let order = orders.get(scores)
  if (!order) orders.set(scores, (order = descendingOrder(scores)))
  return order
}
