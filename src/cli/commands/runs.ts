import { formatDuration } from '../../core/duration.ts'
import { listRuns, showRun, type RunDetail, type RunSummary } from '../../pipeline/record.ts'
import { renderText } from '../../report/text.ts'
import { listing, minute, print } from '../output.ts'
import type { Session } from '../session.ts'

/** Lists the latest runs of this project. */
export function listRunsCommand(session: Session, { limit }: { limit: number }): number {
  const runs = listRuns(session.stateDir, { root: session.root, limit })
  print(session, runs, () => (runs.length === 0 ? 'No runs yet. Start one with: plimsoll run' : table(session, runs)))
  return 0
}

/** Shows one run: its stages, and its report when it has ended. */
export function showRunCommand(session: Session, id: string): number {
  const run = showRun(session.stateDir, id)
  print(session, run, () => describe(session, run))
  return 0
}

function table(session: Session, runs: readonly RunSummary[]): string {
  const header = ['run', 'pipeline', 'status', 'verdict', 'branch', 'commit', 'started', 'took']
  return listing(
    session,
    header,
    runs.map(({ id, pipeline, status, verdict, branch, commit, startedAt, endedAt }) => [
      id,
      pipeline,
      status,
      verdict ?? '–',
      branch,
      commit?.slice(0, 7) ?? '–',
      minute(startedAt),
      took(startedAt, endedAt),
    ]),
  )
}

function describe(session: Session, run: RunDetail): string {
  const { out } = session.terminal
  if (run.report) return renderText(run.report, { color: out.color, ...(out.width !== undefined && { width: out.width }) })
  const stages = run.stages.map(({ stage, status, verdict, startedAt, endedAt }) => [
    stage,
    status,
    verdict ?? '–',
    took(startedAt, endedAt),
  ])
  const head = `${run.pipeline} · run ${run.id} · ${run.status} · ${minute(run.startedAt)}`
  const more = run.status === 'interrupted' ? `\n\nGo on with: plimsoll run --resume ${run.id}` : ''
  return `${head}\n\n${listing(session, ['stage', 'status', 'verdict', 'took'], stages)}${more}`
}

const took = (from: string, to: string | null): string => (to === null ? '–' : formatDuration(Date.parse(to) - Date.parse(from)))
