import type { CheckResult, Finding } from '../core/check.ts'
import type { ColumnProfile, DataProfile } from '../core/column-profile.ts'
import { profilesIn } from '../core/column-profile-document.ts'
import { driftIn, type ColumnDriftRecord, type DriftTestRecord } from '../core/drift-document.ts'
import type { Report } from '../core/report.ts'
import { rulesIn, type RuleRecord } from '../core/rule-record.ts'
import type { Verdict } from '../core/verdict.ts'

/** A column of a data set with all that a report says of it. */
export interface ColumnView {
  readonly name: string
  readonly profile?: ColumnProfile
  /** The same column of the data that was compared with. */
  readonly reference?: ColumnProfile
  readonly drift?: ColumnDriftView
  readonly rules: readonly RuleRecord[]
  /** What was found of it otherwise: missing values, mixed types. */
  readonly findings: readonly Finding[]
}

/** How a column differs from the reference. */
export interface ColumnDriftView {
  readonly measures: ColumnDriftRecord
  readonly tests: readonly DriftTestView[]
}

export interface DriftTestView {
  readonly test: DriftTestRecord
  readonly verdict: Verdict
  /** What changed, in a sentence; only of what is worth a word. */
  readonly change?: string
}

/** The columns that a report of a data step describes or has rules for, in the order of the data; none for other reports. */
export function columnsOf(report: Report): readonly ColumnView[] {
  const { details = {}, results } = report
  const profiles = profilesIn(details['columns'])
  const rules = rulesIn(details)
  const references = profilesIn((details['reference'] as { columns?: unknown } | undefined)?.columns)
  const drift = driftIn(details)
  const compared = drift?.columns ?? []
  if (profiles.length === 0 && rules.length === 0 && compared.length === 0) return []
  const findings = results.flatMap((result) => result.findings)
  const names = new Set([
    ...profiles.map(({ name }) => name),
    ...compared.map(({ name }) => name),
    ...rules.flatMap(({ columns }) => columns),
  ])
  return [...names].map((name) => {
    const profile = profiles.find((each) => each.name === name)
    const reference = references.find((each) => each.name === name)
    const measures = compared.find((each) => each.name === name)
    const tests = drift?.tests.filter(({ column }) => column === name) ?? []
    return {
      name,
      ...(profile && { profile }),
      ...(reference && { reference }),
      ...(measures && { drift: { measures, tests: tests.map((test) => testView(test, results)) } }),
      rules: rules.filter(({ columns }) => columns.includes(name)),
      findings: findings.filter((finding) => isAbout(finding, name)),
    }
  })
}

/** The columns of a profile beside those of the data that it is compared with. */
export function columnsOfProfile(current: DataProfile, reference: DataProfile | undefined): readonly ColumnView[] {
  return current.columns.map((profile) => {
    const other = reference?.columns.find(({ name }) => name === profile.name)
    return { name: profile.name, profile, ...(other && { reference: other }), rules: [], findings: [] }
  })
}

/** The rules that are about no column alone: on the row or the table. */
export const rulesOfTable = ({ details }: Report): readonly RuleRecord[] =>
  rulesIn(details).filter(({ columns }) => columns.length === 0)

/** How a test of drift came out, with what the checks say of it. */
export function testView(test: DriftTestRecord, results: readonly CheckResult[]): DriftTestView {
  const found = results
    .flatMap(({ findings }) => findings)
    .find((finding) => {
      const { question, column = null } = evidenceOf(finding)
      return finding.rule === 'drift' && question === test.question && column === test.column
    })
  const change = found && evidenceOf(found)['change']
  const ofDrift = found?.severity === 'error' ? 'fail' : 'warn'
  return {
    test,
    verdict: test.outcome === 'drift' ? ofDrift : test.outcome === 'stable' ? 'pass' : 'inconclusive',
    ...(typeof change === 'string' && { change }),
  }
}

/** Whether a page shows what a finding rests on beside the columns, so that it need not be told again as JSON. */
export const isDrawn = (finding: Finding): boolean => finding.rule === 'drift' || evidenceOf(finding)['pointer'] !== undefined

/** A finding on a column that is no broken rule of the schema, and no drift: these stand beside the column already. */
function isAbout(finding: Finding, column: string): boolean {
  return evidenceOf(finding)['column'] === column && !isDrawn(finding)
}

const evidenceOf = ({ evidence }: Finding): Readonly<Record<string, unknown>> =>
  typeof evidence === 'object' && evidence !== null ? (evidence as Record<string, unknown>) : {}
