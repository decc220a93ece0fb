import { MISSING, type Value } from '../values.ts'

/** 32 MB. No pickler comes near, but for a tuple of millions: lists and dicts are written in batches of a thousand. */
const DEEPEST = 1 << 22
const MOST_MARKS = 1 << 20

/** The value stack with its marks. Taking from an empty stack answers MISSING, so that analysis can go on. */
export class Stack {
  #values = new Float64Array(1024)
  #marks = new Float64Array(64)
  #length = 0
  #markCount = 0
  /** Set when a value was taken that was not there (CPython stops at this point), or when a bound was hit. */
  trouble = false
  /** A bound was hit, and values were dropped. */
  overflow = false

  get length(): number {
    return this.#length
  }

  push(value: Value): void {
    if (this.#length === this.#values.length && !this.#grow()) return
    this.#values[this.#length++] = value
  }

  pop(): Value {
    if (this.#length <= this.#fence()) {
      this.trouble = true
      return MISSING
    }
    return this.#values[--this.#length]!
  }

  /** The value `below` places under the top. */
  peek(below = 0): Value {
    const index = this.#length - 1 - below
    if (index < this.#fence()) {
      this.trouble = true
      return MISSING
    }
    return this.#values[index]!
  }

  /** The top value, or MISSING; asking does no harm. */
  get top(): Value {
    return this.#length > this.#fence() ? this.#values[this.#length - 1]! : MISSING
  }

  mark(): void {
    if (this.#markCount === this.#marks.length) {
      if (this.#markCount >= MOST_MARKS) {
        this.#dropped()
        return
      }
      const wider = new Float64Array(this.#marks.length * 2)
      wider.set(this.#marks)
      this.#marks = wider
    }
    this.#marks[this.#markCount++] = this.#length
  }

  /**
   * Takes everything above the topmost mark, and the mark. Answers where in `values` what was taken begins; it ends where `length` was
   * before, and is there until the next push.
   */
  popMark(): number {
    if (this.#markCount === 0) {
      this.trouble = true
      return this.#length
    }
    this.#length = this.#marks[--this.#markCount]!
    return this.#length
  }

  get values(): Float64Array {
    return this.#values
  }

  /** POP: the top value, or the topmost mark when nothing lies above it. */
  popOrUnmark(): void {
    if (this.#length > this.#fence()) this.#length--
    else if (this.#markCount > 0) this.#markCount--
    else this.trouble = true
  }

  get hasMarks(): boolean {
    return this.#markCount > 0
  }

  clone(): Stack {
    const copy = new Stack()
    copy.#values = this.#values.slice(0, Math.max(1024, this.#length))
    copy.#length = this.#length
    copy.#marks = this.#marks.slice(0, Math.max(64, this.#markCount))
    copy.#markCount = this.#markCount
    return copy
  }

  #dropped(): void {
    this.overflow = true
    this.trouble = true
  }

  #fence(): number {
    return this.#markCount === 0 ? 0 : this.#marks[this.#markCount - 1]!
  }

  #grow(): boolean {
    if (this.#values.length >= DEEPEST) {
      this.#dropped()
      return false
    }
    const wider = new Float64Array(this.#values.length * 2)
    wider.set(this.#values)
    this.#values = wider
    return true
  }
}
