import pc from 'picocolors'
import type { CheckResult, Finding } from '../core/check.ts'
import { count } from '../core/counts.ts'
import { formatLocation } from '../core/errors.ts'
import { allResults, type Report } from '../core/report.ts'
import type { Verdict } from '../core/verdict.ts'
import { formatGit, runDetails } from './run-details.ts'
import { textTable } from './text-table.ts'
import { formatMeasurement, formatTime, measurementName, printable, shortJson, measuredLines, SYMBOLS } from './wording.ts'

export interface TextOptions {
  readonly color?: boolean
  /** Columns of the terminal; 120 when it is none. Only the table is broken to fit. */
  readonly width?: number
  /** Findings shown per check. */
  readonly findings?: number
  /** Also the measurements of what passed, why something was skipped, and the evidence of every finding. */
  readonly verbose?: boolean
}

const WIDTH = 120

type Style = (text: string) => string
type Paint = Readonly<Record<Verdict | 'bold' | 'dim', Style>>

/**
 * The report for a terminal or a plain log: a table (of stages for a run, of checks for a step), then every check that is
 * not a plain `pass` with what was expected, what was found and what to do. What was skipped on purpose is named, no more.
 */
export function renderText(report: Report, options: TextOptions = {}): string {
  const paint = palette(options.color ?? false)
  const blocks = [
    heading(report, paint),
    table(report, paint, options),
    ...problems(report, paint, options),
    skipped(report, paint, options),
    environmentTable(report, paint),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** The colours of the verdicts, or none. */
export function palette(color: boolean): Paint {
  const { green, yellow, red, magenta, cyan, gray, bold, dim } = pc.createColors(color)
  return { pass: green, warn: yellow, fail: red, inconclusive: magenta, error: red, skip: cyan, bold, dim: color ? gray : dim }
}

function heading(report: Report, paint: Paint): string {
  const { runId, ...details } = runDetails(report)
  const facts = [
    ...(report.subject && report.kind !== 'run' ? [report.subject.name] : []),
    ...(runId === null ? [] : [`run ${runId}`]),
    formatGit({ runId, ...details }),
  ].filter((fact) => fact !== '')
  return [paint.bold(printable(report.name)), ...facts.map((fact) => paint.dim(printable(fact)))].join(paint.dim(' · '))
}

function table(report: Report, paint: Paint, options: TextOptions): string {
  const rows = report.kind === 'step' ? checkRows(report, paint, options) : childRows(report, paint)
  const total = [
    badge(report.verdict, paint),
    paint.bold('total'),
    paint.bold(report.verdict),
    printable(report.summary),
    paint.dim(formatTime(report)),
  ]
  const header = [
    '',
    report.kind === 'run' ? 'stage' : report.kind === 'stage' ? 'step' : 'check',
    'verdict',
    'what was measured',
    'time',
  ]
  return textTable([header.map((cell) => paint.dim(cell)), ...rows, total], { wrap: 3, width: options.width ?? WIDTH })
}

function childRows(report: Report, paint: Paint): string[][] {
  return report.children.map((child) => [
    badge(child.verdict, paint),
    printable(child.name),
    paint[child.verdict](child.verdict),
    measuredLines(child).map(printable).join('\n'),
    paint.dim(formatTime(child)),
  ])
}

function checkRows(report: Report, paint: Paint, { verbose = false }: TextOptions): string[][] {
  return report.results.map((result) => [
    badge(result.verdict, paint),
    printable(result.title),
    paint[result.verdict](result.verdict),
    [result.message, ...(verbose ? measurementLines(result) : [])].map(printable).join('\n'),
    '',
  ])
}

function measurementLines({ measurements }: CheckResult): string[] {
  return measurements.map((measurement) => `${measurementName(measurement)}: ${formatMeasurement(measurement)}`)
}

/** Worst first, so that the last screen of a log begins with what matters. */
const ORDER: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'warn', 'skip']
const NAMED_SKIPS = 6

function problems(report: Report, paint: Paint, options: TextOptions): string[] {
  const told = [...allResults(report)].filter(({ result: { verdict } }) =>
    verdict === 'skip' ? options.verbose : verdict !== 'pass',
  )
  return told
    .toSorted((a, b) => ORDER.indexOf(a.result.verdict) - ORDER.indexOf(b.result.verdict))
    .map(({ path, result }) => problem(path.slice(1), result, paint, options))
}

/** What was skipped, by name. The table of a step has it already. */
function skipped(report: Report, paint: Paint, { verbose = false }: TextOptions): string {
  if (verbose || report.kind === 'step') return ''
  const names = [...allResults(report)]
    .filter(({ result }) => result.verdict === 'skip')
    .map(({ path, result }) => printable(titleOf(path.slice(1), result)))
  if (names.length === 0) return ''
  const more = names.length > NAMED_SKIPS ? [`${names.length - NAMED_SKIPS} more`] : []
  const list = [...names.slice(0, NAMED_SKIPS), ...more].join(', ')
  return `${badge('skip', paint)} ${paint.dim(`skipped: ${list} (--verbose says why)`)}`
}

const titleOf = (path: readonly string[], { title }: CheckResult): string => [...path, title].join(' › ')

function problem(
  path: readonly string[],
  result: CheckResult,
  paint: Paint,
  { findings = 5, verbose = false }: TextOptions,
): string {
  const where = printable(titleOf(path, result))
  const lines = [
    `${badge(result.verdict, paint)} ${paint.bold(where)} ${paint.dim(printable(`${result.check} · ${result.verdict}`))}`,
    `    ${indented(result.message, 4)}`,
  ]
  const fact = (name: string, value: string) => lines.push(`    ${paint.dim(name.padEnd(9))} ${indented(value, 14)}`)
  if (result.expected !== undefined) fact('expected', result.expected)
  if (result.actual !== undefined) fact('actual', result.actual)
  if (result.verdict !== 'skip' && result.measurements.length > 0) {
    const shown = verbose ? result.measurements : result.measurements.slice(0, 6)
    for (const measurement of shown) fact('measured', `${measurementName(measurement)} ${formatMeasurement(measurement)}`)
    if (shown.length < result.measurements.length) {
      fact('', `… and ${count(result.measurements.length - shown.length, 'more measurement')}`)
    }
  }
  if (result.location) fact('at', formatLocation(result.location))
  const [only, ...others] = result.findings
  const saidAlready = !verbose && only !== undefined && others.length === 0 && only.message === result.message
  const shownFindings = saidAlready ? [] : result.findings.slice(0, findings)
  if (saidAlready && only.rule !== undefined) fact('rule', only.rule)
  for (const finding of shownFindings) lines.push(...findingLines(finding, paint, verbose))
  if (result.findings.length > findings) {
    lines.push(paint.dim(`    … and ${count(result.findings.length - findings, 'more finding')}`))
  }
  if (result.hint !== undefined) fact('hint', result.hint)
  return lines.join('\n')
}

function findingLines({ message, severity, rule, location, evidence }: Finding, paint: Paint, verbose: boolean): string[] {
  const style = severity === 'error' ? paint.fail : severity === 'warning' ? paint.warn : paint.dim
  const tail = [...(rule === undefined ? [] : [rule]), ...(location ? [formatLocation(location)] : [])].join(' · ')
  const lines = [`    ${style('•')} ${indented(message, 6)}${tail === '' ? '' : paint.dim(` (${printable(tail)})`)}`]
  // The message says it; the evidence is the same for machines, and at length.
  if (verbose && evidence !== undefined) lines.push(paint.dim(`      ${printable(shortJson(evidence))}`))
  return lines
}

/** Text of several lines with the later ones under the first; no line of it stands where a line of ours begins. */
function indented(text: string, columns: number): string {
  return printable(text).replaceAll('\n', `\n${' '.repeat(columns)}`)
}

function environmentTable(report: Report, paint: Paint): string {
  const { environments } = runDetails(report)
  if (environments.length === 0) return ''
  const rows = environments.map(({ name, state, release, url }) =>
    [name, state, release ?? 'no release', url ?? ''].map(printable),
  )
  return textTable([['environment', 'state', 'release', 'url'].map((cell) => paint.dim(cell)), ...rows])
}

const badge = (verdict: Verdict, paint: Paint): string => paint[verdict](SYMBOLS[verdict])
