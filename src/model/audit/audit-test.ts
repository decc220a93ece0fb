import { gatePower } from '../../stats/gate-power.ts'
import type { Evidence } from '../../stats/judge.ts'
import type { TestResult } from '../suite/test-result.ts'
import { POWER, TOO_OFTEN, type GateAudit, type UnauditedGate } from './gate-audit.ts'

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
  // A gate that asks for a gain is meant to block a model that is as good as the champion: there the model has to repeat its gain.
  const asksForGain = difference !== undefined && (threshold.good === 'at-least' ? threshold.value > 0 : threshold.value < 0)
  const equalTo = difference && !asksForGain ? 'champion' : 'present one'
  const subject = { value, interval, n, ...(equalTo === 'champion' && { truth: 0 }) }
  const power = gatePower(subject, threshold, { evidence, power: POWER, mostBlocked: TOO_OFTEN })
  if (power === null) return { gate, limit, reason: `${n} rows do not tell how sure the number is` }
  const { blocksEqual, smallestRegression, rowsNeeded } = power
  // Of the rows that are needed only some are of the kind that the test rests on.
  const share = n > 0 && rowCount > n ? rowCount / n : 1
  return {
    gate,
    limit,
    value,
    interval,
    n,
    threshold,
    equalTo,
    blocksEqual,
    smallestRegression,
    rowsNeeded: rowsNeeded === null ? null : Math.ceil(rowsNeeded * share),
  }
}

function limitText(limit: number, good: 'at-least' | 'at-most', isDifference: boolean): string {
  if (!isDifference) return `${good === 'at-least' ? '>=' : '<='} ${limit}`
  return limit < 0 ? `− ${-limit}` : `+ ${limit}`
}
