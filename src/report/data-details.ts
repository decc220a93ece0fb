import type { Finding } from '../core/check.ts'
import type { ColumnProfile } from '../core/column-profile.ts'
import { profilesIn } from '../core/column-profile-document.ts'
import type { Report } from '../core/report.ts'
import { rulesIn, type RuleRecord } from '../core/rule-record.ts'

/** A column of a data set with all that a report says of it. */
export interface ColumnView {
  readonly name: string
  readonly profile?: ColumnProfile
  /** The same column of the data that was compared with. */
  readonly reference?: ColumnProfile
  readonly rules: readonly RuleRecord[]
  /** What was found of it otherwise: drift, missing values, mixed types. */
  readonly findings: readonly Finding[]
}

/** The columns that a report of a data step describes or has rules for, in the order of the data; none for other reports. */
export function columnsOf(report: Report): readonly ColumnView[] {
  const { details = {}, results } = report
  const profiles = profilesIn(details['columns'])
  const rules = rulesIn(details)
  const references = profilesIn((details['reference'] as { columns?: unknown } | undefined)?.columns)
  if (profiles.length === 0 && rules.length === 0) return []
  const findings = results.flatMap((result) => result.findings)
  const names = new Set([...profiles.map(({ name }) => name), ...rules.flatMap(({ columns }) => columns)])
  return [...names].map((name) => {
    const profile = profiles.find((each) => each.name === name)
    const reference = references.find((each) => each.name === name)
    return {
      name,
      ...(profile && { profile }),
      ...(reference && { reference }),
      rules: rules.filter(({ columns }) => columns.includes(name)),
      findings: findings.filter((finding) => isAbout(finding, name)),
    }
  })
}

/** The rules that are about no column alone: on the row or the table. */
export const rulesOfTable = ({ details }: Report): readonly RuleRecord[] =>
  rulesIn(details).filter(({ columns }) => columns.length === 0)

/** A finding on a column that is not a broken rule of the schema, which stands among the rules already. */
function isAbout({ evidence }: Finding, column: string): boolean {
  const { column: named, pointer } = (typeof evidence === 'object' && evidence !== null ? evidence : {}) as Record<
    string,
    unknown
  >
  return named === column && pointer === undefined
}
