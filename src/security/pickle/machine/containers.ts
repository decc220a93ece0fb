import { argumentSerialOf, flagged, isFlagged, Kind, kindOf, pack, payloadOf, type Value } from '../values.ts'

/** A power of two, so that a slot is the low bits of a serial number. */
const SLOTS = 1024
/** Values remembered of one container: enough for the arguments and states that the policy looks at. */
const WIDTH = 48

/**
 * What the most recent tuples, lists and dicts hold. Older ones are forgotten, so memory does not grow with the pickle; the
 * policy treats a forgotten content as unknown, which never counts as harmless. A tuple that holds a flagged value is flagged
 * itself, so that is never forgotten.
 */
export class Containers {
  readonly #values: Float64Array
  readonly #serials: Float64Array
  readonly #counts: Int32Array
  readonly #mask: number
  readonly #beneath: Containers | undefined
  #next: number

  /** A store over another one: what that holds can be read, and is not changed. */
  constructor(beneath?: Containers) {
    const slots = beneath ? 64 : SLOTS
    this.#mask = slots - 1
    this.#values = new Float64Array(slots * WIDTH)
    this.#serials = new Float64Array(slots)
    this.#counts = new Int32Array(slots)
    this.#beneath = beneath
    this.#next = beneath ? beneath.#next : 1
  }

  /** A new tuple of the values from `from` to `to` in an array. */
  tuple(values: Float64Array, from: number, to: number): Value {
    const slot = this.#take()
    this.#counts[slot] = to - from
    const held = this.#values
    const start = slot * WIDTH - from
    const kept = Math.min(to, from + WIDTH)
    let flag = 0
    for (let i = from; i < kept; i++) {
      const value = values[i]!
      flag |= flagOf(value)
      held[start + i] = value
    }
    for (let i = kept; i < to; i++) flag |= flagOf(values[i]!)
    return this.#newTuple(flag)
  }

  emptyTuple(): Value {
    this.#counts[this.#take()] = 0
    return this.#newTuple(0)
  }

  tuple1(a: Value): Value {
    const slot = this.#take()
    this.#counts[slot] = 1
    this.#values[slot * WIDTH] = a
    return this.#newTuple(flagOf(a))
  }

  tuple2(a: Value, b: Value): Value {
    const slot = this.#take()
    this.#counts[slot] = 2
    this.#values[slot * WIDTH] = a
    this.#values[slot * WIDTH + 1] = b
    return this.#newTuple(flagOf(a) | flagOf(b))
  }

  tuple3(a: Value, b: Value, c: Value): Value {
    const slot = this.#take()
    this.#counts[slot] = 3
    this.#values[slot * WIDTH] = a
    this.#values[slot * WIDTH + 1] = b
    this.#values[slot * WIDTH + 2] = c
    return this.#newTuple(flagOf(a) | flagOf(b) | flagOf(c))
  }

  list(): Value {
    this.#counts[this.#take()] = 0
    return pack(Kind.list, this.#next++)
  }

  /** A new dict; it holds keys and values in turn. */
  dict(): Value {
    this.#counts[this.#take()] = 0
    return pack(Kind.dict, this.#next++)
  }

  /**
   * Adds members to a list, or keys and values in turn to a dict: the values from `from` to `to` in an array. Answers whether any of
   * them is flagged, whether or not the container is remembered.
   */
  addAll(container: Value, values: Float64Array, from: number, to: number): boolean {
    let flag = 0
    for (let i = from; i < to; i++) flag |= values[i]! & 16
    const slot = this.#find(container)
    if (slot === -1) return flag !== 0
    const held = this.#counts[slot]!
    this.#counts[slot] = held + to - from
    const start = slot * WIDTH + held - from
    const end = Math.min(to, from + WIDTH - held)
    for (let i = from; i < end; i++) this.#values[start + i] = values[i]!
    return flag !== 0
  }

  add(list: Value, member: Value): void {
    const slot = this.#find(list)
    if (slot === -1) return
    const held = this.#counts[slot]!
    this.#counts[slot] = held + 1
    if (held < WIDTH) this.#values[slot * WIDTH + held] = member
  }

  addPair(dict: Value, key: Value, value: Value): void {
    this.add(dict, key)
    this.add(dict, value)
  }

  /** How many values a container has (a dict: keys and values), or undefined when it is forgotten. */
  count(container: Value): number | undefined {
    const slot = this.#find(container)
    return slot === -1 ? this.#beneath?.count(container) : this.#counts[slot]
  }

  /** The values of a container, for a dict keys and values in turn: at most the first 48; undefined when forgotten. */
  values(container: Value): Float64Array | undefined {
    const slot = this.#find(container)
    if (slot === -1) return this.#beneath?.values(container)
    return this.#values.subarray(slot * WIDTH, slot * WIDTH + Math.min(WIDTH, this.#counts[slot]!))
  }

  /** The arguments of the call that answered a result; undefined when forgotten. */
  argumentsOf(result: Value): Float64Array | undefined {
    const serial = argumentSerialOf(result)
    const slot = serial & this.#mask
    if (serial !== 0 && this.#serials[slot]! % 2 ** 31 === serial) {
      return this.#values.subarray(slot * WIDTH, slot * WIDTH + Math.min(WIDTH, this.#counts[slot]!))
    }
    return this.#beneath?.argumentsOf(result)
  }

  #take(): number {
    const slot = this.#next & this.#mask
    this.#serials[slot] = this.#next
    return slot
  }

  #newTuple(flag: number): Value {
    const tuple = pack(Kind.tuple, this.#next++)
    return flag === 0 ? tuple : flagged(tuple)
  }

  #find(container: Value): number {
    const kind = kindOf(container)
    if (kind !== Kind.tuple && kind !== Kind.dict && kind !== Kind.list) return -1
    const serial = payloadOf(container)
    const slot = serial & this.#mask
    return this.#serials[slot] === serial ? slot : -1
  }
}

/** The flag that a value gives to the tuple that it is put in: not that of a text, whose flag says something else. */
const flagOf = (value: Value): number => (kindOf(value) === Kind.text ? 0 : isFlagged(value) ? 1 : 0)
