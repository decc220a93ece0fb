import type { Format } from '../format.ts'
import { byteAt, viewAt, type ByteSource } from '../source.ts'

export const ubjson: Format = {
  name: 'ubjson',
  title: 'Universal Binary JSON (XGBoost)',
  evidence: 'structure',
  depth: 'examined',
  looksFor: 'that it is one object to its last byte; it holds data alone',
  recognises: isUbjson,
  examine: () => {}, // recognised by looking at all of it
}

/** Values of a file: far more than a model of thousands of trees has, as their numbers lie in arrays of one type. */
const MOST_VALUES = 20_000_000
const DEEPEST = 64

const INTEGER_SIZE: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8 }
const FIXED_SIZE: Readonly<Record<string, number>> = { ...INTEGER_SIZE, Z: 0, T: 0, F: 0, C: 1, d: 4, D: 8 }

/** An object or an array that has been begun. */
interface Container {
  readonly isObject: boolean
  /** The type of all values, where it is said once for all of them. */
  readonly type: string | undefined
  /** Values still to come; undefined where the container is closed by a mark. */
  left: number | undefined
}

/**
 * Whether these bytes are one Universal Binary JSON object, to the last byte: the format of XGBoost's models (`.ubj`). Like JSON it
 * holds data alone. Pickles cannot begin so: `{` is no opcode.
 */
function isUbjson(source: ByteSource): boolean {
  if (byteAt(source, 0) !== 0x7b) return false
  return new Ubjson(source).isWhole()
}

class Ubjson {
  private readonly source: ByteSource
  private at = 0
  private values = 0
  private readonly open: Container[] = []

  constructor(source: ByteSource) {
    this.source = source
  }

  isWhole(): boolean {
    try {
      this.value(this.mark())
      while (this.open.length > 0) this.next(this.open.at(-1)!)
      return this.at === this.source.size
    } catch (error) {
      if (error instanceof NotUbjson) return false
      throw error
    }
  }

  /** The next value of a container, or its end. */
  private next(container: Container): void {
    if (container.left === 0) return void this.open.pop()
    if (container.left === undefined && this.peek() === (container.isObject ? '}' : ']')) {
      this.at++
      this.open.pop()
      return
    }
    if (container.left !== undefined) container.left--
    if (container.isObject) this.skip(this.integer())
    this.value(container.type ?? this.mark())
  }

  private value(type: string): void {
    if (++this.values > MOST_VALUES) throw new NotUbjson()
    const size = FIXED_SIZE[type]
    if (size !== undefined) return this.skip(size)
    if (type === 'S' || type === 'H') return this.skip(this.integer())
    if (type === '{' || type === '[') return this.container(type === '{')
    throw new NotUbjson()
  }

  private container(isObject: boolean): void {
    if (this.open.length === DEEPEST) throw new NotUbjson()
    let type: string | undefined
    let left: number | undefined
    if (this.peek() === '$') {
      this.at++
      type = this.mark()
      if (this.peek() !== '#') throw new NotUbjson()
    }
    if (this.peek() === '#') {
      this.at++
      left = this.integer()
    }
    const size = type === undefined ? undefined : FIXED_SIZE[type]
    if (!isObject && size !== undefined) return this.skip(size * left!)
    this.open.push({ isObject, type, left })
  }

  private peek(): string {
    return String.fromCharCode(byteAt(this.source, this.at))
  }

  private mark(): string {
    const mark = this.peek()
    this.skip(1)
    return mark
  }

  /** A length, with the mark of its type before it. */
  private integer(): number {
    const size = INTEGER_SIZE[this.peek()]
    const isUnsigned = this.mark() === 'U'
    const view = size === undefined ? undefined : viewAt(this.source, this.at, size)
    if (size === undefined || view === undefined) throw new NotUbjson()
    this.at += size
    const value =
      size === 8
        ? Number(view.getBigInt64(0))
        : size === 4
          ? view.getInt32(0)
          : size === 2
            ? view.getInt16(0)
            : isUnsigned
              ? view.getUint8(0)
              : view.getInt8(0)
    if (value < 0) throw new NotUbjson()
    return value
  }

  private skip(bytes: number): void {
    if (this.at + bytes > this.source.size) throw new NotUbjson()
    this.at += bytes
  }
}

class NotUbjson extends Error {}
