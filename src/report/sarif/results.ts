import type { CheckResult, Finding, Location } from '../../core/check.ts'
import { allResults, type Report } from '../../core/report.ts'
import type { Verdict } from '../../core/verdict.ts'

export type Level = 'error' | 'warning' | 'note'

/** One thing that was found at one place. */
export interface Placed {
  readonly rule: string
  readonly level: Level
  readonly message: string
  readonly location: Location
  /** The file that `location` is in, without the names of members. */
  readonly container: string | undefined
  readonly verdict: Verdict
  readonly check: string
  readonly evidence?: unknown
}

/** What did not pass and has no place in a file: SARIF has notifications for it, as GitHub refuses results without a location. */
export interface Unplaced {
  readonly rule: string
  readonly level: Level
  readonly message: string
}

/** What a report found, in its order: with a place each, and without. */
export function foundIn(report: Report, knows: (rule: string) => boolean): { placed: Placed[]; unplaced: Unplaced[] } {
  const placed: Placed[] = []
  const unplaced: Unplaced[] = []
  for (const { path, result } of allResults(report)) {
    const before = placed.length
    for (const finding of result.findings) {
      const one = placedFinding(result, finding, knows)
      if (one) placed.push(one)
    }
    const level = LEVELS[result.verdict]
    if (placed.length > before || level === undefined) continue
    const message = result.hint === undefined ? result.message : `${result.message}\n${result.hint}`
    const { check, verdict, location } = result
    if (location) placed.push({ rule: check, level, message, location, container: location.file, verdict, check })
    else unplaced.push({ rule: check, level, message: `${[...path.slice(1), result.title].join(' › ')}: ${message}` })
  }
  return { placed, unplaced }
}

const LEVELS: Partial<Record<Verdict, Level>> = { fail: 'error', error: 'error', inconclusive: 'warning', warn: 'warning' }

/** A finding without a place of its own is at the place of its check. Only a rule that is described is an identifier. */
function placedFinding(result: CheckResult, finding: Finding, knows: (rule: string) => boolean): Placed | undefined {
  const location = finding.location ?? result.location
  if (!location) return undefined
  const { check, verdict } = result
  const { rule, severity, message, evidence } = finding
  return {
    rule: rule !== undefined && knows(rule) ? rule : check,
    level: severity,
    message,
    location,
    container: result.location?.file,
    verdict,
    check,
    ...(evidence !== undefined && { evidence }),
  }
}
