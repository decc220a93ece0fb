import { open } from 'node:fs/promises'
import { UserError } from '../../../core/errors.ts'
import type { DataFile } from '../data-file.ts'
import { fileError } from '../file-error.ts'

/** The two layouts of Arrow's IPC format: with a footer, for files, and without, for streams. */
export type ArrowLayout = 'file' | 'stream'

const MAGIC = 'ARROW1'
/** A message begins with this, and a stream ends with it and four zero bytes. */
const CONTINUATION = 0xffffffff

/**
 * The layout of an Arrow file, by its first and its last bytes. Both are marked, so that one that was cut off is known before it is read.
 *
 * @throws UserError E_FILE_FORMAT when it is none, or its end is missing
 */
export async function requireArrow(file: DataFile): Promise<ArrowLayout> {
  const { start, end } = await ends(file)
  const refuse = (what: string, hint: string) =>
    new UserError('E_FILE_FORMAT', `${file.name} ${what}`, { hint, location: { file: file.name } })
  const copyAgain = 'Write or copy it again.'
  const text = start.toString('latin1')
  if (text === '') throw refuse('is empty', copyAgain)
  if (text.startsWith('FEA1')) {
    throw refuse('is Feather version 1, which is not read', 'Write it as version 2, as pyarrow does by default since 2020.')
  }
  if (text.startsWith(MAGIC)) {
    if (end.toString('latin1', 2) === MAGIC && start.length === 8) return 'file'
    throw refuse('is cut off: the end that an Arrow file has is missing', copyAgain)
  }
  if (start.length === 8 && start.readUInt32LE(0) === CONTINUATION) {
    if (end.length === 8 && end.readUInt32LE(0) === CONTINUATION && end.readUInt32LE(4) === 0) return 'stream'
    throw refuse('is cut off: the end that an Arrow stream has is missing', copyAgain)
  }
  throw refuse('is not Arrow: it begins otherwise', 'Give the file the ending of its format.')
}

async function ends({ path, name }: DataFile): Promise<{ start: Buffer; end: Buffer }> {
  try {
    const handle = await open(path)
    try {
      const { size } = await handle.stat()
      const length = Math.min(8, size)
      const start = await handle.read(Buffer.alloc(length), 0, length, 0)
      const end = await handle.read(Buffer.alloc(length), 0, length, size - length)
      return { start: start.buffer, end: end.buffer }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileError(error, name) ?? error
  }
}
