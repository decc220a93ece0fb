import { recordsOf } from './b-tree-2.ts'
import { BrokenHdf5, type Hdf5File } from './file.ts'
import { FractalHeap } from './fractal-heap.ts'
import { MESSAGE, type HeaderMessage } from './object-header.ts'

/** What a name in a group stands for. */
export type Link =
  | { readonly kind: 'hard'; readonly name: string; readonly address: number }
  | { readonly kind: 'soft'; readonly name: string; readonly target: string }
  | { readonly kind: 'external'; readonly name: string; readonly file: string; readonly target: string; readonly at: number }
  | { readonly kind: 'other'; readonly name: string; readonly at: number }

const MOST_NODES = 500_000

/** The links of a group, however they are kept: in its header, in a heap, or in the tables of older versions. @throws BrokenHdf5 */
export function* linksOf(file: Hdf5File, messages: readonly HeaderMessage[]): Generator<Link> {
  for (const message of messages) {
    if (message.type === MESSAGE.link) yield linkAt(file, message.start)
    if (message.type === MESSAGE.linkInfo) yield* denseLinks(file, message.start)
    if (message.type === MESSAGE.symbolTable) yield* tableLinks(file, message.start)
  }
}

function linkAt(file: Hdf5File, start: number): Link {
  const flags = file.number(start + 1, 1)
  let at = start + 2
  const type = (flags & 8) === 0 ? 0 : file.number(at++, 1)
  if ((flags & 4) !== 0) at += 8
  if ((flags & 16) !== 0) at++
  const width = 2 ** (flags & 3)
  const length = file.number(at, width)
  const name = file.text(at + width, length)
  at += width + length
  if (type === 0) return { kind: 'hard', name, address: file.address(at) ?? -1 }
  const size = file.number(at, 2)
  if (type === 1) return { kind: 'soft', name, target: file.text(at + 2, size) }
  if (type !== 64) return { kind: 'other', name, at: start }
  const [path = '', target = ''] = new TextDecoder().decode(file.bytes(at + 3, Math.max(0, size - 1))).split('\0')
  return { kind: 'external', name, file: path, target, at: start }
}

function* denseLinks(file: Hdf5File, start: number): Generator<Link> {
  const at = start + 2 + ((file.number(start + 1, 1) & 1) === 0 ? 0 : 8)
  const heapAt = file.address(at)
  const index = file.address(at + file.offsetSize)
  if (heapAt === undefined || index === undefined) return
  const heap = new FractalHeap(file, heapAt)
  // A record has the hash of the name, and the place in the heap.
  for (const record of recordsOf(file, index)) yield linkAt(file, heap.object(record + 4).start)
}

/** A symbol table: a B-tree of nodes with entries, whose names are in a heap. */
function* tableLinks(file: Hdf5File, start: number): Generator<Link> {
  const tree = file.address(start)
  const heap = file.address(start + file.offsetSize)
  if (tree === undefined || heap === undefined) return
  file.expect(heap, 'HEAP')
  const names = file.address(heap + 8 + 2 * file.lengthSize) ?? 0
  const namesSize = file.length(heap + 8)
  const text = (offset: number) => file.text(names + offset, namesSize - offset)
  const seen = new Set<number>()
  const open = [tree]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at) || seen.size > MOST_NODES) throw new BrokenHdf5('the table of a group has itself for a part')
    seen.add(at)
    if (isNode(file, at)) yield* entriesOf(file, at, text)
    else {
      file.expect(at, 'TREE')
      const count = file.number(at + 6, 2)
      const first = at + 8 + 2 * file.offsetSize + file.lengthSize
      for (let i = 0; i < count; i++) {
        const child = file.address(first + i * (file.offsetSize + file.lengthSize))
        if (child !== undefined) open.push(child)
      }
    }
  }
}

const isNode = (file: Hdf5File, at: number) => file.text(at, 4) === 'SNOD'

function* entriesOf(file: Hdf5File, node: number, text: (offset: number) => string): Generator<Link> {
  const count = file.number(node + 6, 2)
  const size = 2 * file.offsetSize + 24
  for (let i = 0; i < count; i++) {
    const at = node + 8 + i * size
    const name = text(file.number(at, file.offsetSize))
    const cache = file.number(at + 2 * file.offsetSize, 4)
    if (cache === 2) yield { kind: 'soft', name, target: text(file.number(at + 2 * file.offsetSize + 8, 4)) }
    else yield { kind: 'hard', name, address: file.address(at + file.offsetSize) ?? -1 }
  }
}
