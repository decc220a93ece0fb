import { percent } from '../../core/counts.ts'
import { printable } from '../wording.ts'
import { draw } from './draw.ts'

/** The rows of one value, and all rows that have one. */
export interface Categories {
  readonly values: readonly { readonly value: string; readonly rows: number }[]
  readonly rows: number
}

export interface CategoryOptions {
  readonly name: string
  /** Most values that are drawn; the rest is one bar. */
  readonly most?: number
  readonly width?: number
}

const ROW = 15
const LABEL_WIDTH = 98
const NUMBER_WIDTH = 40
const LONGEST = 14

/** Bars of the most frequent values by their share, with a mark where the share in the reference is. */
export function categoryChart(
  current: Categories,
  reference: Categories | undefined,
  { name, most = 5, width = 240 }: CategoryOptions,
): Promise<string> {
  const shown = current.values.slice(0, most)
  const rest = current.rows - shown.reduce((sum, { rows }) => sum + rows, 0)
  const shareIn = (value: string) => {
    const found = reference?.values.find((each) => each.value === value)
    return reference && reference.rows > 0 && found ? found.rows / reference.rows : null
  }
  const bars = [
    ...shown.map(({ value, rows }) => ({
      value: shortened(value),
      share: shareOf(rows, current.rows),
      reference: shareIn(value),
    })),
    ...(rest > 0 ? [{ value: 'others', share: shareOf(rest, current.rows), reference: null }] : []),
  ].map((bar, i) => ({ ...bar, y: i * ROW, shown: percent(bar.share) }))
  const texts = shown.map(({ value, rows }) => `${printable(value)} ${percent(shareOf(rows, current.rows))}`).join(', ')
  const height = Math.max(ROW, bars.length * ROW)
  const end = width - NUMBER_WIDTH
  const largest = Math.max(...bars.flatMap(({ share, reference: other }) => [share, other ?? 0]), 0)
  const text = (field: 'value' | 'shown', x: number, align: 'left' | 'right') => ({
    type: 'text' as const,
    name: field === 'value' ? 'category' : 'share',
    from: { data: 'bars' },
    encode: {
      enter: {
        x: { value: x },
        y: { field: 'y', offset: ROW - 4 },
        align: { value: align },
        fontSize: { value: 10 },
        text: { field },
      },
    },
  })
  return draw(
    {
      width,
      height,
      data: [
        { name: 'bars', values: bars },
        { name: 'known', values: bars.filter((bar) => bar.reference !== null) },
      ],
      scales: [{ name: 'x', type: 'linear', domain: [0, largest || 1], range: [LABEL_WIDTH, end], round: true }],
      marks: [
        {
          type: 'rect',
          name: 'current',
          from: { data: 'bars' },
          encode: {
            enter: {
              x: { scale: 'x', value: 0 },
              x2: { scale: 'x', field: 'share' },
              y: { field: 'y', offset: 3 },
              height: { value: ROW - 6 },
            },
          },
        },
        {
          type: 'rule',
          name: 'reference',
          from: { data: 'known' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'reference' },
              x2: { scale: 'x', field: 'reference' },
              y: { field: 'y', offset: 1 },
              y2: { field: 'y', offset: ROW - 1 },
            },
          },
        },
        text('value', LABEL_WIDTH - 5, 'right'),
        text('shown', width - 1, 'right'),
      ],
    },
    `${name}: ${texts}${rest > 0 ? `, others ${percent(shareOf(rest, current.rows))}` : ''}${reference ? ', against the reference' : ''}`,
  )
}

const shareOf = (rows: number, all: number): number => (all === 0 ? 0 : rows / all)

/** Text that fits beside the bars, without what could move or turn what stands around it. */
function shortened(value: string): string {
  const segments = new Intl.Segmenter('en').segment(printable(value.replaceAll(/\s+/g, ' ')))
  const characters = Array.from(segments, ({ segment }) => segment)
  if (characters.length === 0) return '(empty)'
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : characters.join('')
}
