import { stripVTControlCharacters } from 'node:util'
import type { Channel } from './terminal.ts'

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'
/** A terminal that knows these shows all between them at once; others ignore them. */
const BEGIN_FRAME = '\u001b[?2026h'
const END_FRAME = '\u001b[?2026l'
const CLEAR_BELOW = '\u001b[J'

/** Lines at the bottom of a terminal that are drawn again and again, with ordinary lines going by above them. */
export class LiveRegion {
  readonly #channel: Channel
  readonly #terminal: ReturnType<Channel['takeOver']>
  readonly #showCursor = () => this.#terminal.write(SHOW_CURSOR)
  #lines: readonly string[] = []

  constructor(channel: Channel) {
    this.#channel = channel
    this.#terminal = channel.takeOver((text) => this.draw(this.#lines, text.replace(/\n$/, '').split('\n')))
    this.#terminal.write(HIDE_CURSOR)
    process.once('exit', this.#showCursor)
  }

  /** Draws these lines in place of the last ones, below what is written `above` for good. */
  draw(lines: readonly string[], above: readonly string[] = []): void {
    const width = Math.max(20, (this.#channel.width ?? 80) - 1)
    const fitted = lines.map((line) => fit(line, width))
    const content = [...above, ...fitted].map((line) => `${line}\n`).join('')
    this.#terminal.write(`${BEGIN_FRAME}${this.#up()}${CLEAR_BELOW}${content}${END_FRAME}`)
    this.#lines = fitted
  }

  /** Takes the lines away, and gives the cursor and the terminal back. */
  close(): void {
    this.draw([])
    this.#showCursor()
    process.off('exit', this.#showCursor)
    this.#terminal.release()
  }

  #up(): string {
    return this.#lines.length === 0 ? '' : `\u001b[${this.#lines.length}A\r`
  }
}

/** Cuts a line to a number of columns, so that the terminal does not break it; colours cost nothing. */
export function fit(line: string, width: number): string {
  if ([...new Intl.Segmenter().segment(stripVTControlCharacters(line))].length <= width) return line
  let used = 0
  let kept = ''
  // oxlint-disable-next-line no-control-regex -- colour codes begin with the escape character
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    if (part.startsWith('\u001b')) kept += part
    else {
      for (const { segment } of new Intl.Segmenter().segment(part)) {
        if (used >= width - 1) break
        kept += segment
        used++
      }
    }
  }
  return `${kept}…`
}
