import type { CheckResult, Finding, Measurement } from '../../core/check.ts'
import { formatLocation } from '../../core/errors.ts'
import { count } from '../../core/counts.ts'
import { isDrawn } from '../data-details.ts'
import { formatValue, howSure, measurementName, shortJson } from '../wording.ts'
import { Badge } from './badge.tsx'
import { IntervalBar } from './interval-bar.tsx'

const FINDINGS_SHOWN = 50
const MEASUREMENTS_SHOWN = 200

/** More plain passes than this in a row are folded. */
const PLAIN_SHOWN = 3

/** The checks of a step, each with its measurements, findings and hint. What passed or was not judged, and has no more to say, is one line. */
export function CheckList({ results }: { results: readonly CheckResult[] }) {
  if (results.length === 0) return null
  return (
    <div class="checks">
      {inRows(results).map((row) =>
        row.length > PLAIN_SHOWN ? (
          <details class="check pass">
            <summary>{count(row.length, 'check')} passed</summary>
            {row.map((result) => (
              <PlainCheck result={result} />
            ))}
          </details>
        ) : (
          row.map((result) => (isPlain(result) ? <PlainCheck result={result} /> : <CheckView result={result} />))
        ),
      )}
    </div>
  )
}

/** Neighbours that are plain passes are together; every other result stands alone. */
function inRows(results: readonly CheckResult[]): CheckResult[][] {
  const rows: CheckResult[][] = []
  for (const result of results) {
    const last = rows.at(-1)
    if (last && isPlainPass(result) && isPlainPass(last[0]!)) last.push(result)
    else rows.push([result])
  }
  return rows
}

const isPlainPass = (result: CheckResult): boolean => result.verdict === 'pass' && isPlain(result)

/** What passed, or was not judged, and has nothing more to say than its message. */
function isPlain({ verdict, measurements, findings, hint }: CheckResult): boolean {
  const isQuiet = verdict === 'pass' || verdict === 'skip'
  return isQuiet && measurements.length === 0 && findings.length === 0 && hint === undefined
}

function PlainCheck({ result: { title, verdict, message, check } }: { result: CheckResult }) {
  return (
    <article class={`check plain ${verdict}`}>
      <Badge verdict={verdict} /> <b>{title}</b> {message} <code class="id">{check}</code>
    </article>
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

function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  const shown = findings.slice(0, FINDINGS_SHOWN)
  return (
    <ul class="findings">
      {shown.map((finding) => {
        const { message, severity, rule, location, evidence } = finding
        return (
          <li class={severity}>
            {message} {rule !== undefined && <code class="id">{rule}</code>}
            {location && <span class="place"> {formatLocation(location)}</span>}
            {evidence !== undefined && !isDrawn(finding) && <pre>{shortJson(evidence, 600)}</pre>}
          </li>
        )
      })}
      {shown.length < findings.length && <li class="more">… and {count(findings.length - shown.length, 'more finding')}</li>}
    </ul>
  )
}
