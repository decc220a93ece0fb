import type { Budget } from '../../budget.ts'
import { viewAt, type ByteSource } from '../../source.ts'
import { BLOCKS, LARGEST_TYPE, REMOVED_TYPES } from './tensor-types.ts'

export interface GgufTemplate {
  readonly key: string
  readonly text: string
  readonly offset: number
}

export interface GgufFile {
  readonly templates: readonly GgufTemplate[]
  /** The byte behind the last tensor. */
  readonly end: number
}

/** The file is not as its header says; `templates` were read before. */
export class BrokenGguf extends Error {
  readonly offset: number
  templates: readonly GgufTemplate[] = []
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Sizes of the types of metadata that have one. Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const VALUE_SIZE: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }
const STRING = 8
const ARRAY = 9
const UINT32 = 4
const LONGEST_KEY = 65_535
const LONGEST_NAME = 64
const MOST_DIMENSIONS = 4
const DEEPEST_ARRAY = 4
const LONGEST_TEMPLATE = 8 * 2 ** 20
const INT64_END = 2 ** 63

/** Reads metadata and places of tensors, of version 1 to 3 in either byte order, and no tensor. @throws BrokenGguf */
export async function readGguf(source: ByteSource, budget: Budget): Promise<GgufFile> {
  const reader = new Reader(source)
  try {
    return await reader.read(budget)
  } catch (error) {
    if (error instanceof BrokenGguf) error.templates = reader.templates
    throw error
  }
}

class Reader {
  readonly templates: GgufTemplate[] = []
  private readonly source: ByteSource
  private at = 4
  private isLittle = true
  private wide = true
  private alignment = 32

  constructor(source: ByteSource) {
    this.source = source
  }

  async read(budget: Budget): Promise<GgufFile> {
    let version = this.uint32()
    if (version > 0xffff) {
      this.isLittle = false
      this.at = 4
      version = this.uint32()
    }
    if (version < 1 || version > 3) throw this.broken(`its version is ${version}`)
    this.wide = version > 1
    const tensors = this.count(this.wide ? 8 + 4 + 8 : 4 + 4 + 8, 'tensors')
    const pairs = this.count(this.wide ? 8 + 4 + 1 : 4 + 4 + 1, 'metadata')
    const keys = new Set<string>()
    for (let i = 0; i < pairs; i++) {
      this.pair(keys)
      if (i % 1000 === 0) await budget.breathe()
    }
    const ranges = await this.tensors(tensors, budget)
    const start = Math.ceil(this.at / this.alignment) * this.alignment
    return { templates: this.templates, end: this.dataEnd(ranges, tensors === 0 ? this.at : start) }
  }

  private pair(keys: Set<string>): void {
    const start = this.at
    const key = this.string(LONGEST_KEY)
    if (keys.has(key)) throw new BrokenGguf(`it has the key ${JSON.stringify(key.slice(0, 80))} twice`, start)
    keys.add(key)
    const type = this.uint32()
    if (type === STRING && key.includes('chat_template')) {
      const offset = this.at + (this.wide ? 8 : 4)
      this.templates.push({ key, text: this.string(LONGEST_TEMPLATE), offset })
    } else if (key === 'general.alignment') {
      if (type !== UINT32) throw new BrokenGguf('its alignment is no number', start)
      this.alignment = this.uint32()
      if (this.alignment === 0 || (this.alignment & (this.alignment - 1)) !== 0 || this.alignment > 2 ** 30)
        throw new BrokenGguf(`its alignment is ${this.alignment}, which is no power of two`, start)
    } else this.value(type, 0, key)
  }

  private value(type: number, depth: number, key: string): void {
    const size = VALUE_SIZE[type]
    if (size !== undefined) return this.skip(size)
    if (type === STRING) return this.skipString()
    if (type !== ARRAY)
      throw this.broken(`the value of ${JSON.stringify(key.slice(0, 80))} has the type ${type}, which does not exist`)
    if (depth >= DEEPEST_ARRAY) throw this.broken('lists are nested too deeply')
    const inner = this.uint32()
    const fixed = VALUE_SIZE[inner]
    const length = this.count(fixed ?? (inner === ARRAY ? 8 : this.wide ? 8 : 4), 'values')
    if (fixed !== undefined) return this.skip(fixed * length)
    for (let i = 0; i < length; i++) {
      // A template may stand in a list of templates.
      if (inner === STRING && key.includes('chat_template')) {
        const offset = this.at + (this.wide ? 8 : 4)
        this.templates.push({ key: `${key}[${i}]`, text: this.string(LONGEST_TEMPLATE), offset })
      } else this.value(inner, depth + 1, key)
    }
  }

