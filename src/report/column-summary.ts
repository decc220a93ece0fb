import type { ColumnProfile } from '../core/column-profile.ts'
import { percent } from '../core/counts.ts'
import { formatNumber } from './wording.ts'

/** `519`, `about 9,100,000` */
export function distinctText({ distinct, distinctIsEstimate }: ColumnProfile): string {
  return distinctIsEstimate ? `≈ ${formatNumber(Number(distinct.toPrecision(2)))}` : formatNumber(distinct)
}

export const missingText = ({ missing, rows }: ColumnProfile): string => (missing === 0 ? '–' : percent(missing / rows))

/** What the values of a column are like, in a few words. */
export function valuesText(column: ColumnProfile, topShown = 3): string {
  const { sensitive, kind, numbers, times, top, lengths, missing, rows, type } = column
  if (sensitive) return 'sensitive: only counted'
  if (missing === rows) return 'no value'
  if (numbers) {
    const { min, max, mean, standardDeviation, infinite } = numbers
    const more = infinite > 0 ? `, ${formatNumber(infinite)} infinite` : ''
    return `${formatEnd(min)} to ${formatEnd(max)}, mean ${formatNumber(mean)} ± ${formatNumber(standardDeviation)}${more}`
  }
  if (times) return timesText(times)
  if (kind === 'nested') return type
  const present = rows - missing
  if (top && top[0]!.rows > 1) {
    const shown = top.slice(0, topShown).map(({ value, rows: n }) => `${shortText(value)} ${percent(n / present)}`)
    return shown.join(', ') + (column.distinct > shown.length ? ', …' : '')
  }
  if (!lengths) return type
  return lengths.min === lengths.max
    ? `${formatNumber(lengths.min)} characters`
    : `${formatNumber(lengths.min)} to ${formatNumber(lengths.max)} characters`
}

/** Years are read without a comma. */
const formatEnd = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 10_000 ? String(value) : formatNumber(value)

function timesText({ earliest, latest }: { readonly earliest: string; readonly latest: string }): string {
  const midnight = /T00:00:00(\.000)?Z$/
  const isDates = midnight.test(earliest) && midnight.test(latest)
  const show = (iso: string) => (isDates ? iso.replace(midnight, '') : iso.replace('T', ' ').replace(/(:\d\d)\.\d+Z$/, '$1'))
  return `${show(earliest)} to ${show(latest)}`
}

/** The beginning of a value, for one line. */
export function shortText(value: string, longest = 24): string {
  const characters = Array.from(value.replaceAll(/\s+/g, ' '))
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('')
}
