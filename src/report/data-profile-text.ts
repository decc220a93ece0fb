import type { ColumnProfile, DataProfile, Histogram } from '../core/column-profile.ts'
import { count } from '../core/counts.ts'
import { distinctText, missingText, shortText, valuesText } from './column-summary.ts'
import { textTable } from './text-table.ts'
import { palette } from './text.ts'
import { printable } from './wording.ts'

const WIDTH = 100
/** Bars of a histogram and characters of a name, where the terminal is narrow and where it is wide. */
const NARROW = { bars: 10, name: 14 }
const WIDE = { bars: 20, name: 24 }
const BLOCKS = '▁▂▃▄▅▆▇█'

/** A profile for a terminal: a line for each column, with its histogram in block characters; under it, that of the reference. */
export function renderProfileText(
  current: DataProfile,
  reference: DataProfile | undefined,
  { color = false, width = WIDTH }: { color?: boolean; width?: number } = {},
): string {
  const { bold, dim } = palette(color)
  const sizes = width >= WIDTH ? WIDE : NARROW
  const older = new Map(reference?.columns.map((column) => [column.name, column]))
  const names = new Set(current.columns.map(({ name }) => name))
  const header = ['column', 'kind', 'missing', 'distinct', 'histogram', 'values'].map((cell) => dim(cell))
  const rows = current.columns.flatMap((column) => {
    const other = older.get(column.name)
    const row = cells(column, sizes)
    const first = [bold(row[0]!), ...row.slice(1)]
    return other ? [first, ['  reference', ...cells(other, sizes).slice(1)].map((cell) => dim(cell))] : [first]
  })
  const gone = (reference?.columns ?? []).filter(({ name }) => !names.has(name)).map(({ name }) => name)
  const notes = gone.length > 0 ? `\n\n${dim('Only in the reference:')} ${printable(gone.join(', '))}` : ''
  const heads = [heading(current), ...(reference ? [dim(`compared with ${heading(reference)}`)] : [])]
  return `${heads.join('\n')}\n\n${textTable([header, ...rows], { width, wrap: 5 })}${notes}\n`
}

const heading = ({ path, format, rows, columns }: DataProfile): string =>
  `${printable(path)} · ${format} · ${count(rows, 'row')} · ${count(columns.length, 'column')}`

function cells(column: ColumnProfile, { bars, name }: typeof WIDE): string[] {
  return [
    shortText(printable(column.name), name),
    column.kind,
    missingText(column).padStart('missing'.length),
    distinctText(column).padStart('distinct'.length),
    column.histogram ? blocks(column.histogram, bars) : '',
    printable(valuesText(column)),
  ]
}

/** `▁▃█▂ ▁`: a character for a range, its height in proportion to the fullest; a range without values is a space. */
export function blocks({ counts }: Histogram, most: number): string {
  const together = Math.ceil(counts.length / most)
  const sums: number[] = []
  for (let from = 0; from < counts.length; from += together) {
    sums.push(counts.slice(from, from + together).reduce((sum, n) => sum + n, 0))
  }
  const highest = Math.max(...sums)
  return sums
    .map((n) => (n === 0 ? ' ' : BLOCKS[Math.min(BLOCKS.length - 1, Math.floor((n / highest) * BLOCKS.length))]!))
    .join('')
}
