import { hasBytes, type ByteSource } from '../../source.ts'
import { damaged, type Decoder } from '../decoder.ts'
import { decodeWith7Zip } from '../seven-zip/program.ts'

export const isBzip2 = (source: ByteSource, at = 0): boolean =>
  hasBytes(source, at, 'BZh') &&
  (hasBytes(source, at + 4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) ||
    hasBytes(source, at + 4, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]))

/** What the library has beside its documented functions: one block at a time, so that the scan can stop between them. */
interface Bunzip {
  readonly reader: { read(bits: number): number; hasByte: boolean }
  readonly streamCRC: number
  _init_block(): boolean
  _read_bunzip(): number
}
type Bunzips = new (input: Input, output: Output) => Bunzip

/** Compressed bytes up to which starting 7-Zip costs more time than its speed saves. */
const SMALL = 1 << 19
const by7Zip = decodeWith7Zip('bzip2')

/** All bzip2 streams of a file, one after the other, as bzip2 readers join them. */
export const bzip2: Decoder = (source) => (source.size > SMALL ? by7Zip(source) : smallBzip2(source))

const smallBzip2: Decoder = async function* (source) {
  const { default: library } = (await import('seek-bzip')) as unknown as { default: Bunzips }
  let at = 0
  while (isBzip2(source, at)) {
    const input = new Input(source, at)
    const output = new Output()
    const stream = new library(input, output)
    for (;;) {
      let more: boolean
      try {
        more = stream._init_block()
        if (more) stream._read_bunzip()
      } catch {
        yield output.take()
        throw damaged('a block is damaged', input.at)
      }
      if (!more) break
      yield output.take()
    }
    if (stream.reader.read(32) >>> 0 !== stream.streamCRC) throw damaged('its checksum is wrong', input.at)
    at = input.at
  }
  return at
}

const WINDOW = 1 << 18

class Input {
  at: number
  readonly #source: ByteSource
  #window: Uint8Array = new Uint8Array(0)
  #start = 0

  constructor(source: ByteSource, at: number) {
    this.#source = source
    this.at = at
  }

  readByte(): number {
    if (this.at - this.#start >= this.#window.length) {
      this.#start = this.at
      this.#window = this.#source.read(this.at, WINDOW)
      // The library reads on at the end of a file, for as long as it is given anything.
      if (this.#window.length === 0) throw damaged('it ends too early', this.at)
    }
    return this.#window[this.at++ - this.#start]!
  }

  read(buffer: Uint8Array, offset: number, length: number): number {
    for (let i = 0; i < length; i++) buffer[offset + i] = this.readByte()
    return length
  }
}

class Output {
  #bytes: Uint8Array = new Uint8Array(1 << 20)
  #length = 0

  writeByte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[this.#length++] = byte
  }

  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }
}
