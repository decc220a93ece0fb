import { encodedSize, recordsOf } from './b-tree-2.ts'
import { BrokenHdf5, type Hdf5File } from './file.ts'

/** Where an object of a heap lies in the file. */
export interface HeapObject {
  readonly start: number
  readonly length: number
}

/** A fractal heap: where groups and objects with many links or attributes keep them. */
export class FractalHeap {
  private readonly file: Hdf5File
  private readonly offsetBytes: number
  private readonly lengthBytes: number
  private readonly width: number
  private readonly smallest: number
  private readonly largestDirect: number
  private readonly root: number | undefined
  private readonly rows: number
  private readonly hugeIndex: number | undefined
  private huge: Map<number, HeapObject> | undefined

  /** @throws BrokenHdf5 */
  constructor(file: Hdf5File, at: number) {
    this.file = file
    file.expect(at, 'FRHP')
    const { offsetSize: o, lengthSize: l } = file
    if (file.number(at + 7, 2) > 0) throw new BrokenHdf5('a heap is compressed')
    const mostManaged = file.number(at + 10, 4)
    this.hugeIndex = file.address(at + 14 + l)
    // Behind two addresses and ten lengths of the statistics.
    const table = at + 14 + 2 * o + 10 * l
    this.width = file.number(table, 2)
    this.smallest = file.length(table + 2)
    this.largestDirect = file.length(table + 2 + l)
    const bits = file.number(table + 2 + 2 * l, 2)
    this.root = file.address(table + 6 + 2 * l)
    this.rows = file.number(table + 6 + 2 * l + o, 2)
    if (this.width === 0 || this.smallest === 0 || this.largestDirect < this.smallest || bits > 64)
      throw new BrokenHdf5('a heap has sizes that cannot be')
    this.offsetBytes = Math.ceil(bits / 8)
    this.lengthBytes = Math.min(Math.ceil(Math.log2(this.largestDirect) / 8), encodedSize(mostManaged))
  }

  /** The object of an identifier that stands at this place. @throws BrokenHdf5 */
  object(id: number): HeapObject {
    const first = this.file.number(id, 1)
    const kind = (first >> 4) & 3
    if (kind === 2) return { start: id + 1, length: (first & 15) + 1 }
    if (kind === 1) return this.hugeObject(id + 1)
    if (kind !== 0) throw new BrokenHdf5('an object of a heap is of no known kind')
    const offset = this.file.number(id + 1, this.offsetBytes)
    const length = this.file.number(id + 1 + this.offsetBytes, this.lengthBytes)
    return { start: this.place(offset), length }
  }

  private hugeObject(at: number): HeapObject {
    const { file } = this
    if (!this.huge) {
      this.huge = new Map()
      for (const record of this.hugeIndex === undefined ? [] : recordsOf(file, this.hugeIndex)) {
        const start = file.address(record)
        const length = file.length(record + file.offsetSize)
        if (start !== undefined) this.huge.set(file.length(record + file.offsetSize + file.lengthSize), { start, length })
      }
    }
    const found = this.huge.get(file.number(at, Math.min(7, file.lengthSize)))
    if (!found) throw new BrokenHdf5('a large object of a heap is missing')
    return found
  }

  /** Where the byte of this number of the heap lies, through the table of blocks that double in size. */
  private place(offset: number): number {
    const { file } = this
    if (this.root === undefined) throw new BrokenHdf5('a heap has no blocks')
    if (this.rows === 0) return this.root + offset
    let block = this.root
    let rest = offset
    for (let depth = 0; depth < 64; depth++) {
      file.expect(block, 'FHIB')
      const entries = block + 5 + file.offsetSize + this.offsetBytes
      let row = 0
      let before = 0
      for (; rest >= before + this.width * this.sizeOfRow(row); row++) before += this.width * this.sizeOfRow(row)
      const size = this.sizeOfRow(row)
      const column = Math.floor((rest - before) / size)
      const child = file.address(entries + (row * this.width + column) * file.offsetSize)
      if (child === undefined) throw new BrokenHdf5('a block of a heap is missing')
      rest -= before + column * size
      if (size <= this.largestDirect) return child + rest
      block = child
    }
    throw new BrokenHdf5('a heap is nested too deeply')
  }

  private readonly sizeOfRow = (row: number) => this.smallest * 2 ** Math.max(0, row - 1)
}
