import type { ColumnProfile } from '../core/column-profile.ts'
import { count, percent } from '../core/counts.ts'
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
  return lengths ? lengthsText(lengths) : type
}

function lengthsText({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? count(min, 'character') : `${formatNumber(min)} to ${count(max, 'character')}`
}

const QUARTILES = ['0.25', '0.5', '0.75']

/** The same beside a drawing of the distribution, in lines: what a drawing does not tell. */
export function describeValues(column: ColumnProfile): string[] {
  const { sensitive, numbers, times, lengths, missing, rows } = column
  const different = `${distinctText(column)} different`
  if (missing === rows) return ['no value']
  if (sensitive) return [different, 'values are masked']
  if (numbers) {
    const quartiles = QUARTILES.flatMap((p) => numbers.quantiles[p] ?? [])
    return [
      different,
      valuesText(column),
      ...(quartiles.length === QUARTILES.length ? [`quartiles ${quartiles.map(formatEnd).join(' · ')}`] : []),
    ]
  }
  if (times) return [different, timesText(times)]
  return lengths ? [different, lengthsText(lengths)] : [different]
}

/** Years are read without a comma. */
export const formatEnd = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 10_000 ? String(value) : formatNumber(value)

const timesText = ({ earliest, latest }: { readonly earliest: string; readonly latest: string }): string =>
  `${shortTime(earliest)} to ${shortTime(latest)}`

/** As exact as it has to be: a day, a minute or a second, in UTC. */
const shortTime = (iso: string): string =>
  iso
    .replace(/(\.\d+)?Z$/, '')
    .replace(/^(.*T\d\d:\d\d):00$/, '$1')
    .replace(/T00:00$/, '')
    .replace('T', ' ')

/** The beginning of a value, for one line. */
export function shortText(value: string, longest = 24): string {
  const characters = Array.from(value.replaceAll(/\s+/g, ' '))
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('')
}
