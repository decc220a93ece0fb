import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../core/errors.ts'
import type { DataFile } from './data-file.ts'
import { openText } from './text-file.ts'

/**
 * The encoding of a text file, in the lower-case names of the WHATWG Encoding Standard. As there, a byte-order mark says more than
 * what the user was told.
 *
 * @param label what the user says, any of the standard's labels; UTF-8 by default
 */
export async function encodingOf(file: DataFile, label: string | undefined): Promise<{ encoding: string; marked: boolean }> {
  const marked = await markedEncoding(file.path)
  return { encoding: marked ?? canonical(label ?? 'utf-8'), marked: marked !== undefined }
}

/** @throws UserError E_VALUE for a label that nobody knows */
export function canonical(label: string): string {
  try {
    return new TextDecoder(label).encoding
  } catch (error) {
    throw new UserError('E_VALUE', `There is no text encoding "${label}"`, {
      hint: 'Name one of the WHATWG Encoding Standard, such as utf-8, latin1, windows-1252, utf-16le or shift_jis.',
      cause: error,
    })
  }
}

async function markedEncoding(path: string): Promise<string | undefined> {
  let start = Buffer.alloc(0)
  for await (const chunk of openText(path) as AsyncIterable<Buffer>) {
    start = Buffer.concat([start, chunk.subarray(0, 3)])
    if (start.length >= 3) break
  }
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 'utf-8' : undefined
}

/**
 * Writes a text file again in UTF-8, without a byte-order mark and unpacked; lines stay where they are. We do this ourselves
 * because DuckDB would download an extension for it.
 *
 * @throws UserError E_FILE_FORMAT with the line, when some bytes mean nothing in the encoding
 */
export async function transcode(file: DataFile, encoding: string, target: string, signal?: AbortSignal): Promise<void> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let chunks = 0
  async function* decoded(): AsyncGenerator<string> {
    for await (const chunk of openText(file.path) as AsyncIterable<Buffer>) {
      try {
        yield decoder.decode(chunk, { stream: true })
      } catch {
        throw await undecodable(file, encoding, chunks)
      }
      chunks++
    }
    try {
      yield decoder.decode()
    } catch {
      throw await undecodable(file, encoding, chunks)
    }
  }
  await pipeline(decoded, createWriteStream(target, { flags: 'wx', mode: 0o600 }), { ...(signal && { signal }) })
}

/** Decodes once more, the chunk that failed byte by byte, to find its line. */
async function undecodable(file: DataFile, encoding: string, failedChunk: number): Promise<UserError> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let line = 1
  let chunks = 0
  const count = (text: string) => (line += text.split('\n').length - 1)
  try {
    for await (const chunk of openText(file.path) as AsyncIterable<Buffer>) {
      if (chunks++ < failedChunk) count(decoder.decode(chunk, { stream: true }))
      else for (const i of chunk.keys()) count(decoder.decode(chunk.subarray(i, i + 1), { stream: true }))
    }
  } catch {
    // here it is
  }
  return new UserError('E_FILE_FORMAT', `${file.name}:${line}: the line is not in ${encoding}`, {
    hint: 'Find out how the file was written, and say its encoding.',
    location: { file: file.name, line },
  })
}
