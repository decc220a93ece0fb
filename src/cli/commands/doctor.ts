import { systemClock } from '../../core/clock.ts'
import { count } from '../../core/counts.ts'
import { stepReport, type Report } from '../../core/report.ts'
import { examineRepository, type Examined } from '../../hardening/examine.ts'
import { openRepository } from '../../hardening/repository.ts'
import { remoteResults } from '../../hardening/remote.ts'
import { resultsOf } from '../../hardening/results.ts'
import { palette } from '../../report/text.ts'
import { printable } from '../../report/wording.ts'
import { scanFile } from '../../security/scan.ts'
import { eventOf, policyOf } from '../environment.ts'
import { publishToGithub, withoutWorkflowCommands } from '../github.ts'
import { hardeningRules } from '../hardening-rules.ts'
import { printReport } from '../output.ts'
import type { Session } from '../session.ts'
import { machineResults } from './doctor-machine.ts'
import { tellingPasses } from './passes.ts'

export interface DoctorFlags {
  readonly security?: boolean
  readonly fixHints?: boolean
  readonly history: boolean
  readonly sarif?: string
}

/** Checks the machine, or with `--security` the repository; answers the exit code. */
export async function doctorCommand(session: Session, flags: DoctorFlags): Promise<number> {
  const report = flags.security ? await securityReport(session, flags) : await machineReport(session)
  const code = await withoutWorkflowCommands(session, async () => {
    const code = printReport(session, report, policyOf(eventOf(session.env)))
    if (flags.fixHints && !session.json) printFixes(session, report)
    return code
  })
  if (flags.sarif !== undefined) {
    const { writeSarif } = await import('../sarif-file.ts')
    await writeSarif(session.cwd, flags.sarif, report, { exitCode: code, rules: hardeningRules() })
  }
  await publishToGithub(session, report)
  return code
}

async function machineReport(session: Session): Promise<Report> {
  const startedAt = systemClock.now()
  const started = systemClock.monotonic()
  const results = await machineResults(session)
  return stepReport({
    name: 'doctor',
    summary: count(results.length, 'check'),
    startedAt,
    durationMs: systemClock.monotonic() - started,
    results,
  })
}

async function securityReport(session: Session, { history }: DoctorFlags): Promise<Report> {
  const { root, env } = session
  const startedAt = systemClock.now()
  const started = systemClock.monotonic()
  const signal = session.interruptible()
  const repository = await openRepository(root, env)
  const formatsOf = async (path: string) => (await scanFile(path, { signal, level: 'audit' })).formats
  const examined = await tellingPasses(session, (onProgress) =>
    examineRepository(repository, { history, signal, onProgress, formatsOf }),
  )
  const remote = remoteOf(env)
  const results = resultsOf(examined, repository, remote ? await remoteResults({ ...remote, signal }) : [])
  return stepReport({
    name: 'doctor',
    summary: summaryOf(examined),
    startedAt,
    durationMs: systemClock.monotonic() - started,
    results,
    details: { ignored: examined.ignored.map(({ finding: { rule, file, line }, reason }) => ({ rule, file, line, reason })) },
  })
}

function summaryOf({ files, workflows, findings, history }: Examined): string {
  const commits = history === 'not-looked-at' ? [] : [count(history.commits, 'commit')]
  return [count(files, 'file'), count(workflows, 'workflow'), ...commits, count(findings.length, 'finding')].join(', ')
}

/** GitHub is asked when the environment has a token for it and says which repository it is. */
function remoteOf(env: Session['env']): { repository: string; token: string; api: string } | undefined {
  const [repository, token] = [env['GITHUB_REPOSITORY'], env['GITHUB_TOKEN'] ?? env['GH_TOKEN']]
  if (!repository || !token || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined
  return { repository, token, api: env['GITHUB_API_URL'] ?? 'https://api.github.com' }
}

function printFixes({ terminal: { out } }: Session, report: Report): void {
  const { bold, dim } = palette(out.color)
  const lines = report.results.flatMap(({ findings }) =>
    findings.flatMap(({ location, rule, evidence }) => {
      const { snippet, replacement } = (evidence ?? {}) as { snippet?: string; replacement?: string }
      if (replacement === undefined || !location) return []
      const place = [location.file, location.line, location.column].filter((part) => part !== undefined).join(':')
      return [
        `${bold(printable(place))} ${dim(rule ?? '')}`,
        ...(snippet === undefined ? [] : [`  - ${printable(snippet)}`]),
        ...replacement.split('\n').map((line) => `  + ${printable(line)}`),
      ]
    }),
  )
  if (lines.length > 0) out.write(`\nWhat to write instead:\n\n${lines.join('\n')}\n`)
}
