import type { Interval, Threshold } from '../core/check.ts'
import { formatCount } from '../core/counts.ts'
import { isInside, type Estimate, type Judgement } from '../stats/judge.ts'

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

function because({ interval, n }: Estimate, { verdict, rowsNeeded, price }: Judgement): string {
  if (price && price.byInterval !== verdict)
    return ` (judged by this number alone; by its interval it would be ${price.byInterval})`
  if (verdict !== 'inconclusive') return ''
  if (interval === null) return `, but ${formatCount(n)} rows do not tell how sure that is`
  const doubt = `, but the threshold is inside its ${formatPercent(interval.confidence)} interval ${formatInterval(interval)} on ${formatCount(n)} rows`
  return rowsNeeded === null
    ? `${doubt}, and too near for more rows to decide`
    : `${doubt}; about ${formatCount(roundUp(rowsNeeded))} rows would decide`
}

/** Two significant digits: a forecast is no more exact than that. */
function roundUp(rows: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1)
  return Math.ceil(rows / step) * step
}

/** What a bare comparison costs: which model on the wrong side still passes now and then. */
export function priceHint(title: string, { price }: Judgement): string | undefined {
  if (!price || price.passesOneInTen === null) return undefined
  const truth = price.passesOneInTen.toFixed(3)
  return `Judged by the number alone, as \`evidence: point\` asks: a model whose true value is ${truth} (${title}) would pass one time in ten.`
}
