import { checkResult, type CheckResult, type Finding } from '../core/check.ts'
import { count } from '../core/counts.ts'
import type { Examined } from './examine.ts'
import type { HardeningFinding } from './finding.ts'
import type { Repository } from './repository.ts'
import type { Severity } from './rule.ts'
import { RULES, type RuleId } from './rules.ts'

/** How a severity is told in a report: `high` fails, the others warn. */
export const LEVELS = { high: 'error', medium: 'warning', low: 'note' } as const satisfies Record<Severity, Finding['severity']>

/** One result per rule: what was looked at, and what was found. What could not be looked at is never a pass. */
export function resultsOf(examined: Examined, repository: Repository, remote: readonly CheckResult[] = []): CheckResult[] {
  const answered = new Set(remote.map(({ check }) => check))
  const ids = (Object.keys(RULES) as RuleId[]).filter((id) => !answered.has(checkOf(id)))
  return [...ids.map((id) => resultOf(id, examined, repository)), ...remote]
}

export const checkOf = (rule: RuleId): string => `hardening.${rule}`

function resultOf(id: RuleId, examined: Examined, repository: Repository): CheckResult {
  const found = examined.findings.filter(({ rule }) => rule === id)
  const base = { check: checkOf(id), title: RULES[id].check }
  const ignored = examined.ignored.filter(({ finding }) => finding.rule === id).length
  const andIgnored = ignored === 0 ? '' : `; ${count(ignored, 'finding')} ignored with a reason`
  if (found.length > 0) return { ...problem(id, found, andIgnored), ...base }
  const unknown = notExamined(id, examined, repository)
  if (unknown) return checkResult({ ...base, ...unknown })
  return checkResult({ ...base, verdict: 'pass', message: `Nothing found in ${subjectOf(id, examined)}${andIgnored}` })
}

function problem(id: RuleId, found: readonly HardeningFinding[], andIgnored: string): CheckResult {
  const [first] = found
  const fails = found.some(({ severity }) => (severity ?? RULES[id].severity) === 'high')
  const more = found.length > 1 ? ` (and ${count(found.length - 1, 'more finding')})` : ''
  return checkResult({
    check: checkOf(id),
    title: RULES[id].check,
    verdict: fails ? 'fail' : 'warn',
    message: `${first!.message}${more}${andIgnored}`,
    findings: found.map((finding) => findingOf(id, finding)),
    hint: RULES[id].fix,
    location: locationOf(first!),
  })
}

function findingOf(id: RuleId, { severity, message, replacement, snippet, fingerprint, ...place }: HardeningFinding): Finding {
  const evidence = {
    ...(snippet !== undefined && { snippet }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(replacement !== undefined && { replacement }),
  }
  return {
    message,
    severity: LEVELS[severity ?? RULES[id].severity],
    rule: id,
    location: locationOf({ ...place, message }),
    ...(Object.keys(evidence).length > 0 && { evidence }),
  }
}

const locationOf = ({ file, line, column }: Pick<HardeningFinding, 'file' | 'line' | 'column'> & { message: string }) => ({
  file,
  ...(line !== undefined && { line }),
  ...(column !== undefined && { column }),
})

/** What nothing can be said about, with the reason. */
function notExamined(
  id: RuleId,
  examined: Examined,
  { git }: Repository,
): Pick<CheckResult, 'verdict' | 'message' | 'hint'> | undefined {
  const skip = (message: string, hint?: string) => ({ verdict: 'skip' as const, message, ...(hint !== undefined && { hint }) })
  if (id === 'workflow.environment-protection' || id === 'repository.branch-protection') {
    return skip(
      'Only GitHub can say: no token was given, or the repository is not known',
      'Set GITHUB_TOKEN with the right to read the settings, and GITHUB_REPOSITORY=owner/name.',
    )
  }
  if (/^(?:workflow|script)\./.test(id) && examined.workflows + (id.startsWith('script.') ? examined.dockerfiles : 0) === 0) {
    return skip('There are no workflows of GitHub Actions')
  }
  if (id === 'python.unpinned' && examined.python === 0) return skip('Nothing says which Python packages are needed')
  if (id.startsWith('docker.') && examined.dockerfiles === 0) return skip('There is no Dockerfile')
  if (id === 'model.pickle' && examined.models === 'not-looked-at') return skip('Files were not scanned')
  if (id === 'secret.in-file' && examined.tooLong.length > 0) {
    return {
      verdict: 'inconclusive',
      message: `${count(examined.tooLong.length, 'text file')} too long to be looked at: ${examined.tooLong.slice(0, 3).join(', ')}`,
    }
  }
  if (id !== 'secret.in-history') return undefined
  if (git === 'none') return skip('The folder is no git repository, or git is not installed')
  const { history } = examined
  if (history === 'not-looked-at') return skip('The history was not asked for')
  if (history.unfinished !== undefined) {
    return { verdict: 'inconclusive', message: `The history was not examined to its end: ${history.unfinished}` }
  }
  return git === 'shallow'
    ? skip(
        `Only ${count(history.commits, 'commit')} are here: the clone is shallow`,
        'Fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in actions/checkout.',
      )
    : undefined
}

function subjectOf(id: RuleId, { files, workflows, python, dockerfiles, history }: Examined): string {
  if (id.startsWith('workflow.')) return count(workflows, 'workflow')
  if (id.startsWith('script.')) return `${count(workflows, 'workflow')} and ${count(dockerfiles, 'Dockerfile')}`
  if (id === 'python.unpinned') return count(python, 'file')
  if (id.startsWith('docker.')) return count(dockerfiles, 'Dockerfile')
  if (id === 'secret.in-history' && history !== 'not-looked-at') return count(history.commits, 'commit')
  return count(files, 'file')
}
