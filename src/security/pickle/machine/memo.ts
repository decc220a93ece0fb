import type { Ledger } from '../effects/ledger.ts'
import { MISSING, type Value } from '../values.ts'

const PAGE_BITS = 14
const PAGE = 1 << PAGE_BITS
/** 12 million slots, 96 MB. */
const MOST_PAGES = 768
const NEAR = MOST_PAGES * PAGE
/** Picklers count slots up from 0; these bounds are far from what one leaves out that writes on into the memo of another pickle. */
const FARTHEST = 1_000_000
const MOST_GAP = 16

/** The memo of a pickle: a sparse array of values that is cheap when dense and bounded when hostile. */
export class Memo {
  /** The first pages, where picklers write. */
  readonly #near: (Float64Array | undefined)[] = []
  readonly #far = new Map<number, Float64Array>()
  readonly #beneath: Memo | undefined
  #pageCount = 0
  /** How many different slots were written: where MEMOIZE writes next. */
  size: number

  /** A memo over another: reads fall through to it, writes do not reach it. */
  constructor(beneath?: Memo) {
    this.#beneath = beneath
    this.size = beneath?.size ?? 0
  }

  get(slot: number): Value {
    const own = this.#pageOf(slot)?.[slot % PAGE] ?? MISSING
    return own === MISSING && this.#beneath ? this.#beneath.get(slot) : own
  }

  /** Answers false when the memo is full. */
  set(slot: number, value: Value): boolean {
    const page = this.#pageOf(slot) ?? this.#newPage(slot)
    if (!page) return false
    const at = slot % PAGE
    if (page[at] === MISSING && (this.#beneath === undefined || this.#beneath.get(slot) === MISSING)) this.size++
    page[at] = value
    return true
  }

  #pageOf(slot: number): Float64Array | undefined {
    return slot < NEAR ? this.#near[slot >> PAGE_BITS] : this.#far.get(Math.floor(slot / PAGE))
  }

  #newPage(slot: number): Float64Array | undefined {
    if (this.#pageCount >= MOST_PAGES) return undefined
    this.#pageCount++
    const page = new Float64Array(PAGE)
    const index = Math.floor(slot / PAGE)
    if (slot < NEAR) {
      // No holes: an array with holes is slow to read.
      while (this.#near.length <= index) this.#near.push(undefined)
      this.#near[index] = page
    } else this.#far.set(index, page)
    return page
  }
}

/** Writes a value to a slot; -1 is no slot. */
export function remember(ledger: Ledger, memo: Memo, offset: number, slot: number, value: Value): void {
  if (slot > FARTHEST && slot > MOST_GAP * memo.size) {
    ledger.problems.add('pickle.anomaly', offset, `memo slot ${slot} is written where ${memo.size} values are remembered`)
  }
  if (slot >= 0 && !memo.set(slot, value)) {
    ledger.problems.add('scan.limit', offset, 'the memo is larger than the scanner holds')
  }
}

/** The value of a slot; MISSING, and a problem, when it has none. */
export function recall(ledger: Ledger, memo: Memo, offset: number, slot: number): Value {
  const value = slot < 0 ? MISSING : memo.get(slot)
  if (value === MISSING) ledger.problems.add('pickle.anomaly', offset, `memo slot ${slot} is read before it is written`)
  return value
}
