/** The text of a file, and where in it something is. */
export class TextFile {
  readonly path: string
  readonly text: string
  #starts: number[] | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  /** Line and column of an offset, both from 1. */
  at(offset: number): { file: string; line: number; column: number } {
    const starts = (this.#starts ??= lineStarts(this.text))
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return { file: this.path, line: low + 1, column: offset - starts[low]! + 1 }
  }

  lines(): string[] {
    return this.text.split('\n').map((line) => line.replace(/\r$/, ''))
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
