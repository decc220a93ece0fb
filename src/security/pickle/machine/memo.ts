import { MISSING, type Value } from '../values.ts'

const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS
/** 12 million slots, 96 MB. */
const MOST_PAGES = 3072

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
    const own = this.#page(Math.floor(slot / PAGE))?.[slot % PAGE] ?? MISSING
    return own === MISSING && this.#beneath ? this.#beneath.get(slot) : own
  }

  /** Answers false when the memo is full. */
  set(slot: number, value: Value): boolean {
    const index = Math.floor(slot / PAGE)
    const page = this.#page(index) ?? this.#newPage(index)
    if (!page) return false
    const at = slot % PAGE
    if (page[at] === MISSING && (this.#beneath === undefined || this.#beneath.get(slot) === MISSING)) this.size++
    page[at] = value
    return true
  }

  #page(index: number): Float64Array | undefined {
    return index < MOST_PAGES ? this.#near[index] : this.#far.get(index)
  }

  #newPage(index: number): Float64Array | undefined {
    if (this.#pageCount >= MOST_PAGES) return undefined
    this.#pageCount++
    const page = new Float64Array(PAGE)
    if (index < MOST_PAGES) {
      // No holes: an array with holes is slow to read.
      while (this.#near.length <= index) this.#near.push(undefined)
      this.#near[index] = page
    } else this.#far.set(index, page)
    return page
  }
}
