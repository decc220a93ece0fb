import type { CheckResult, Location } from '../core/check.ts'
import { allResults, type Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'
import { byPlace } from './by-place.ts'
import { renderMarkdown } from './markdown.ts'

/** GitHub shows this many annotations of each kind per step and drops the rest without a word. */
const SHOWN_PER_KIND = 10
/** A step summary over 1 MiB is dropped whole; some room is left for what other tools wrote. */
const SUMMARY_BYTES = 1024 * 1024 - 4096

type Kind = 'error' | 'warning'
const KINDS: Partial<Record<Verdict, Kind>> = { error: 'error', fail: 'error', inconclusive: 'warning', warn: 'warning' }
const IMPORTANCE: readonly Verdict[] = ['fail', 'error', 'inconclusive', 'warn']

/**
 * Workflow commands that GitHub shows as annotations: one per check that is not `pass` or `skip`, and one per place where a check
 * found something in several, such as the lines of a schema whose rules are broken. The most important first, at most ten of each
 * kind; the tenth says how many are not shown.
 */
export function renderAnnotations(report: Report): string {
  const ordered = [...allResults(report)]
    .flatMap(({ path, result }) => byPlace(result).map((each) => ({ path, result: each })))
    .toSorted((a, b) => rank(a.result) - rank(b.result))
  return (['error', 'warning'] as const)
    .flatMap((kind) => {
      const all = ordered.filter(({ result }) => KINDS[result.verdict] === kind)
      if (all.length <= SHOWN_PER_KIND) return all.map(({ path, result }) => annotation(kind, path, result))
      const shown = all.slice(0, SHOWN_PER_KIND - 1)
      const more = `${all.length - shown.length} more are not shown here; see the step summary or report.html.`
      return [...shown.map(({ path, result }) => annotation(kind, path, result)), command(kind, { title: report.name }, more)]
    })
    .join('')
}

/** The report as Markdown for `$GITHUB_STEP_SUMMARY`, within what GitHub takes. */
export function renderStepSummary(report: Report, alreadyThere = 0): string {
  return renderMarkdown(report, { maxBytes: Math.max(0, SUMMARY_BYTES - alreadyThere) })
}

function annotation(kind: Kind, path: readonly string[], result: CheckResult): string {
  const location = result.location ?? result.findings.find((finding) => finding.location)?.location
  const title = [...path.slice(1), result.title].join(' › ')
  const message = result.hint === undefined ? result.message : `${result.message}\n${result.hint}`
  return command(kind, { ...position(location), title }, message)
}

function position(location: Location | undefined): Record<string, string | number> {
  if (!location || location.byteOffset !== undefined) return location ? { file: location.file } : {}
  const { file, line, column } = location
  return { file, ...(line !== undefined && { line }), ...(column !== undefined && { col: column }) }
}

const rank = ({ verdict }: CheckResult): number => IMPORTANCE.indexOf(verdict)

/** A workflow command on a line of its own; nothing in the values can end it or begin another. */
function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  return `::${name}${list.length === 0 ? '' : ` ${list.join(',')}`}::${escapeData(message)}\n`
}

const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
