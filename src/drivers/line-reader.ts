import type { Readable } from 'node:stream'

/** A line that goes on without end would fill the memory: what is beyond this is dropped, and the line says so. */
export const LONGEST_LINE = 1 << 20

/** Calls `onLine` for each line of a stream, without its end (`\n`, `\r\n` or `\r`); resolves when the stream is closed. */
export function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = ''
  let dropped = 0
  let afterReturn = false
  const emit = (line: string) => {
    onLine(dropped > 0 ? `${line} … (${dropped} more characters)` : line)
    dropped = 0
  }
  const append = (text: string) => {
    const room = LONGEST_LINE - rest.length
    rest += text.slice(0, room)
    dropped += Math.max(0, text.length - room)
  }
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    // The \n of a \r\n may come with the next chunk.
    const text = afterReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk
    afterReturn = chunk.endsWith('\r')
    const lines = text.split(/\r\n|\n|\r/)
    for (const [index, line] of lines.entries()) {
      append(line)
      if (index === lines.length - 1) break
      emit(rest)
      rest = ''
    }
  })
  return new Promise((resolve) => {
    stream.on('error', () => {}) // followed by close
    stream.once('close', () => {
      if (rest !== '' || dropped > 0) emit(rest)
      resolve()
    })
  })
}
