import { BrokenHdf5, type Hdf5File } from './file.ts'

const MOST_RECORDS = 1_000_000
const DEEPEST = 20

/** Places of the records of a B-tree of version 2, in no order. @throws BrokenHdf5 */
export function* recordsOf(file: Hdf5File, header: number): Generator<number> {
  file.expect(header, 'BTHD')
  const nodeSize = file.number(header + 6, 4)
  const recordSize = file.number(header + 10, 2)
  const depth = file.number(header + 12, 2)
  const root = file.address(header + 16)
  const rootRecords = file.number(header + 16 + file.offsetSize, 2)
  if (root === undefined || recordSize === 0) return
  if (depth > DEEPEST) throw new BrokenHdf5('an index is nested too deeply')
  const levels = levelsOf(file, nodeSize, recordSize, depth)
  const leafCountSize = encodedSize(levels[0]!.most)
  const seen = new Set<number>()
  let count = 0
  const open = [{ at: root, records: rootRecords, level: depth }]
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node.at)) throw new BrokenHdf5('an index has itself for a part')
    seen.add(node.at)
    file.expect(node.at, node.level === 0 ? 'BTLF' : 'BTIN')
    const first = node.at + 6
    for (let i = 0; i < node.records; i++) {
      if (++count > MOST_RECORDS) throw new BrokenHdf5('an index has more records than the scan may read')
      yield first + i * recordSize
    }
    if (node.level === 0) continue
    const totalSize = node.level > 1 ? levels[node.level - 1]!.totalSize : 0
    let at = first + node.records * recordSize
    for (let i = 0; i <= node.records; i++) {
      const child = file.address(at)
      const records = file.number(at + file.offsetSize, leafCountSize)
      if (child !== undefined) open.push({ at: child, records, level: node.level - 1 })
      at += file.offsetSize + leafCountSize + totalSize
    }
  }
}

/** Most records of a node by level, and how many bytes the number of all records below it is written in. */
function levelsOf(file: Hdf5File, nodeSize: number, recordSize: number, depth: number): { most: number; totalSize: number }[] {
  const most = Math.floor((nodeSize - 10) / recordSize)
  if (most < 1) throw new BrokenHdf5('the nodes of an index are too small')
  const levels = [{ most, totalSize: 0 }]
  let total = most
  for (let level = 1; level <= depth; level++) {
    const pointer = file.offsetSize + encodedSize(most) + (level > 1 ? levels[level - 1]!.totalSize : 0)
    const here = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer))
    total = (here + 1) * total + here
    levels.push({ most: here, totalSize: encodedSize(total) })
  }
  return levels
}

/** Bytes that a number up to this one is written in. */
export const encodedSize = (limit: number): number => Math.floor(Math.log2(Math.max(1, limit)) / 8) + 1
