import { createReadStream } from 'node:fs'
import { Transform, Writable, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { messageOf, UserError } from '../../core/errors.ts'
import { fileError } from './file-error.ts'
import { createUnzstd } from './zstd.ts'

/** Small enough that what one chunk of a bomb unpacks to fits into memory: Zstandard makes 128 KiB of four bytes. */
const CHUNK = 1 << 16

/** How much a packed file may hold. */
export interface UnpackLimits {
  /** Bytes that are always allowed, whatever the file's own size. */
  readonly floor: number
  /** Above the floor, unpacked bytes per packed byte. Data rarely packs better than 50 to 1; a bomb of zeros packs 1000 to 1 and more. */
  readonly ratio: number
  /** Bytes that are never allowed to be passed. */
  readonly most: number
}
export const UNPACK_LIMITS: UnpackLimits = { floor: 256 * 2 ** 20, ratio: 200, most: 2 ** 40 }

export type Packing = 'gzip' | 'zstd'

/** How a text file is packed, by its name. */
export function packingOf(path: string): Packing | undefined {
  if (/\.gz$/i.test(path)) return 'gzip'
  return /\.zst$/i.test(path) ? 'zstd' : undefined
}

const unpacker = (packing: Packing): Transform => (packing === 'gzip' ? createGunzip({ chunkSize: CHUNK }) : createUnzstd())

/** The content of a text file, unpacked when it is .gz or .zst. */
export function openText(path: string): Readable {
  const bytes = createReadStream(path, { highWaterMark: CHUNK })
  const packing = packingOf(path)
  if (packing === undefined) return bytes
  const unpacked = unpacker(packing)
  bytes.on('error', (error) => unpacked.destroy(error))
  unpacked.on('close', () => bytes.destroy())
  return bytes.pipe(unpacked)
}

/**
 * Unpacks a .gz or .zst file to its end, into nothing. DuckDB reads one that was cut off as far as it goes and says nothing, which
 * would judge a part of the rows as if they were all; and it would unpack a bomb.
 *
 * @throws UserError E_FILE_FORMAT when it is cut off, damaged, or unpacks to more than the limits allow
 */
export async function checkPacked(
  file: { readonly path: string; readonly name: string },
  options: { signal?: AbortSignal | undefined; limits?: UnpackLimits | undefined } = {},
): Promise<void> {
  const packing = packingOf(file.path)
  if (packing === undefined) return
  const { signal, limits = UNPACK_LIMITS } = options
  let packed = 0
  let unpacked = 0
  const countPacked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      packed += chunk.length
      done(null, chunk)
    },
  })
  const nowhere = new Writable({
    write(chunk: Buffer, _encoding, done) {
      unpacked += chunk.length
      done(unpacked > limits.most || unpacked > Math.max(limits.floor, packed * limits.ratio) ? new TooLarge() : null)
    },
  })
  try {
    const bytes = createReadStream(file.path, { highWaterMark: CHUNK })
    await pipeline(bytes, countPacked, unpacker(packing), nowhere, { ...(signal && { signal }) })
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof TooLarge) throw tooLarge(file.name, packed, unpacked)
    const refused = fileError(error, file.name)
    if (refused) throw refused
    throw new UserError('E_FILE_FORMAT', `${file.name} is cut off or damaged: ${messageOf(error)}`, {
      hint: `Copy or download it again; \`${packing === 'gzip' ? 'gzip' : 'zstd'} -t\` says the same.`,
      location: { file: file.name },
      cause: error,
    })
  }
}

class TooLarge extends Error {}

function tooLarge(name: string, packed: number, unpacked: number): UserError {
  return new UserError(
    'E_FILE_FORMAT',
    `${name} unpacks to more than ${mebibytes(unpacked)} MiB from its first ${mebibytes(packed)} MiB, as no data does`,
    { hint: 'If it is what it should be, unpack it yourself and name the unpacked file.', location: { file: name } },
  )
}

function mebibytes(bytes: number): string {
  const amount = bytes / 2 ** 20
  return amount < 10 ? amount.toFixed(1) : Math.round(amount).toString()
}
