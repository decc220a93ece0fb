import { Kind, kindOf, pack, payloadOf, type Value } from '../values.ts'

const SLOTS = 1024
/** Values remembered of one tuple or dict: enough for the arguments and states that the policy looks at. */
const WIDTH = 32

/**
 * What the most recent tuples and dicts hold. Older ones are forgotten, so memory does not grow with the pickle; the policy
 * treats a forgotten content as unknown, which never counts as harmless.
 */
export class Containers {
  readonly #values = new Float64Array(SLOTS * WIDTH)
  readonly #serials = new Float64Array(SLOTS)
  readonly #counts = new Int32Array(SLOTS)
  #next = 1

  /** A new tuple of these values. */
  tuple(values: Float64Array): Value {
    const slot = this.#take()
    this.#counts[slot] = values.length
    this.#values.set(values.length > WIDTH ? values.subarray(0, WIDTH) : values, slot * WIDTH)
    return pack(Kind.tuple, this.#next++)
  }

  tuple1(a: Value): Value {
    const slot = this.#take()
    this.#counts[slot] = 1
    this.#values[slot * WIDTH] = a
    return pack(Kind.tuple, this.#next++)
  }

  tuple2(a: Value, b: Value): Value {
    const slot = this.#take()
    this.#counts[slot] = 2
    this.#values[slot * WIDTH] = a
    this.#values[slot * WIDTH + 1] = b
    return pack(Kind.tuple, this.#next++)
  }

  tuple3(a: Value, b: Value, c: Value): Value {
    const slot = this.#take()
    this.#counts[slot] = 3
    this.#values[slot * WIDTH] = a
    this.#values[slot * WIDTH + 1] = b
    this.#values[slot * WIDTH + 2] = c
    return pack(Kind.tuple, this.#next++)
  }

  /** A new dict; `pairs` are keys and values in turn. */
  dict(): Value {
    this.#counts[this.#take()] = 0
    return pack(Kind.dict, this.#next++)
  }

  /** Adds keys and values, in turn, to a dict. */
  addPairs(dict: Value, pairs: Float64Array): void {
    const slot = this.#find(dict)
    if (slot === undefined) return
    const held = this.#counts[slot]!
    this.#counts[slot] = held + pairs.length
    if (held < WIDTH) this.#values.set(pairs.subarray(0, WIDTH - held), slot * WIDTH + held)
  }

  addPair(dict: Value, key: Value, value: Value): void {
    const slot = this.#find(dict)
    if (slot === undefined) return
    const held = this.#counts[slot]!
    this.#counts[slot] = held + 2
    if (held + 2 > WIDTH) return
    this.#values[slot * WIDTH + held] = key
    this.#values[slot * WIDTH + held + 1] = value
  }

  /** How many values a tuple has (a dict: keys and values), or undefined when it is forgotten. */
  count(container: Value): number | undefined {
    const slot = this.#find(container)
    return slot === undefined ? undefined : this.#counts[slot]
  }

  /** The values of a tuple, or keys and values of a dict: at most the first 32; undefined when forgotten. */
  values(container: Value): Float64Array | undefined {
    const slot = this.#find(container)
    if (slot === undefined) return undefined
    return this.#values.subarray(slot * WIDTH, slot * WIDTH + Math.min(WIDTH, this.#counts[slot]!))
  }

  clone(): Containers {
    const copy = new Containers()
    copy.#values.set(this.#values)
    copy.#serials.set(this.#serials)
    copy.#counts.set(this.#counts)
    copy.#next = this.#next
    return copy
  }

  #take(): number {
    const slot = this.#next % SLOTS
    this.#serials[slot] = this.#next
    return slot
  }

  #find(container: Value): number | undefined {
    const kind = kindOf(container)
    if (kind !== Kind.tuple && kind !== Kind.dict) return undefined
    const serial = payloadOf(container)
    const slot = serial % SLOTS
    return this.#serials[slot] === serial ? slot : undefined
  }
}
