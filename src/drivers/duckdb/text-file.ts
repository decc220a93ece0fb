import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Writable, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { messageOf, UserError } from '../../core/errors.ts'

const CHUNK = 1 << 18

export const isGzip = (path: string): boolean => /\.gz$/i.test(path)

/** The content of a text file, unpacked when it is .gz. */
export function openText(path: string): Readable {
  const bytes = createReadStream(path, { highWaterMark: CHUNK })
  if (!isGzip(path)) return bytes
  const unpacked = createGunzip({ chunkSize: CHUNK })
  bytes.on('error', (error) => unpacked.destroy(error))
  unpacked.on('close', () => bytes.destroy())
  return bytes.pipe(unpacked)
}

/**
 * Unpacks a .gz file to its end. DuckDB reads one that was cut off as far as it goes and says nothing, which would judge a part
 * of the rows as if they were all.
 *
 * @throws UserError E_FILE_FORMAT when it is cut off or damaged
 */
export async function checkGzip(path: string, display: string, signal?: AbortSignal): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  try {
    await pipeline(createReadStream(path, { highWaterMark: CHUNK }), createGunzip({ chunkSize: CHUNK }), nowhere, {
      ...(signal && { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw new UserError('E_FILE_FORMAT', `${display} is cut off or damaged: ${messageOf(error)}`, {
      hint: 'Copy or download it again; `gzip -t` says the same.',
      location: { file: display },
      cause: error,
    })
  }
}
