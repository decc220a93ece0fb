import type { Report } from '../../core/report.ts'
import type { Charts } from '../charts/column-charts.ts'
import { formatTime, measuredLines, whatWasMeasured } from '../wording.ts'
import { Badge } from './badge.tsx'
import { CheckList } from './check-view.tsx'
import { DataSection } from './data/data-section.tsx'

/** The table at the top: every stage (or step), its verdict, what was measured, how long. */
export function Overview({ report }: { report: Report }) {
  return (
    <table class="overview">
      <thead>
        <tr>
          <th>{report.kind === 'run' ? 'Stage' : 'Step'}</th>
          <th>Verdict</th>
          <th>What was measured</th>
          <th class="time">Time</th>
        </tr>
      </thead>
      <tbody>
        {report.children.map((child) => (
          <tr>
            <td class="keep">
              <a href={`#${anchor(child.name)}`}>{child.name}</a>
            </td>
            <td>
              <Badge verdict={child.verdict} />
            </td>
            <td>
              {measuredLines(child).map((line) => (
                <div>{line}</div>
              ))}
            </td>
            <td class="time">{formatTime(child)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A stage with its steps, or a step with its checks. What says nothing new is one click away. */
export function Section({ report, charts }: { report: Report; charts: Charts }) {
  return (
    <section id={anchor(report.name)}>
      <h2>
        {report.name} <Badge verdict={report.verdict} /> <span class="time">{formatTime(report)}</span>
      </h2>
      {report.children.length === 0 && <p class="summary">{whatWasMeasured(report)}</p>}
      <OriginNote report={report} />
      <CheckList results={report.results} />
      {report.children.map((step) => (
        <StepView report={step} charts={charts} />
      ))}
    </section>
  )
}

function StepView({ report, charts }: { report: Report; charts: Charts }) {
  return (
    <details open={isWorthALook(report)} class="step">
      <summary>
        <span class="name">{report.name}</span> <Badge verdict={report.verdict} />{' '}
        {report.subject && <code>{report.subject.name}</code>} <span class="measured">{report.summary}</span>{' '}
        <span class="time">{formatTime(report)}</span>
      </summary>
      <DataSection report={report} charts={charts.get(report)} folded />
      <CheckList results={report.results} />
    </details>
  )
}

/** Open from the start: what did not pass, and what says how sure it is. */
function isWorthALook({ verdict, results }: Report): boolean {
  return verdict !== 'pass' || results.some(({ measurements }) => measurements.some(({ interval }) => interval))
}

function OriginNote({ report: { origin } }: { report: Report }) {
  if (origin.from === 'cache') {
    return (
      <p class="note">
        Nothing that this stage depends on has changed: this is the result of run <code>{origin.runId}</code> of {origin.at}.
      </p>
    )
  }
  return origin.from === 'resume' ? <p class="note">Finished before the run was interrupted, and kept.</p> : null
}

/** A fragment identifier from a name that may hold anything. */
function anchor(name: string): string {
  return `stage-${name.replace(/[^\w-]/g, (character) => `.${character.charCodeAt(0).toString(16)}`)}`
}
