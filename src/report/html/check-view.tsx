import type { CheckResult, Finding, Measurement } from '../../core/check.ts'
import { formatLocation } from '../../core/errors.ts'
import { count, formatInterval, formatNumber, formatThreshold, formatValue, measurementName, shortJson } from '../wording.ts'
import { Badge } from './badge.tsx'
import { IntervalBar } from './interval-bar.tsx'

const FINDINGS_SHOWN = 50
const MEASUREMENTS_SHOWN = 200

/** The checks of a step, each with its measurements, findings and hint. */
export function CheckList({ results }: { results: readonly CheckResult[] }) {
  if (results.length === 0) return null
  return (
    <div class="checks">
      {results.map((result) => (
        <CheckView result={result} />
      ))}
    </div>
  )
}

function CheckView({ result }: { result: CheckResult }) {
  const { title, verdict, message, expected, actual, measurements, findings, hint, location } = result
  return (
    <article class={`check ${verdict}`}>
      <h3>
        <Badge verdict={verdict} /> {title} <code class="id">{result.check}</code>
      </h3>
      <p>{message}</p>
      {(expected !== undefined || actual !== undefined || location) && (
        <dl class="facts">
          <Fact name="Expected" value={expected} />
          <Fact name="Found" value={actual} />
          <Fact name="At" value={location && formatLocation(location)} />
        </dl>
      )}
      <Measurements measurements={measurements} />
      <Findings findings={findings} />
      {hint !== undefined && (
        <p class="hint">
          <b>What to do:</b> {hint}
        </p>
      )}
    </article>
  )
}

function Fact({ name, value }: { name: string; value: string | undefined }) {
  return value === undefined ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Measurements({ measurements }: { measurements: readonly Measurement[] }) {
  if (measurements.length === 0) return null
  const shown = measurements.slice(0, MEASUREMENTS_SHOWN)
  const bars = shown.some(({ interval, threshold }) => interval ?? threshold)
  const body = (
    <table class="measurements">
      <tbody>
        {shown.map((measurement) => (
          <tr>
            <th>{measurementName(measurement)}</th>
            <td class="number">{formatValue(measurement)}</td>
            {bars && (
              <td class="bar">
                <IntervalBar measurement={measurement} />
              </td>
            )}
            <td class="how-sure">{howSure(measurement)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
  if (measurements.length <= 8) return body
  return (
    <details>
      <summary>{count(measurements.length, 'measurement')}</summary>
      {body}
    </details>
  )
}

/** `≥ 0.85 · 95 % [0.872, 0.912] wilson · n = 2,380` */
function howSure({ interval, n, threshold }: Measurement): string {
  return [
    ...(threshold ? [`gate ${formatThreshold(threshold)}`] : []),
    ...(interval ? [`${formatNumber(interval.confidence * 100)} % ${formatInterval(interval)} ${interval.method}`] : []),
    ...(n === undefined ? [] : [`n = ${formatNumber(n)}`]),
  ].join(' · ')
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  const shown = findings.slice(0, FINDINGS_SHOWN)
  return (
    <ul class="findings">
      {shown.map(({ message, severity, rule, location, evidence }) => (
        <li class={severity}>
          {message} {rule !== undefined && <code class="id">{rule}</code>}
          {location && <span class="place"> {formatLocation(location)}</span>}
          {evidence !== undefined && <pre>{shortJson(evidence, 600)}</pre>}
        </li>
      ))}
      {shown.length < findings.length && <li class="more">… and {count(findings.length - shown.length, 'more finding')}</li>}
    </ul>
  )
}
