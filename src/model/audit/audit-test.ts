import type { Threshold } from '../../core/check.ts'
import { gatePower, type GateSubject } from '../../stats/gate-power.ts'
import type { Evidence } from '../../stats/judge.ts'
import { twoSidedZ } from '../../stats/normal.ts'
import { isShareOfRows } from '../../stats/point-gate.ts'
import type { TestResult } from '../suite/test-result.ts'
import type { GateAudit, UnauditedGate } from './gate-audit.ts'

/** The rows of the data, of which a test may rest on some: recall on the positive ones. */
interface AuditedData {
  readonly rowCount: number
  readonly evidence: Evidence
}

/** What a test of the suite can tell with as many rows, from what it measured on the present model. */
export function auditTest(result: TestResult, { rowCount, evidence }: AuditedData): GateAudit | UnauditedGate {
  const { testName, threshold, interval, n, message, verdict, difference } = result
  const gate = testName.replaceAll('_', '-')
  const [, value] = Object.entries(result.metrics).find(([key]) => key !== 'threshold') ?? []
  if (verdict === 'error' || verdict === 'skip' || typeof value !== 'number') return { gate, limit: '', reason: message }
  if (threshold === null) return { gate, limit: '', reason: 'what it counts is exact, so no good model is blocked by chance' }
  const limit = `${difference ? 'champion ' : ''}${limitText(threshold.value, threshold.good, difference !== undefined)}`
  if (interval?.confidence === 1) {
    return { gate, limit, reason: 'what it judges is a fact of the model, so no good model is blocked by chance' }
  }
  const subject = subjectOf(result, value, threshold)
  if (subject === null) return { gate, limit, reason: `${n} rows do not tell how sure the number is` }
  const confidence = interval!.confidence
  const { blocksEqual, smallestRegression, rowsNeeded } = gatePower(subject.gate, { limit: threshold, confidence, evidence })
  // Of the rows that are needed only some are of the kind that the test rests on.
  const share = n > 0 && rowCount > n ? rowCount / n : 1
  return {
    gate,
    limit,
    value,
    interval,
    n,
    threshold,
    equalTo: subject.equalTo,
    blocksEqual,
    smallestRegression,
    rowsNeeded: rowsNeeded === null ? null : Math.ceil(rowsNeeded * share),
  }
}

/** What is known of the noise of the number that the gate looks at, around the truth of an equally good model. */
function subjectOf(
  { interval, n, difference, flips }: TestResult,
  value: number,
  { value: limit, good }: Threshold,
): { gate: GateSubject; equalTo: GateAudit['equalTo'] } | null {
  if (interval === null || interval.lower === null || interval.upper === null || n === 0) return null
  if (difference === undefined && isShareOfRows({ value, interval, n })) {
    return { gate: { kind: 'rate', value, n }, equalTo: 'present one' }
  }
  // A gate that asks for a gain is meant to block a model that is as good as the champion: there the model has to repeat its gain.
  const asksForGain = good === 'at-least' ? limit > 0 : limit < 0
  const equalTo = difference && !asksForGain ? 'champion' : 'present one'
  const truth = equalTo === 'champion' ? 0 : value
  if (interval.method === 'tango' && flips) {
    const discordance = (flips.toWrong + flips.toRight) / n
    return { gate: { kind: 'paired', value: truth, discordance, n }, equalTo }
  }
  const z = twoSidedZ(interval.confidence)
  const standardError = (interval.upper - interval.lower) / (2 * z)
  const towardsLimit = (good === 'at-least' ? value - interval.lower : interval.upper - value) / z
  return standardError > 0 ? { gate: { kind: 'normal', value: truth, standardError, towardsLimit, n }, equalTo } : null
}

function limitText(limit: number, good: 'at-least' | 'at-most', isDifference: boolean): string {
  if (!isDifference) return `${good === 'at-least' ? '>=' : '<='} ${limit}`
  return limit < 0 ? `− ${-limit}` : `+ ${limit}`
}
