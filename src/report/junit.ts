import type { CheckResult } from '../core/check.ts'
import { formatLocation, unreachable } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import { byPlace } from './by-place.ts'
import { formatMeasurement, measurementName, shortJson, whatWasMeasured } from './wording.ts'

/**
 * JUnit XML as Jenkins, GitLab, Azure and GitHub's reporters read it: a suite per step, a case per check, and a case per place
 * where a check found something in several: a broken rule of a schema is a case at its line. `fail` is a
 * failure, `error` an error, `inconclusive` a failure of that type (the format has no word for it), `skip` skipped, and
 * `warn` a passing case whose message is in its output. Measurements are properties.
 */
export function renderJunit(report: Report): string {
  const suites = [...suitesOf(report, [])]
  const totals = suites.map(({ cases }) => tally(cases))
  const sum = (key: keyof Tally) => totals.reduce((total, entry) => total + entry[key], 0)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    open('testsuites', {
      name: report.name,
      tests: sum('tests'),
      failures: sum('failures'),
      errors: sum('errors'),
      skipped: sum('skipped'),
      time: seconds(report.durationMs),
    }),
    ...suites.map(suiteXml),
    '</testsuites>\n',
  ].join('\n')
}

interface Suite {
  readonly name: string
  readonly report: Report
  readonly cases: readonly CheckResult[]
}

/** A report that has no results and nothing below it (a stage that was not run) is a suite with one case, so that it is seen. */
function* suitesOf(report: Report, path: readonly string[]): Generator<Suite> {
  const here = report.kind === 'run' ? path : [...path, report.name]
  const name = here.join(' › ') || report.name
  if (report.results.length > 0) yield { name, report, cases: report.results.flatMap(byPlace) }
  else if (report.children.length === 0) yield { name, report, cases: [caseOf(report)] }
  for (const child of report.children) yield* suitesOf(child, here)
}

function caseOf(report: Report): CheckResult {
  const message = whatWasMeasured(report) || 'Nothing was measured.'
  return { check: report.name, title: report.name, verdict: report.verdict, message, measurements: [], findings: [] }
}

interface Tally {
  tests: number
  failures: number
  errors: number
  skipped: number
}

function tally(cases: readonly CheckResult[]): Tally {
  const of = (...verdicts: string[]) => cases.filter(({ verdict }) => verdicts.includes(verdict)).length
  return { tests: cases.length, failures: of('fail', 'inconclusive'), errors: of('error'), skipped: of('skip') }
}

function suiteXml({ name, report, cases }: Suite): string {
  const attributes = {
    name,
    ...tally(cases),
    timestamp: report.startedAt.replace(/\.\d+Z$/, ''),
    time: seconds(report.durationMs),
  }
  return [`  ${open('testsuite', attributes)}`, ...cases.map((result) => caseXml(name, result)), '  </testsuite>'].join('\n')
}

function caseXml(suite: string, result: CheckResult): string {
  const body = [...properties(result), ...outcome(result)]
  const attributes = {
    name: result.title,
    classname: `${suite}.${result.check}`,
    ...(result.location && { file: result.location.file, ...(result.location.line && { line: result.location.line }) }),
    time: seconds(result.durationMs ?? 0),
  }
  if (body.length === 0) return `    ${open('testcase', attributes, true)}`
  return [`    ${open('testcase', attributes)}`, ...body.map((line) => `      ${line}`), '    </testcase>'].join('\n')
}

function properties({ measurements }: CheckResult): string[] {
  if (measurements.length === 0) return []
  const entries = measurements.map(
    (measurement) => `  ${open('property', { name: measurementName(measurement), value: formatMeasurement(measurement) }, true)}`,
  )
  return ['<properties>', ...entries, '</properties>']
}

function outcome(result: CheckResult): string[] {
  const { verdict, message } = result
  switch (verdict) {
    case 'pass':
      return []
    case 'warn':
      return [`<system-out>${escapeXml(`warning: ${explain(result)}`)}</system-out>`]
    case 'skip':
      return [open('skipped', { message }, true)]
    case 'error':
      return [`${open('error', { message, type: verdict })}${escapeXml(explain(result))}</error>`]
    case 'fail':
    case 'inconclusive':
      return [`${open('failure', { message, type: verdict })}${escapeXml(explain(result))}</failure>`]
    default:
      return unreachable(verdict)
  }
}

function explain({ message, expected, actual, findings, hint }: CheckResult): string {
  return [
    message,
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(actual === undefined ? [] : [`actual: ${actual}`]),
    ...findings.slice(0, 20).map((finding) => {
      const place = finding.location ? ` (${formatLocation(finding.location)})` : ''
      return `- ${finding.message}${place}${finding.evidence === undefined ? '' : ` ${shortJson(finding.evidence)}`}`
    }),
    ...(findings.length > 20 ? [`… and ${findings.length - 20} more`] : []),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].join('\n')
}

function open(name: string, attributes: Readonly<Record<string, string | number>>, close = false): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value)).replaceAll('\n', '&#10;')}"`)
  return `<${name}${list.join('')}${close ? '/>' : '>'}`
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Everything outside the Char production of XML 1.0, section 2.2; lone surrogates too. */
const NOT_XML =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

function escapeXml(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"]/g, (character) => ESCAPES[character]!)
}
