import type { Measurement } from '../../core/check.ts'
import { formatMeasurement, formatThreshold, formatNumber } from '../wording.ts'

const WIDTH = 260
const HEIGHT = 34
const LEFT = 6
const RIGHT = WIDTH - 6
const MIDDLE = 12

/** The interval of a measurement on its own scale, with the threshold of its gate. Nothing when there is nothing to draw. */
export function IntervalBar({ measurement }: { measurement: Measurement }) {
  const { value, interval, threshold } = measurement
  if (typeof value !== 'number' || !Number.isFinite(value) || (!interval && !threshold)) return null
  const scale = scaleFor(measurement, value)
  const lower = interval ? scale.x(interval.lower ?? scale.from) : undefined
  const upper = interval ? scale.x(interval.upper ?? scale.to) : undefined
  const label = `${formatMeasurement(measurement)}${threshold ? `, gate ${formatThreshold(threshold)}` : ''}`
  return (
    <svg class="interval" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      <title>{label}</title>
      {threshold && <Refused at={scale.x(threshold.value)} good={threshold.good} />}
      <line class="axis" x1={LEFT} x2={RIGHT} y1={MIDDLE} y2={MIDDLE} />
      {lower !== undefined && upper !== undefined && (
        <rect class="range" x={round(lower)} y={MIDDLE - 4} width={round(Math.max(1.5, upper - lower))} height={8} rx={2} />
      )}
      {threshold && (
        <line class="threshold" x1={round(scale.x(threshold.value))} x2={round(scale.x(threshold.value))} y1={1} y2={23} />
      )}
      <circle class="value" cx={round(scale.x(value))} cy={MIDDLE} r={3.5} />
      <text class="tick" x={LEFT} y={HEIGHT - 2}>
        {formatNumber(scale.from)}
      </text>
      <text class="tick end" x={RIGHT} y={HEIGHT - 2}>
        {formatNumber(scale.to)}
      </text>
    </svg>
  )
}

function Refused({ at, good }: { at: number; good: 'at-least' | 'at-most' }) {
  const [x, width] = good === 'at-least' ? [LEFT, at - LEFT] : [at, RIGHT - at]
  return <rect class="refused" x={round(x)} y={2} width={round(Math.max(0, width))} height={20} />
}

/** A scale with round ends around everything that is drawn; never below 0 for what cannot be, nor above 1 for shares. */
function scaleFor({ interval, threshold }: Measurement, value: number) {
  const points = [value, interval?.lower, interval?.upper, threshold?.value].filter((point) => typeof point === 'number')
  const finite = points.filter(Number.isFinite)
  const [least, most] = [Math.min(...finite), Math.max(...finite)]
  const spread = most - least || Math.abs(most) || 1
  const step = 10 ** Math.floor(Math.log10(spread * 1.4)) / 2
  let from = Math.floor((least - spread * 0.2) / step) * step
  let to = Math.ceil((most + spread * 0.2) / step) * step
  if (least >= 0) from = Math.max(0, from)
  if (least >= 0 && most <= 1) to = Math.min(1, to)
  const tidy = (number: number) => Number(number.toPrecision(10))
  const x = (point: number) => LEFT + ((Math.min(Math.max(point, from), to) - from) / (to - from)) * (RIGHT - LEFT)
  return { from: tidy(from), to: tidy(to), x }
}

const round = (number: number): number => Math.round(number * 10) / 10
