import type { CheckResult, Finding, Location } from '../core/check.ts'
import { formatLocation } from '../core/errors.ts'
import type { Verdict } from '../core/verdict.ts'

/**
 * A result as one for each place that its findings point at, for formats that show one place each: a column that breaks three rules of
 * a schema is three, each at the line of its rule. A result with a single place, or none, stays as it is.
 *
 * Findings without a line of their own, notes and measurements stay with the first.
 */
export function byPlace(result: CheckResult): readonly CheckResult[] {
  const placed = result.findings.filter(isPlaced)
  const groups = new Map<string, Placed[]>()
  for (const finding of placed) {
    const place = formatLocation(finding.location)
    groups.set(place, [...(groups.get(place) ?? []), finding])
  }
  if (groups.size < 2) return [result]
  const rest = result.findings.filter((finding) => !isPlaced(finding))
  const { expected: _expected, actual: _actual, ...common } = result
  const titles = new Set<string>()
  return [...groups].map(([place, findings], i) => {
    const rules = [...new Set(findings.map(({ rule }) => rule))].join(', ')
    const short = `${result.title} › ${rules}`
    const title = titles.has(short) ? `${short} (${place})` : short
    titles.add(short)
    return {
      ...common,
      title,
      verdict: verdictOf(result.verdict, findings),
      message: findings.map(({ message }) => message).join('; '),
      measurements: i === 0 ? result.measurements : [],
      findings: i === 0 ? [...findings, ...rest] : findings,
      location: findings[0]!.location,
    }
  })
}

type Placed = Finding & { readonly rule: string; readonly location: Location }

const isPlaced = (finding: Finding): finding is Placed =>
  finding.severity !== 'note' && finding.rule !== undefined && finding.location?.line !== undefined

/** Findings that only warn do not fail because others beside them do. */
function verdictOf(verdict: Verdict, findings: readonly Finding[]): Verdict {
  return verdict === 'fail' && findings.every(({ severity }) => severity === 'warning') ? 'warn' : verdict
}