  private async tensors(count: number, budget: Budget): Promise<{ offset: number; size: number | undefined; at: number }[]> {
    const ranges: { offset: number; size: number | undefined; at: number }[] = []
    const names = new Set<string>()
    for (let i = 0; i < count; i++) {
      const at = this.at
      const name = this.string(LONGEST_KEY)
      const shown = JSON.stringify(name.slice(0, 80))
      if (Buffer.byteLength(name) > LONGEST_NAME)
        throw new BrokenGguf(`the name ${shown} is longer than ${LONGEST_NAME} bytes`, at)
      if (names.has(name)) throw new BrokenGguf(`it has the tensor ${shown} twice`, at)
      names.add(name)
      const dimensions = this.uint32()
      if (dimensions > MOST_DIMENSIONS) throw new BrokenGguf(`the tensor ${shown} has ${dimensions} dimensions`, at)
      const shape = Array.from({ length: dimensions }, () => this.size())
      const elements = shape.reduce((product, size) => product * size, 1)
      if (elements >= INT64_END) throw new BrokenGguf(`the tensor ${shown} has more numbers than can be counted`, at)
      const type = this.uint32()
      if (type > LARGEST_TYPE || REMOVED_TYPES.has(type))
        throw new BrokenGguf(`the tensor ${shown} has the type ${type}, which does not exist`, at)
      const offset = this.uint64()
      if (offset % this.alignment !== 0) throw new BrokenGguf(`the tensor ${shown} is not aligned`, at)
      const block = BLOCKS[type]
      if (block && (shape[0] ?? 1) % block[0] !== 0)
        throw new BrokenGguf(`a row of the tensor ${shown} is no whole number of blocks`, at)
      ranges.push({ offset, size: block && (elements / block[0]) * block[1], at })
      if (i % 1000 === 0) await budget.breathe()
    }
    return ranges
  }

  private dataEnd(ranges: readonly { offset: number; size: number | undefined; at: number }[], start: number): number {
    let end = start
    let before = 0
    for (const { offset, size, at } of ranges.toSorted((a, b) => a.offset - b.offset)) {
      if (start + offset + (size ?? 0) > this.source.size) throw new BrokenGguf('a tensor lies behind the end of the file', at)
      if (offset < before) throw new BrokenGguf('tensors overlap', at)
      // What is behind a tensor of a type that is newer than this list is not known.
      if (size === undefined) return this.source.size
      before = offset + size
      end = start + Math.ceil(before / this.alignment) * this.alignment
    }
    return end
  }

  private broken(message: string): BrokenGguf {
    return new BrokenGguf(message, this.at)
  }

  private skip(bytes: number): void {
    if (bytes > this.source.size - this.at) throw this.broken('it breaks off')
    this.at += bytes
  }

  private view(bytes: number): DataView {
    const view = viewAt(this.source, this.at, bytes)
    if (!view) throw this.broken('it breaks off')
    this.at += bytes
    return view
  }

  private uint32(): number {
    return this.view(4).getUint32(0, this.isLittle)
  }

  private uint64(): number {
    return Number(this.view(8).getBigUint64(0, this.isLittle))
  }

  private size(): number {
    return this.wide ? this.uint64() : this.uint32()
  }

  /** A number of things that each take at least so many bytes: more than there are bytes for cannot be. */
  private count(bytesEach: number, what: string): number {
    const count = this.size()
    if (count * bytesEach > this.source.size - this.at)
      throw this.broken(`it is said to have ${count} ${what}, more than there is room for`)
    return count
  }

  private skipString(): void {
    const length = this.size()
    if (length > this.source.size - this.at) throw this.broken('a text is longer than the file')
    this.at += length
  }

  private string(most: number): string {
    const length = this.size()
    if (length > this.source.size - this.at) throw this.broken('a text is longer than the file')
    if (length > most) throw this.broken(`a text has ${length} bytes, more than any loader needs`)
    const text = new TextDecoder().decode(this.source.read(this.at, length))
    this.at += length
    return text
  }
}
