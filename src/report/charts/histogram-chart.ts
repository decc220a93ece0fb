import type { Histogram } from '../../core/column-profile.ts'
import { formatEnd } from '../column-summary.ts'
import { formatNumber } from '../wording.ts'
import { draw } from './draw.ts'

export interface HistogramOptions {
  /** What is drawn, for people who do not see it: `age`. */
  readonly name: string
  /** The edges are milliseconds since 1970, and are labelled as days. */
  readonly time?: boolean
  readonly width?: number
  readonly height?: number
}

const LABEL = 12

interface Bar {
  readonly from: number
  readonly to: number
  /** Share of the values, divided by the width of the range; so that ranges of another width compare. */
  readonly density: number
}

/**
 * A histogram as bars, with that of the reference as a line over it. Both show shares, not counts, because the two data sets need not
 * have as many rows; the ranges need not be the same either.
 */
export function histogramChart(current: Histogram, reference: Histogram | undefined, options: HistogramOptions): Promise<string> {
  const { width = 240, height = 56, name, time = false } = options
  const bars = barsOf(current)
  const line = reference ? stepsOf(barsOf(reference)) : []
  const edges = [...bars.flatMap(({ from, to }) => [from, to]), ...line.map(({ x }) => x)]
  const [least, most] = edges.length === 0 ? [0, 1] : [Math.min(...edges), Math.max(...edges)]
  const peak = Math.max(0, ...bars.map(({ density }) => density), ...line.map(({ y }) => y))
  const shown = time ? formatDay : formatEnd
  const [first, last] = [shown(current.edges[0] ?? least), shown(current.edges.at(-1) ?? most)]
  const label = `${name}: ${current.counts.length} ranges from ${first} to ${last}${reference ? ', against the reference' : ''}`
  const middle = height - LABEL
  const text = (value: string, x: number, align: 'left' | 'right') => ({
    type: 'text' as const,
    name: `label-${align}`,
    encode: {
      enter: { x: { value: x }, y: { value: height - 2 }, align: { value: align }, fontSize: { value: 10 }, text: { value } },
    },
  })
  return draw(
    {
      width,
      height,
      data: [
        { name: 'bars', values: bars.filter(({ density }) => density > 0) },
        { name: 'line', values: [...line] },
      ],
      scales: [
        { name: 'x', type: 'linear', domain: [least, most], range: [1, width - 1], zero: false, round: true },
        { name: 'y', type: 'linear', domain: [0, peak || 1], range: [middle, 2], round: true },
      ],
      marks: [
        {
          type: 'rect',
          name: 'current',
          from: { data: 'bars' },
          encode: {
            enter: {
              x: { scale: 'x', field: 'from' },
              x2: { scale: 'x', field: 'to' },
              y: { scale: 'y', field: 'density' },
              y2: { scale: 'y', value: 0 },
            },
          },
        },
        {
          type: 'line',
          name: 'reference',
          from: { data: 'line' },
          encode: { enter: { x: { scale: 'x', field: 'x' }, y: { scale: 'y', field: 'y' } } },
        },
        {
          type: 'rule',
          name: 'axis',
          encode: { enter: { x: { value: 0 }, x2: { value: width }, y: { value: middle }, y2: { value: middle } } },
        },
        text(shown(least), 1, 'left'),
        text(shown(most), width - 1, 'right'),
      ],
    },
    label,
  )
}

function barsOf({ edges, counts }: Histogram): Bar[] {
  const total = counts.reduce((sum, rows) => sum + rows, 0)
  if (total === 0) return []
  return counts.map((rows, i) => {
    const [from, to] = widened(edges[i]!, edges[i + 1]!)
    return { from, to, density: rows / total / (to - from) }
  })
}

/** A single value has a range without width; it is drawn as wide as one unit, or as its own last digits. */
function widened(from: number, to: number): [number, number] {
  if (to > from) return [from, to]
  const half = Math.max(0.5, Math.abs(from) * 1e-6)
  return [from - half, to + half]
}

/** The outline of bars, from the ground and back to it. */
function stepsOf(bars: readonly Bar[]): { x: number; y: number }[] {
  if (bars.length === 0) return []
  const tops = bars.flatMap(({ from, to, density }) => [
    { x: from, y: density },
    { x: to, y: density },
  ])
  return [{ x: bars[0]!.from, y: 0 }, ...tops, { x: bars.at(-1)!.to, y: 0 }]
}

const formatDay = (milliseconds: number): string => {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? formatNumber(milliseconds) : date.toISOString().slice(0, 10)
}
