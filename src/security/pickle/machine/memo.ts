import { MISSING, type Value } from '../values.ts'

const PAGE_BITS = 12
const PAGE = 1 << PAGE_BITS
/** 25 million slots, 200 MB. */
const MOST_PAGES = 6144

/** The memo of a pickle: a sparse array of values that is cheap when dense and bounded when hostile. */
export class Memo {
  readonly #pages = new Map<number, Float64Array>()
  readonly #beneath: Memo | undefined
  #lastIndex = -1
  #lastPage: Float64Array | undefined
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
    let page = this.#page(index)
    if (!page) {
      if (this.#pages.size >= MOST_PAGES) return false
      page = new Float64Array(PAGE)
      this.#pages.set(index, page)
      this.#lastIndex = index
      this.#lastPage = page
    }
    if (page[slot % PAGE] === MISSING && (this.#beneath === undefined || this.#beneath.get(slot) === MISSING)) this.size++
    page[slot % PAGE] = value
    return true
  }

  #page(index: number): Float64Array | undefined {
    if (index !== this.#lastIndex) {
      this.#lastIndex = index
      this.#lastPage = this.#pages.get(index)
    }
    return this.#lastPage
  }
}
