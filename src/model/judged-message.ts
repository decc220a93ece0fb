import type { Interval, Threshold } from '../core/check.ts'
import { formatCount, roundUpRows } from '../core/counts.ts'
import { isInside, type Estimate, type Judgement } from '../stats/judge.ts'
import { isShareOfRows } from '../stats/point-gate.ts'

/** `Accuracy 0.8936 >= threshold 0.8`, with the sign that is true. */
function comparison(title: string, value: number, threshold: Threshold): string {
  const inside = isInside(value, threshold)
  const sign = threshold.good === 'at-least' ? (inside ? '>=' : '<') : inside ? '<=' : '>'
  return `${title} ${digitsBeside(value, threshold.value)} ${sign} threshold ${threshold.value}`
}

/** Four decimals, or as many as it takes to tell the value from the threshold. */
function digitsBeside(value: number, threshold: number): string {
  if (value === threshold) return value.toFixed(4)
  for (let decimals = 4; decimals < 15; decimals++) {
    if (Number(value.toFixed(decimals)) !== threshold) return value.toFixed(decimals)
  }
  return String(value)
}

/** `[0.867, 0.916]` */
export function formatInterval({ lower, upper }: Interval): string {
  const end = (bound: number | null, open: string): string => (bound === null ? open : bound.toFixed(3))
  return `[${end(lower, '−∞')}, ${end(upper, '∞')}]`
}

export const formatPercent = (share: number): string => `${Number((share * 100).toFixed(2))} %`

/** The comparison, and for what is neither pass nor fail, why, and what would decide. */
export function judgedMessage(
  title: string,
  estimate: Estimate & { readonly value: number },
  threshold: Threshold,
  judgement: Judgement,
): string {
  return comparison(title, estimate.value, threshold) + because(estimate, judgement)
}

function because({ interval, n, rowCount = n, things = 'rows' }: Estimate, { verdict, rowsNeeded, price }: Judgement): string {
  if (price && price.byInterval !== verdict)
    return ` (judged by this number alone; by its interval it would be ${price.byInterval})`
  if (verdict !== 'inconclusive') return ''
  const rows = rowCount > n ? `${formatCount(n)} of ${formatCount(rowCount)} ${things}` : `${formatCount(n)} ${things}`
  if (interval === null) return `, but ${rows} do not tell how sure that is`
  const doubt = `, but the threshold is inside its ${formatPercent(interval.confidence)} interval ${formatInterval(interval)} on ${rows}`
  return `${doubt}${moreRows(rowsNeeded, things)}`
}

/** `; about 2,400 rows would decide` */
export function moreRows(rowsNeeded: number | null, things: string): string {
  return rowsNeeded === null
    ? `, and too near for more ${things} to decide`
    : `; about ${formatCount(roundUpRows(rowsNeeded))} ${things} would decide`
}

/** What a bare comparison costs: how often it blocks a model that is good enough, and passes one that is not. */
export function priceHint(
  estimate: Estimate & { readonly value: number },
  { good }: Threshold,
  { price }: Judgement,
): string | undefined {
  if (!price?.errors) return undefined
  const { distance, blocksGood, passesBad } = price.errors
  const away = isShareOfRows(estimate) ? points(distance) : String(distance)
  const [better, worse] = good === 'at-least' ? ['above', 'below'] : ['below', 'above']
  return (
    `On ${formatCount(estimate.n)} ${estimate.things ?? 'rows'} a bare comparison blocks a model ${away} ${better} the limit ${timesInHundred(blocksGood)}, ` +
    `and passes one ${away} ${worse} it ${timesInHundred(passesBad)}.`
  )
}

/** `1 point`, `0.5 points`: hundredths of a share. */
export function points(share: number): string {
  const hundredths = Number((share * 100).toPrecision(4))
  return `${hundredths} point${hundredths === 1 ? '' : 's'}`
}

function timesInHundred(chance: number): string {
  const times = Math.round(chance * 100)
  if (times === 0) return 'less than once in 100'
  return times === 1 ? 'once in 100' : `${times} times in 100`
}
