import { stripVTControlCharacters } from 'node:util'

const GAP = '  '
const NARROWEST = 24

/**
 * Rows in aligned columns. A cell may hold line breaks and colour codes. With a `width`, the column `wrap` is broken at
 * words so that the table fits.
 */
export function textTable(rows: readonly (readonly string[])[], { width, wrap }: { width?: number; wrap?: number } = {}): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => widest(row[column] ?? ''))))
  if (width !== undefined && wrap !== undefined) {
    const others = widths.reduce((sum, size, column) => (column === wrap ? sum : sum + size), GAP.length * (columns - 1))
    widths[wrap] = Math.min(widths[wrap]!, Math.max(NARROWEST, width - others))
  }
  return rows.flatMap((row) => tableRow(row, widths, wrap)).join('\n')
}

function tableRow(row: readonly string[], widths: readonly number[], wrap: number | undefined): string[] {
  const cells = row.map((cell, column) => (column === wrap ? breakLines(cell, widths[column]!) : cell.split('\n')))
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, column) => pad(lines[line] ?? '', widths[column]!))
      .join(GAP)
      .trimEnd(),
  )
}

function breakLines(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = []
    let current = ''
    for (const word of line.split(' ')) {
      if (current !== '' && size(current) + 1 + size(word) > width) {
        lines.push(current)
        current = word
      } else current = current === '' ? word : `${current} ${word}`
    }
    return [...lines, current]
  })
}

const graphemes = new Intl.Segmenter()
const size = (text: string): number => [...graphemes.segment(stripVTControlCharacters(text))].length
const widest = (text: string): number => Math.max(...text.split('\n').map(size))
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - size(text)))
