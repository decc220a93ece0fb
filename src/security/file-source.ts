import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, read as readCallback, statSync, type BigIntStats } from 'node:fs'
import { promisify } from 'node:util'
import type { Digest } from '../core/digest.ts'
import { BLOCK, Blocks, GRAIN } from './blocks.ts'
import type { ByteSource } from './source.ts'

const KEPT_BLOCKS = 8
/** What is read at a time for the digest, while the piece before it is hashed. */
const PIECE = 4 * BLOCK
const read = promisify(readCallback)

/** An open file, read in blocks. What is read in order is hashed on the way, so that most files are read once. */
export interface FileSource extends ByteSource {
  /** Names of the file beside this one. */
  readonly links: number
  /** The SHA-256 of the whole file; reads what has not been read in order yet. */
  digest(): Promise<Digest>
  /** Whether the file is still what it was when it was opened: same file behind the path, same size, same times, no short read. */
  unchanged(): boolean
  close(): void
}

/** Not a file that can be read through: a link, a pipe, a device. */
export class NotRegular extends Error {}

/**
 * Opens a file once; everything is read through this one descriptor.
 *
 * @param options.followsLinks whether the path itself may be a symbolic link: yes for what the user named, no for what a folder holds
 * @param options.hashes whether `digest` will be asked for
 * @throws the file system's error, `NotRegular`
 */
export function openFileSource(path: string, { followsLinks = true, hashes = true } = {}): FileSource {
  // Opening a pipe without a writer would wait for one.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (followsLinks ? 0 : (constants.O_NOFOLLOW ?? 0))
  const descriptor = openSync(path, flags)
  const opened = fstatSync(descriptor, { bigint: true })
  if (!opened.isFile()) {
    closeSync(descriptor)
    throw new NotRegular(`${path} is no regular file`)
  }
  const size = Number(opened.size)
  // The first hash of a process takes milliseconds.
  const hash = hashes ? createHash('sha256') : undefined
  let hashed = 0
  let differs = false
  const blocks = new Blocks(descriptor, size, KEPT_BLOCKS, (index, bytes) => {
    if (index !== hashed || !hash) return
    hash.update(bytes)
    hashed++
  })

  /** Whether what the scan saw of this piece is what is hashed. */
  const compare = (kept: Map<number, Uint8Array>, start: number, piece: Buffer) => {
    for (const [index, bytes] of kept) {
      const at = index * (kept === blocks.blocks ? BLOCK : GRAIN) - start
      if (at < 0 || at >= piece.length) continue
      if (!piece.subarray(at, at + bytes.length).equals(bytes)) differs = true
    }
  }

  return {
    size,
    links: Number(opened.nlink),
    read: (offset, length) => blocks.read(offset, length),
    async digest() {
      if (!hash) throw new Error('The file was opened without hashing it')
      let at = Math.min(size, hashed * BLOCK)
      const buffers = [Buffer.allocUnsafeSlow(Math.min(PIECE, size)), Buffer.allocUnsafeSlow(Math.min(PIECE, size))]
      const next = (position: number, turn: number) => read(descriptor, buffers[turn % 2]!, 0, buffers[0]!.length, position)
      let coming = at < size ? next(at, 0) : undefined
      for (let turn = 0; coming; turn++) {
        const { bytesRead } = await coming
        const piece = buffers[turn % 2]!.subarray(0, bytesRead)
        const start = at
        at += bytesRead
        coming = bytesRead > 0 && at < size ? next(at, turn + 1) : undefined
        hash.update(piece)
        compare(blocks.blocks, start, piece)
        compare(blocks.grains, start, piece)
      }
      if (at < size) blocks.short = true
      return `sha256:${hash.copy().digest('hex')}`
    },
    unchanged: () =>
      !differs && !blocks.short && sameFile(opened, fstatSync(descriptor, { bigint: true })) && isStill(path, opened),
    close: () => closeSync(descriptor),
  }
}

/** Whether the path leads to the same file: it can have been exchanged while the old one was read. */
function isStill(path: string, opened: BigIntStats): boolean {
  try {
    return sameFile(opened, statSync(path, { bigint: true }))
  } catch {
    return false
  }
}

function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
}
