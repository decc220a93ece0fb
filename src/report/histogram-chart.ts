import type { Histogram } from '../core/column-profile.ts'
import { formatNumber } from './wording.ts'

const WIDTH = 260
const HEIGHT = 56
const FLOOR = HEIGHT - 14

/**
 * A histogram as SVG, in shares of its values; with a reference under the same edges, its outline over it. Ranges are drawn equally wide, also
 * those at the ends that are wider.
 */
export function histogramChart(current: Histogram, reference?: Histogram): string {
  const own = sharesOf(current)
  const isSame = reference !== undefined && reference.edges.join() === current.edges.join()
  const other = isSame ? sharesOf(reference) : []
  const highest = Math.max(...own, ...other) || 1
  const width = WIDTH / own.length
  const y = (share: number) => round(FLOOR - (share / highest) * (FLOOR - 2))
  const x = (i: number) => round(i * width)
  const bars = own
    .map(
      (share, i) =>
        `<rect class="bar" x="${x(i)}" y="${y(share)}" width="${round(Math.max(0.5, width - 1))}" height="${round(FLOOR - y(share))}"/>`,
    )
    .join('')
  const outline = isSame
    ? `<path class="outline" fill="none" d="M0 ${FLOOR}${other.map((share, i) => `V${y(share)}H${x(i + 1)}`).join('')}V${FLOOR}"/>`
    : ''
  const [from, to] = [formatEdge(current.edges[0]!), formatEdge(current.edges.at(-1)!)]
  return (
    `<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="Histogram from ${from} to ${to}">` +
    `${bars}${outline}<text class="tick" x="0" y="${HEIGHT - 2}">${from}</text><text class="tick end" x="${WIDTH}" y="${HEIGHT - 2}">${to}</text></svg>`
  )
}

function sharesOf({ counts }: Histogram): number[] {
  const total = counts.reduce((sum, n) => sum + n, 0)
  return counts.map((n) => (total === 0 ? 0 : n / total))
}

const formatEdge = (edge: number): string => formatNumber(Number(edge.toPrecision(4)))
const round = (value: number): number => Math.round(value * 10) / 10
