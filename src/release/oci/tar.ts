import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { UserError } from '../../core/errors.ts'

/** A regular file to put into an archive. */
export interface TarFile {
  /** Path inside the archive, with forward slashes; at most 100 bytes. */
  readonly path: string
  readonly source: { readonly file: string } | { readonly content: Uint8Array }
}

const BLOCK = 512
/** The largest size that eleven octal digits can say: 8 GiB. */
const LARGEST = 0o77777777777

/**
 * An uncompressed USTAR archive (POSIX.1-1988) in pieces. The same files give the same bytes: sorted by path, folders
 * named before what is in them, modification time 0, owner 0, mode 0644 (folders 0755), no names of users or machines.
 *
 * @throws UserError E_VALUE for a path or size that USTAR cannot hold, E_CONFLICT for a file that changes meanwhile
 */
export async function* tar(files: readonly TarFile[]): AsyncGenerator<Uint8Array> {
  const folders = new Set<string>()
  for (const { path, source } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    for (const folder of parentsOf(path)) {
      if (folders.has(folder)) continue
      folders.add(folder)
      yield header(`${folder}/`, 0, 'folder')
    }
    const size = 'file' in source ? (await stat(source.file)).size : source.content.length
    yield header(path, size, 'file')
    let written = 0
    for await (const chunk of contentOf(source)) {
      written += chunk.length
      yield chunk
    }
    if (written !== size)
      throw new UserError('E_CONFLICT', `${path} changed from ${size} to ${written} bytes while it was being archived`)
    if (size % BLOCK !== 0) yield new Uint8Array(BLOCK - (size % BLOCK))
  }
  yield new Uint8Array(2 * BLOCK)
}

function contentOf(source: TarFile['source']): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if ('content' in source) return [source.content]
  return createReadStream(source.file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>
}

/** `a/b/c` → `a`, `a/b` */
function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_part, i) => parts.slice(0, i + 1).join('/'))
}

function header(path: string, size: number, type: 'file' | 'folder'): Uint8Array {
  if (Buffer.byteLength(path) > 100) throw new UserError('E_VALUE', `A path in an archive may have 100 bytes: ${path}`)
  if (/^\/|(^|\/)\.\.?(\/|$)|\0/.test(path)) throw new UserError('E_VALUE', `A path in an archive must stay inside it: ${path}`)
  if (size > LARGEST) throw new UserError('E_VALUE', `A file in an archive may have 8 GiB: ${path} has ${size} bytes`)
  const block = Buffer.alloc(BLOCK)
  block.write(path, 0)
  block.write(octal(type === 'folder' ? 0o755 : 0o644, 7), 100)
  block.write(octal(0, 7), 108) // user
  block.write(octal(0, 7), 116) // group
  block.write(octal(size, 11), 124)
  block.write(octal(0, 11), 136) // modification time
  block.write(type === 'folder' ? '5' : '0', 156)
  block.write('ustar\u000000', 257)
  block.write(octal(0, 7), 329) // device
  block.write(octal(0, 7), 337)
  // The sum of all bytes, with the eight of the checksum itself counted as spaces.
  block.write('        ', 148)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 6)}\u0000 `, 148)
  return block
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
