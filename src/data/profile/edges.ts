import type { Scale } from './basics.ts'

export interface Spread extends Scale {
  /** The values below which 1 % and 99 % lie, about. */
  readonly low: number
  readonly high: number
}

/**
 * Ends of ranges for a histogram: round numbers, the same distance apart. Values far outside of the middle 98 % (by more than one
 * and a half times its width) share one wider range at each end, so that a few of them do not press all others into one bar.
 * Whole numbers have whole ends; times have round ends in UTC.
 *
 * @param wanted about how many ranges, without those at the ends
 */
export function chooseEdges({ min, max, low, high, whole, kind }: Spread, wanted: number): number[] {
  const reach = 1.5 * (high - low)
  const from = Math.max(min, low - reach)
  const to = Math.min(max, high + reach)
  const inner = kind === 'time' ? timeEdges(from, to, wanted) : numberEdges(from, to, whole, wanted)
  const first = inner[0]!
  const last = inner.at(-1)!
  return [...(min < first ? [min] : []), ...inner, ...(max > last ? [max] : [])]
}

function numberEdges(from: number, to: number, whole: boolean, wanted: number): number[] {
  // A whole number is a range of its own as long as there is room: [4, 5) holds the fours.
  const width = whole ? to - from + 1 : to - from
  // Where all values are nearly zero, no power of ten is left to divide them by.
  const isTiny = width > 0 && width / wanted < 1e-300
  const step = isTiny ? 1 : width > 0 ? roundStep(width / wanted, whole) : Math.abs(from) || 1
  // Whole steps divide and multiply without an error that shows, and large whole numbers have more digits than `tidy` leaves.
  const exact = Number.isInteger(step) ? (value: number) => value : tidy
  const first = Math.floor(exact(from / step))
  const end = exact(to / step)
  const last = Math.max(first + 1, whole ? Math.floor(end) + 1 : Math.ceil(end))
  return Array.from({ length: last - first + 1 }, (_, i) => exact((first + i) * step))
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is at least this; a whole one where that is asked for. */
function roundStep(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const steps = [1, 2, 2.5, 5, 10].map((factor) => tidy(factor * power)).filter((step) => !whole || Number.isInteger(step))
  return steps.find((step) => step >= least * (1 - 1e-9)) ?? 1
}

/** Without the last digits, in which only rounding shows. */
const tidy = (value: number): number => Number(value.toPrecision(14))

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MONTH = 30.44 * DAY
const STEPS = [1, 5, 15, 30].flatMap((n) => [n * SECOND, n * MINUTE]).concat([HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY])
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000]

function timeEdges(from: number, to: number, wanted: number): number[] {
  const least = (to - from) / wanted
  const step = STEPS.toSorted((a, b) => a - b).find((candidate) => candidate >= least)
  if (step !== undefined) {
    const first = Math.floor(from / step)
    const last = Math.floor(to / step) + 1
    return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step)
  }
  const months = MONTHS.find((n) => n * MONTH >= least) ?? MONTHS.at(-1)!
  const start = new Date(from)
  const first = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months
  const edges: number[] = []
  for (let month = first; edges.length === 0 || edges.at(-1)! <= to; month += months) edges.push(startOfMonth(month))
  return edges
}

/** Midnight of the first day; years before 100 too, which Date.UTC takes for the twentieth century. */
function startOfMonth(month: number): number {
  const date = new Date(0)
  date.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1)
  return date.getTime()
}
