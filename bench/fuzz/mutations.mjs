// Small changes to bytes, of the kinds that break parsers.
const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x2e, 0x28, 0x63, 0x52, 0x93, 0x8e, 0x95]
const LENGTHS = [0, 1, 2, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]

const at = (random, bytes) => random.integer(Math.max(1, bytes.length))

function range(random, bytes) {
  const from = at(random, bytes)
  return [from, Math.min(bytes.length, from + 1 + random.integer(Math.min(64, bytes.length + 1)))]
}

const MUTATIONS = {
  flip(random, bytes) {
    const copy = Uint8Array.from(bytes)
    if (copy.length > 0) copy[at(random, bytes)] ^= 1 << random.integer(8)
    return copy
  },
  set(random, bytes) {
    const copy = Uint8Array.from(bytes)
    if (copy.length > 0) copy[at(random, bytes)] = INTERESTING[random.integer(INTERESTING.length)]
    return copy
  },
  /** A length field, of 2, 4 or 8 bytes, becomes one of those that overflow or lie. */
  length(random, bytes) {
    const copy = Uint8Array.from(bytes)
    const width = [2, 4, 8][random.integer(3)]
    if (copy.length < width) return copy
    const view = new DataView(copy.buffer)
    const where = random.integer(copy.length - width + 1)
    const value = LENGTHS[random.integer(LENGTHS.length)]
    if (width === 2) view.setUint16(where, value & 0xffff, true)
    else if (width === 4) view.setUint32(where, value >>> 0, true)
    else view.setBigUint64(where, random.integer(4) === 0 ? 2n ** 62n + BigInt(value) : BigInt(value), true)
    return copy
  },
  remove(random, bytes) {
    const [from, to] = range(random, bytes)
    return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(to)])
  },
  repeat(random, bytes) {
    const [from, to] = range(random, bytes)
    return Uint8Array.from([...bytes.subarray(0, to), ...bytes.subarray(from, to), ...bytes.subarray(to)])
  },
  insert(random, bytes) {
    const where = random.integer(bytes.length + 1)
    const added = Array.from({ length: 1 + random.integer(8) }, () => random.integer(256))
    return Uint8Array.from([...bytes.subarray(0, where), ...added, ...bytes.subarray(where)])
  },
  cut: (random, bytes) => bytes.slice(0, random.integer(bytes.length + 1)),
  /** The beginning of one file, and the end of another. */
  splice(random, bytes, other) {
    const rest = other()
    return Uint8Array.from([
      ...bytes.subarray(0, random.integer(bytes.length + 1)),
      ...rest.subarray(random.integer(rest.length + 1)),
    ])
  },
  join: (_random, bytes, other) => Uint8Array.from([...bytes, ...other()]),
}
const KINDS = Object.values(MUTATIONS)

/** The bytes with one to six changes; `other` makes the bytes of another file, for those that need one. */
export function mutate(random, bytes, other) {
  let mutated = bytes
  for (let changes = 1 + random.integer(6); changes > 0; changes--)
    mutated = KINDS[random.integer(KINDS.length)](random, mutated, other)
  return mutated
}
