import type { ByteSource } from '../../source.ts'
import { utf8 } from '../literals.ts'

const WINDOW = 1 << 18
/** A text argument longer than this is not looked for further: no pickler writes one, and no name is so long. */
const LONGEST_LINE = 1 << 27
const LONGEST_NAME = 4096

/** A place in a source that moves forward, over a window that is read again only when it is left. */
export class PickleReader {
  readonly source: ByteSource
  readonly size: number
  #window: Uint8Array = new Uint8Array(0)
  #start = 0
  #at = 0
  /** Set when the source ended inside of an opcode. */
  ended = false

  constructor(source: ByteSource, offset = 0) {
    this.source = source
    this.size = source.size
    this.#start = offset
  }

  get offset(): number {
    return this.#start + this.#at
  }

  /** Moves to an offset; one past the end is allowed and reads as the end. */
  seek(offset: number): void {
    this.#at = offset - this.#start
    if (this.#at < 0 || this.#at > this.#window.length) {
      this.#start = offset
      this.#at = 0
      this.#window = new Uint8Array(0)
    }
  }

  /** The next byte, or -1 at the end. Does not set `ended`: only the end inside an opcode's argument does. */
  u8(): number {
    if (this.#at < this.#window.length) return this.#window[this.#at++]!
    if (this.#refill(1)) return this.#window[this.#at++]!
    return -1
  }

  u16(): number {
    if (!this.#has(2)) return this.#end()
    const at = this.#at
    this.#at += 2
    return this.#window[at]! | (this.#window[at + 1]! << 8)
  }

  /** Unsigned, little-endian; -1 at the end. */
  u32(): number {
    if (!this.#has(4)) return this.#end()
    const at = this.#at
    this.#at += 4
    const window = this.#window
    return (window[at]! | (window[at + 1]! << 8) | (window[at + 2]! << 16)) + window[at + 3]! * 0x1000000
  }

  /** Unsigned, little-endian, rounded above 2⁵³; -1 at the end. */
  u64(): number {
    if (!this.#has(8)) return this.#end()
    return this.u32() + this.u32() * 0x100000000
  }

  /** Steps over bytes without reading them, or to the end. A negative length is one that could not be read. */
  skip(length: number): void {
    const at = this.#at + length
    if (length >= 0 && at <= this.#window.length) this.#at = at
    else if (length < 0 || this.#start + at > this.size) this.#end()
    else this.seek(this.#start + at)
  }

  /** Steps over a line and its newline, or to the end. */
  skipLine(): void {
    const limit = this.offset + LONGEST_LINE
    while (this.offset < limit && (this.#at < this.#window.length || this.#refill(1))) {
      const newline = this.#window.indexOf(10, this.#at)
      if (newline >= 0) {
        this.#at = newline + 1
        return
      }
      this.#at = this.#window.length
    }
    this.#end()
  }

  /** The byte so far ahead, or -1 when the source ends before. */
  peek(ahead: number): number {
    if (this.#at + ahead >= this.#window.length && !this.#refill(ahead + 1)) return -1
    return this.#window[this.#at + ahead]!
  }

  /** Steps over a line like `skipLine`, and answers whether its bytes are all printable ASCII. */
  skipAsciiLine(): boolean {
    const limit = this.offset + LONGEST_LINE
    let ascii = true
    while (this.offset < limit && (this.#at < this.#window.length || this.#refill(1))) {
      const window = this.#window
      for (let at = this.#at; at < window.length; at++) {
        const byte = window[at]!
        if (byte === 10) {
          this.#at = at + 1
          return ascii
        }
        // A carriage return comes from files that were once text on Windows.
        if ((byte < 32 && byte !== 13) || byte > 126) ascii = false
      }
      this.#at = window.length
    }
    this.#end()
    return ascii
  }

  /** The text of a line, without its newline; only the beginning of a long one. */
  line(): string {
    const newline = this.#window.indexOf(10, this.#at)
    if (newline >= 0 && newline - this.#at <= LONGEST_NAME) {
      const inside = this.#window.subarray(this.#at, newline)
      this.#at = newline + 1
      return utf8(inside)
    }
    const start = this.offset
    this.skipLine()
    const length = this.offset - start - (this.ended ? 0 : 1)
    return utf8(this.source.read(start, Math.min(length, LONGEST_NAME)))
  }

  #end(): number {
    this.ended = true
    this.seek(this.size)
    return -1
  }

  #has(length: number): boolean {
    return this.#at + length <= this.#window.length || this.#refill(length)
  }

  #refill(wanted: number): boolean {
    this.#start += this.#at
    this.#at = 0
    const bytes = this.source.read(this.#start, WINDOW)
    // Never a Buffer: with one kind of array alone, what reads it stays fast.
    this.#window = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    return this.#window.length >= wanted
  }
}
