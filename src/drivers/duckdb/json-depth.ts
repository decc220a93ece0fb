import { UserError } from '../../core/errors.ts'
import type { DataFile } from './data-file.ts'
import { openText } from './text-file.ts'

/** DuckDB walks JSON by recursion, and a process whose stack is full is gone without a word. */
const DEEPEST = 512

const [LF, QUOTE, BACKSLASH] = [0x0a, 0x22, 0x5c]
/** What a byte outside of strings does to the depth. */
const STEP = new Int8Array(256)
for (const open of ['[', '{']) STEP[open.charCodeAt(0)] = 1
for (const close of [']', '}']) STEP[close.charCodeAt(0)] = -1

/**
 * Looks through JSON for values that are nested deeper than any data is.
 *
 * @throws UserError E_FILE_FORMAT with the line
 */
export async function checkJsonDepth(file: DataFile, signal?: AbortSignal): Promise<void> {
  // In JSON Lines what one line leaves open does not count for the next.
  const isLines = !/\.json(\.gz|\.zst)?$/i.test(file.path)
  let depth = 0
  let line = 1
  let inString = false
  let escaped = false
  for await (const chunk of openText(file.path) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (byte === LF) {
        line++
        inString = false // no string goes over a line end
        escaped = false
        if (isLines) depth = 0
      } else if (inString) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) inString = false
      } else if (byte === QUOTE) inString = true
      else {
        depth += STEP[byte]!
        if (depth > DEEPEST) throw tooDeep(file, line)
      }
    }
  }
}

const tooDeep = ({ name }: DataFile, line: number): UserError =>
  new UserError('E_FILE_FORMAT', `${name}:${line}: values are nested more than ${DEEPEST} levels deep`, {
    hint: 'Flatten them: nothing can be checked that deep.',
    location: { file: name, line },
  })
