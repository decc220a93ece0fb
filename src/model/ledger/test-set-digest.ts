import { createHash } from 'node:crypto'
import type { Digest } from '../../core/digest.ts'
import type { Predictions } from '../../core/predictor.ts'
import type { Cell, Column, Table } from '../../core/table.ts'
import { spell } from '../labels.ts'
import { isColumn, type SetLabels } from '../score-sets.ts'

/**
 * Names a test set by its rows and their labels: the same for another file name or format, and for another order of rows or
 * columns, because none of these makes the data fresh. Each row is reduced to 64 bits, which tells data sets apart and is no
 * protection against somebody who wants two to look alike.
 */
export function testSetDigest(table: Table, labels: SetLabels): Digest {
  const names = Object.keys(table.columns).toSorted()
  const rows = new RowHashes(table.rowCount)
  for (const name of names) rows.add(name, table.columns[name]!)
  // The label's own name may be another one in another file; several labels are told apart by theirs.
  if (isColumn(labels)) rows.add('', Array.from(labels, spell))
  else for (const name of Object.keys(labels).toSorted()) rows.add(`label ${name}`, Array.from(labels[name]!, spell))
  return sealed([...names, String(table.rowCount)], rows.sorted())
}

/**
 * Names what a model said of rows. Numbers count to six digits: the same model behind another runtime differs beyond them, and a
 * gate learns nothing new from that.
 */
export function predictionsDigest({ labels, classes, probabilities, indicators }: Predictions): Digest {
  const hash = createHash('sha256')
  const said = labels.map((label) => (typeof label === 'number' ? Number(label.toPrecision(6)) : label))
  hash.update(JSON.stringify([said, probabilities === null ? null : classes]))
  // Adding 0 makes one zero of two.
  const shares = probabilities?.map((share) => Math.round(share * 1e6) / 1e6 + 0)
  if (shares) hash.update(new Uint8Array(shares.buffer))
  if (indicators) hash.update(indicators)
  return `sha256:${hash.digest('hex')}`
}

function sealed(header: readonly string[], rows: BigUint64Array): Digest {
  const hash = createHash('sha256').update(JSON.stringify(header))
  return `sha256:${hash.update(new Uint8Array(rows.buffer)).digest('hex')}`
}

/** Two lanes of 32 bits per row; a cell is mixed into both. */
class RowHashes {
  readonly #high: Uint32Array
  readonly #low: Uint32Array

  constructor(rowCount: number) {
    this.#high = new Uint32Array(rowCount).fill(0x9e3779b9)
    this.#low = new Uint32Array(rowCount).fill(0x85ebca6b)
  }

  add(name: string, column: Column): void {
    const salt = textHash(name, 0x811c9dc5)
    const texts = new Map<Cell, readonly [number, number]>()
    const bits = new Float64Array(1)
    const halves = new Uint32Array(bits.buffer)
    for (let row = 0; row < this.#high.length; row++) {
      const cell = column[row]!
      let [a, b] = [0, 0]
      if (typeof cell === 'number') {
        bits[0] = cell === 0 ? 0 : Number.isNaN(cell) ? Number.NaN : cell
        ;[a, b] = [halves[0]!, halves[1]!]
      } else {
        let pair = texts.get(cell)
        if (pair === undefined) {
          const text = `${cell === null ? 'n' : 't'}${String(cell)}`
          pair = [textHash(text, 0x811c9dc5), textHash(text, 0x01000193)]
          texts.set(cell, pair)
        }
        ;[a, b] = pair
      }
      this.#high[row] = mixed(this.#high[row]! ^ salt ^ a, b)
      this.#low[row] = mixed(this.#low[row]! ^ salt ^ b, a)
    }
  }

  sorted(): BigUint64Array {
    const both = new Uint32Array(this.#high.length * 2)
    for (let row = 0; row < this.#high.length; row++) {
      both[2 * row] = this.#low[row]!
      both[2 * row + 1] = this.#high[row]!
    }
    return new BigUint64Array(both.buffer).toSorted()
  }
}

/** The finalizer of MurmurHash3 (Appleby), with a second word mixed in between. */
function mixed(h: number, word: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b) ^ Math.imul(word, 0xcc9e2d51)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

/** FNV-1a over UTF-16 code units (Fowler, Noll and Vo). */
function textHash(text: string, basis: number): number {
  let hash = basis
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
