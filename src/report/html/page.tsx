import { formatDuration } from '../../core/duration.ts'
import { countVerdicts, type Report } from '../../core/report.ts'
import { VERDICTS } from '../../core/verdict.ts'
import type { Charts } from '../charts/column-charts.ts'
import { formatGit, runDetails } from '../run-details.ts'
import { count } from '../../core/counts.ts'
import { Badge } from './badge.tsx'
import { CheckList } from './check-view.tsx'
import { Gates } from './gates.tsx'
import { columnsOf } from '../data-details.ts'
import { Document } from './document.tsx'
import { DataSection } from './data/data-section.tsx'
import { Artifacts, Environments } from './inventory.tsx'
import { Overview, Section } from './sections.tsx'

export function Page({ report, charts }: { report: Report; charts: Charts }) {
  return (
    <Document title={`${report.name}: ${report.verdict}`}>
      <Header report={report} />
      <main>
        {report.kind !== 'step' && <Overview report={report} />}
        <Gates report={report} />
        <Environments report={report} />
        {report.kind === 'step' ? (
          <>
            <DataSection report={report} charts={charts.get(report)} folded={false} />
            {report.results.length > 0 && columnsOf(report).length > 0 && <h2 class="checks-title">Checks</h2>}
            <CheckList results={report.results} />
          </>
        ) : (
          report.children.map((child) => <Section report={child} charts={charts} />)
        )}
        <Artifacts report={report} />
      </main>
      <footer>
        A bar shows the interval that holds the true value with the stated confidence, its dot the measured value, and the dashed
        line the threshold of the gate; the shaded side is what the gate refuses. Made by Plimsoll from report.json.
      </footer>
    </Document>
  )
}

function Header({ report }: { report: Report }) {
  const details = runDetails(report)
  const git = formatGit(details)
  const counts = countVerdicts(report)
  const facts: [string, string][] = [
    ['Started', report.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')],
    ['Took', formatDuration(report.durationMs)],
    ...(details.runId === null ? [] : [['Run', details.runId] as [string, string]]),
    ...(git === '' ? [] : [['Code', git] as [string, string]]),
    ...(details.event === null ? [] : [['Event', details.event] as [string, string]]),
    ...(report.subject && report.kind !== 'run' ? [['About', report.subject.name] as [string, string]] : []),
  ]
  const total = VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0)
  return (
    <header class={`top ${report.verdict}`}>
      <h1>
        {report.name} <Badge verdict={report.verdict} />
      </h1>
      <p class="lead">{report.summary}</p>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="counts">
        {count(total, 'check')}:{' '}
        {VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => (
          <span class={`count ${verdict}`}>
            {counts[verdict]} {verdict}
          </span>
        ))}
      </p>
    </header>
  )
}
