import type { Interval, Measurement, Threshold } from '../core/check.ts'
import { formatDuration } from '../core/duration.ts'
import type { Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'

/** One character per verdict, for lists. Never the only sign: the word stands beside it. */
export const SYMBOLS: Readonly<Record<Verdict, string>> = {
  pass: '✔',
  warn: '▲',
  fail: '✖',
  inconclusive: '?',
  error: '!',
  skip: '–',
}

/** A number as people read it: thousands apart, four significant digits where it is not whole. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US')
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2)
  return size >= 1000 ? value.toLocaleString('en-US', { maximumFractionDigits: 1 }) : String(Number(value.toPrecision(4)))
}

/** The value of a measurement with its unit; a share is left as the number between 0 and 1 that the gate uses. */
export function formatValue({ value, unit }: Pick<Measurement, 'value' | 'unit'>): string {
  if (value === null) return 'not measured'
  const text = typeof value === 'number' ? formatNumber(value) : String(value)
  return unit === undefined || unit === 'share' ? text : `${text} ${unit}`
}

/** `[0.872, 0.912]`; an open end is `-∞` or `∞`. */
export function formatInterval({ lower, upper }: Interval): string {
  return `[${lower === null ? '-∞' : formatNumber(lower)}, ${upper === null ? '∞' : formatNumber(upper)}]`
}

/** `0.8936 [0.872, 0.912] at 95 % (wilson), n = 2,380` */
export function formatMeasurement(measurement: Measurement): string {
  const { interval, n } = measurement
  const parts = [formatValue(measurement)]
  if (interval) parts.push(`${formatInterval(interval)} at ${formatNumber(interval.confidence * 100)} % (${interval.method})`)
  return n === undefined ? parts.join(' ') : `${parts.join(' ')}, n = ${formatNumber(n)}`
}

/** The name of a measurement with the slice that it is about: `recall (afam = yes)`. */
export function measurementName({ name, slice }: Measurement): string {
  const parts = Object.entries(slice ?? {}).map(([column, value]) => `${column} = ${value}`)
  return parts.length === 0 ? name : `${name} (${parts.join(', ')})`
}

/** `≥ 0.85` */
export function formatThreshold({ value, good }: Threshold): string {
  return `${good === 'at-least' ? '≥' : '≤'} ${formatNumber(value)}`
}

/** `gate ≥ 0.85 · 95 % [0.872, 0.912] wilson · n = 2,380` */
export function howSure({ interval, n, threshold }: Measurement): string {
  return [
    ...(threshold ? [`gate ${formatThreshold(threshold)}`] : []),
    ...(interval ? [`${formatNumber(interval.confidence * 100)} % ${formatInterval(interval)} ${interval.method}`] : []),
    ...(n === undefined ? [] : [`n = ${formatNumber(n)}`]),
  ].join(' · ')
}

/** How long a report took, or where it came from when it did not run afresh. */
export function formatTime({ origin, durationMs }: Report): string {
  if (origin.from === 'cache') return 'cached'
  if (origin.from === 'resume') return 'kept'
  return origin.from === 'not-run' ? '' : formatDuration(durationMs)
}

/** The summary of a report; the reason when it did not run. */
export function whatWasMeasured({ origin, summary }: Report): string {
  return summary === '' && origin.from === 'not-run' ? origin.reason : summary
}

/** What a stage measured, a line for each of its steps and for what it went without; of one that did not pass, what it says itself. */
export function measuredLines(report: Report): string[] {
  const { kind, verdict, children, results } = report
  if (kind !== 'stage' || children.length === 0 || (verdict !== 'pass' && verdict !== 'warn')) return [whatWasMeasured(report)]
  const without = results.filter((result) => result.verdict === 'skip' || result.verdict === 'warn').map(({ message }) => message)
  return [...children.map(({ summary }) => summary), ...without].filter((line) => line !== '')
}

/** Small JSON on one line, cut to a length. */
export function shortJson(value: unknown, longest = 300): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * Text from data, models or child processes, made safe for a terminal: control characters and characters that turn the
 * writing direction are shown as `\xNN`, so that a value cannot move the cursor or recolour what stands beside it.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.codePointAt(0)!
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
