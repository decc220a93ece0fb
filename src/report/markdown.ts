import { count } from '../core/counts.ts'
import type { CheckResult, Finding } from '../core/check.ts'
import { formatLocation } from '../core/errors.ts'
import { allResults, type Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'
import { formatGit, runDetails } from './run-details.ts'
import {
  formatMeasurement,
  formatThreshold,
  formatTime,
  formatValue,
  measurementName,
  printable,
  shortJson,
  measuredLines,
} from './wording.ts'

export interface MarkdownOptions {
  /** Bytes in UTF-8 that the text may not exceed: sections are left out from the end, and it says so. */
  readonly maxBytes?: number
  /** Findings shown per check. */
  readonly findings?: number
}

/** Shown as shortcodes nowhere: GitHub, GitLab and editors all draw these. */
const MARKS: Readonly<Record<Verdict, string>> = {
  pass: '✅',
  warn: '⚠️',
  fail: '❌',
  inconclusive: '❔',
  error: '❗',
  skip: '➖',
}

/** The report as GitHub-flavoured Markdown, for a pull-request comment, a step summary or a wiki. */
export function renderMarkdown(report: Report, { maxBytes = Infinity, findings = 10 }: MarkdownOptions = {}): string {
  const sections = [
    `# ${MARKS[report.verdict]} ${escape(report.name)}: ${report.verdict}`,
    facts(report),
    childTable(report),
    ...problemSections(report, findings),
    measurementSection(report),
    environmentSection(report),
    artifactSection(report),
  ].filter((section) => section !== '')
  return `${withinBudget(sections, maxBytes)}\n`
}

function facts(report: Report): string {
  const details = runDetails(report)
  const git = formatGit(details)
  return [
    escape(report.summary),
    ...(details.runId === null ? [] : [`run ${code(details.runId)}`]),
    ...(git === '' ? [] : [escape(git)]),
    ...(report.subject && report.kind !== 'run' ? [`about ${code(report.subject.name)}`] : []),
    ...(formatTime(report) === '' ? [] : [formatTime(report)]),
  ]
    .filter((fact) => fact !== '')
    .join(' · ')
}

function childTable(report: Report): string {
  if (report.kind === 'step') {
    return table(
      ['Check', 'Verdict', 'What was found'],
      report.results.map((result) => [escape(result.title), verdictCell(result.verdict), escape(result.message)]),
    )
  }
  return table(
    [report.kind === 'run' ? 'Stage' : 'Step', 'Verdict', 'What was measured', 'Time'],
    report.children.map((child) => [
      escape(child.name),
      verdictCell(child.verdict),
      measuredLines(child).map(escape).join('<br>'),
      formatTime(child),
    ]),
  )
}

const SHOWN: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'warn', 'skip']

function problemSections(report: Report, findings: number): string[] {
  return [...allResults(report)]
    .filter(({ result }) => result.verdict !== 'pass')
    .toSorted((a, b) => SHOWN.indexOf(a.result.verdict) - SHOWN.indexOf(b.result.verdict))
    .map(({ path, result }) => problemSection(path.slice(1), result, findings))
}

function problemSection(path: readonly string[], result: CheckResult, limit: number): string {
  const lines = [
    `## ${MARKS[result.verdict]} ${[...path, result.title].map(escape).join(' › ')}`,
    '',
    escape(result.message),
    '',
    ...(result.expected === undefined ? [] : [`- expected: ${escape(result.expected)}`]),
    ...(result.actual === undefined ? [] : [`- actual: ${escape(result.actual)}`]),
    ...(result.location ? [`- at ${code(formatLocation(result.location))}`] : []),
    ...result.findings.slice(0, limit).map(findingItem),
    ...(result.findings.length > limit ? [`- … and ${count(result.findings.length - limit, 'more finding')}`] : []),
    ...(result.hint === undefined ? [] : ['', `**What to do:** ${escape(result.hint)}`]),
  ]
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
}

function findingItem({ message, severity, location, evidence }: Finding): string {
  const place = location ? ` at ${code(formatLocation(location))}` : ''
  const shown = evidence === undefined ? '' : ` ${code(shortJson(evidence))}`
  return message.includes('\n')
    ? `- ${severity}${place}${shown}:\n${codeBlock(message, '  ')}`
    : `- ${severity}: ${escape(message)}${place}${shown}`
}

function measurementSection(report: Report): string {
  const rows = [...allResults(report)].flatMap(({ result }) =>
    result.measurements
      .filter(({ interval, threshold }) => interval !== undefined || threshold !== undefined)
      .map((measurement) => [
        escape(result.title),
        escape(measurementName(measurement)),
        escape(measurement.interval ? formatMeasurement(measurement).replace(/, n = .*$/, '') : formatValue(measurement)),
        measurement.n === undefined ? '' : String(measurement.n),
        measurement.threshold ? escape(formatThreshold(measurement.threshold)) : '',
        verdictCell(result.verdict),
      ]),
  )
  if (rows.length === 0) return ''
  return `## How sure we are\n\n${table(['Check', 'Measurement', 'Value and interval', 'n', 'Threshold', 'Verdict'], rows)}`
}

function environmentSection(report: Report): string {
  const rows = runDetails(report).environments.map(({ name, state, release, url }) => [
    escape(name),
    escape(state),
    release ? code(release) : '',
    url ? code(url) : '',
  ])
  return rows.length === 0 ? '' : `## Environments\n\n${table(['Environment', 'State', 'Release', 'URL'], rows)}`
}

function artifactSection(report: Report): string {
  const rows = [...artifacts(report)].map(({ path, digest, bytes }) => [code(path), code(digest), String(bytes)])
  return rows.length === 0 ? '' : `## Artifacts\n\n${table(['File', 'Digest', 'Bytes'], rows)}`
}

function* artifacts(report: Report): Generator<Report['artifacts'][number]> {
  // A stage repeats the artifacts of its steps, so those of the lowest level are enough.
  if (report.children.length === 0) yield* report.artifacts
  for (const child of report.children) yield* artifacts(child)
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('\n', ' ')).join(' | ')} |`
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

const verdictCell = (verdict: Verdict): string => `${MARKS[verdict]} ${verdict}`

/** Text that Markdown shows as it is: no markup, links, mentions or HTML come through from data. */
function escape(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>#|~]/g, (character) => `\\${character}`)
    .replace(/^(\s*)([-+=]|\d+[.)])(?=\s)/gm, '$1\\$2')
    .replace(/@(?=\w)/g, '@\u200b')
    .replace(/\b(https?|ftp):\/\//gi, '$1:\u200b//')
    .replaceAll('\n', ' ')
}

/** Inline code that holds any text, also backticks and table bars. */
function code(text: string): string {
  const clean = printable(text).replaceAll('\n', ' ').replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`
}

/** A fenced block that holds any text; the fence is longer than any in it. */
function codeBlock(text: string, indent: string): string {
  const clean = printable(text)
  const fence = '`'.repeat(Math.max(3, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return [fence, ...clean.split('\n'), fence].map((line) => `${indent}${line}`).join('\n')
}

function withinBudget(sections: readonly string[], maxBytes: number): string {
  const size = (text: string) => Buffer.byteLength(text)
  const note = (left: number) =>
    `… ${count(left, 'section')} left out to stay within the size limit; the whole is in report.html.`
  const kept: string[] = []
  let used = size(note(sections.length)) + 4
  for (const section of sections) {
    used += size(section) + 2
    if (used > maxBytes) break
    kept.push(section)
  }
  return kept.length === sections.length ? sections.join('\n\n') : [...kept, note(sections.length - kept.length)].join('\n\n')
}
