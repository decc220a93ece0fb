import { checkResult, type CheckResult } from '../../core/check.ts'
import { count, listed } from '../../core/counts.ts'
import type { ColumnDrift, DriftFacts } from './facts.ts'

/** The check that says which columns were compared, and that none changed its kind. Another kind is a failure whatever the limits are. */
export function comparedColumns(facts: DriftFacts): CheckResult {
  const { rows, columns, kindChanges, onlyInReference, onlyInCurrent, ignored, paths } = facts
  const id = { check: 'data.drift.columns', title: 'Columns of both data sets' }
  const measurements = [
    { name: 'reference rows', value: rows.reference, unit: 'rows' },
    { name: 'current rows', value: rows.current, unit: 'rows' },
    { name: 'columns compared', value: columns.length, unit: 'columns' },
  ]
  const empty = rows.reference === 0 ? paths.reference : rows.current === 0 ? paths.current : undefined
  if (empty !== undefined) {
    return checkResult({ ...id, verdict: 'error', message: `${empty} has no rows, so nothing was compared.`, measurements })
  }
  const names = (list: readonly string[]): string => listed(list.map((name) => JSON.stringify(name)))
  const leftOut = [
    onlyInReference.length > 0 ? `only in the reference: ${names(onlyInReference)}` : '',
    onlyInCurrent.length > 0 ? `only in the current data: ${names(onlyInCurrent)}` : '',
    ignored.length > 0 ? `ignored: ${names(ignored)}` : '',
  ].filter(Boolean)
  const inPart = columns.flatMap((column) => partlyCompared(column) ?? [])
  const changed = kindChanges.map(({ name, reference, current }) => `"${name}" is ${current}, in the reference ${reference}`)
  const message = [
    ...(changed.length > 0 ? [`${listed(changed)}.`] : []),
    columns.length === 0 ? 'No column can be compared' : `${count(columns.length, 'column')} compared`,
  ].join(' ')
  return checkResult({
    ...id,
    verdict: kindChanges.length > 0 ? 'fail' : columns.length === 0 ? 'error' : 'pass',
    message: `${[message, ...leftOut, ...inPart].join('; ')}.`,
    measurements,
    findings: changed.map((text) => ({ message: `${text}.`, severity: 'error', rule: 'drift' })),
    ...(kindChanges.length > 0 && {
      hint: 'A single value that is no number makes text of a CSV column: validate-schema names the rows. Or leave the column out with --ignore.',
    }),
  })
}

/** What is said of a column whose values are not compared as they are. */
function partlyCompared({ name, comparison, range }: ColumnDrift): string | undefined {
  if (comparison === 'lengths') return `"${name}" has too many different texts and is compared by their length`
  if (comparison === 'identifier') return `"${name}" counts the rows and is not compared`
  if (comparison === 'presence') return `of "${name}" only whether it is there`
  if (comparison !== 'times' || !range) return undefined
  const period = ({ earliest, latest }: { earliest: string; latest: string }) => `${short(earliest)} to ${short(latest)}`
  return `"${name}" runs from ${period(range.current)}, in the reference from ${period(range.reference)}, which is not judged`
}

/** Midnight is a date. */
const short = (iso: string): string => iso.replace(/T00:00:00\.000Z$/, '').replace(/\.000Z$/, 'Z')
