import { formatCount } from '../../core/counts.ts'
import type { Interval } from '../../core/check.ts'
import type { Estimate, Judgement } from '../../stats/judge.ts'
import { moreRows } from '../judged-message.ts'
import type { Flips } from './flips.ts'
import type { Difference } from './test-result.ts'
import type { ChampionSpec } from './test-spec.ts'

export interface ChampionWording {
  readonly spec: ChampionSpec
  /** Of the metric: `Accuracy`. */
  readonly title: string
  readonly good: 'high' | 'low'
  /** Whether the metric is a share of rows, whose hundredths people call points. */
  readonly inPoints: boolean
  readonly things: 'rows' | 'queries'
  readonly flips: Flips | null
}

/**
 * A judged difference in plain words, with a plus for better and a minus for worse, whichever way the metric goes:
 * `Accuracy 0.3 points worse than the champion [−0.9, +0.3], allowed −0.5: inconclusive on 600 rows; about 9,000 rows would decide`.
 */
export function championMessage(
  { value, interval, pValue, test }: Difference,
  estimate: Estimate,
  judgement: Judgement,
  { spec, title, good, inPoints, things, flips }: ChampionWording,
): string {
  const gainOf = (difference: number): number => (good === 'high' ? difference : -difference) + 0
  const gain = gainOf(value)
  const asked = 'noWorseThan' in spec ? -spec.noWorseThan : spec.betterBy
  const write = numberWriter([gain, asked, interval?.lower, interval?.upper], inPoints)
  const distance = `${write(Math.abs(gain))}${inPoints ? (write(Math.abs(gain)) === '1' ? ' point' : ' points') : ''}`
  const how = write(Math.abs(gain)) === '0' ? 'the same as' : `${distance} ${gain > 0 ? 'better' : 'worse'} than`
  const parts = [
    `${title} ${how} ${test === 'same-model' ? 'the champion, which is this very model' : 'the champion'}`,
    interval === null || test === 'same-model' ? '' : ` ${rangeOf(interval, gainOf, (end) => signed(end, write))}`,
    `, ${'noWorseThan' in spec ? 'allowed' : 'asked for'} ${signed(asked, write)}`,
    decisionOf(estimate, judgement, things),
    pValue === null ? '' : `; p ${pValue < 0.001 ? '< 0.001' : pValue.toFixed(pValue < 0.1 ? 3 : 2)} (${titleOf(test)})`,
    flips === null || test === 'same-model' ? '' : `; ${flipText(flips)}`,
  ]
  return parts.join('')
}

function decisionOf({ interval, n }: Estimate, { verdict, rowsNeeded, price }: Judgement, things: string): string {
  if (price !== null && price.byInterval !== verdict)
    return ` (judged by this number alone; by its interval it would be ${price.byInterval})`
  if (verdict !== 'inconclusive') return ''
  if (interval === null) return `: inconclusive, as ${formatCount(n)} ${things} do not tell how sure that is`
  return `: inconclusive on ${formatCount(n)} ${things}${moreRows(rowsNeeded, things)}`
}

/** `[−0.9, +0.3]`, the worst end first. */
function rangeOf({ lower, upper }: Interval, gainOf: (end: number) => number, write: (end: number) => string): string {
  const ends = [lower ?? -Infinity, upper ?? Infinity].map(gainOf).toSorted((a, b) => a - b)
  return `[${ends.map((end) => (Number.isFinite(end) ? write(end) : end < 0 ? '−∞' : '∞')).join(', ')}]`
}

function signed(value: number, write: (size: number) => string): string {
  const text = write(Math.abs(value))
  return text === '0' ? text : `${value < 0 ? '−' : '+'}${text}`
}

/** One decimal of points; of other numbers as many as show two digits of the smallest that matters, at most six. */
function numberWriter(values: readonly (number | null | undefined)[], inPoints: boolean): (size: number) => string {
  if (inPoints) {
    const isFine = values.some((value) => typeof value === 'number' && value !== 0 && Math.abs(value) < 0.001)
    return (size) => String(Number((size * 100).toFixed(isFine ? 3 : 1)))
  }
  const sizes = values.flatMap((value) => (typeof value === 'number' && value !== 0 ? [Math.abs(value)] : []))
  const largest = Math.max(...sizes, 0)
  const decimals = largest === 0 ? 0 : Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(largest))))
  return (size) => String(Number(size.toFixed(decimals)))
}

const TITLES: Readonly<Record<string, string>> = {
  'mcnemar-mid-p': "McNemar's mid-p test",
  delong: "DeLong's test",
}
const titleOf = (test: string): string => TITLES[test] ?? test.replaceAll('-', ' ')

function flipText({ toWrong, toRight }: Flips): string {
  return `${formatCount(toWrong)} ${toWrong === 1 ? 'row' : 'rows'} worse than before, ${formatCount(toRight)} better`
}
