import type { Threshold } from '../../core/check.ts'
import { drawBinomial } from '../../stats/draw-binomial.ts'
import { POWER } from '../../stats/gate-power.ts'
import { judge, type Evidence } from '../../stats/judge.ts'
import { seededRandom } from '../../stats/random.ts'
import type { Count } from '../../stats/two-proportions.ts'
import type { GroupRates } from '../fairness/group-rates.ts'
import { measureFairness, type FairnessMeasure } from '../fairness/measures.ts'
import { TOO_OFTEN, type GateAudit, type UnauditedGate } from './gate-audit.ts'

export interface FairnessAuditOptions {
  readonly attribute: string
  readonly limit: number
  readonly evidence: Evidence
  readonly confidence: number
  readonly seed: number
}

/** Bounds the work: every draw compares every pair of groups. */
const PAIRS_COMPARED = 40_000
const MOST_ROWS_FACTOR = 1024

/**
 * What a fairness gate can tell with groups of this size. Data sets are drawn in which each group has its present rates (or,
 * for a regression, the two groups that are farthest apart have them moved apart), and are judged as the gate does.
 */
export function auditFairness(
  measure: FairnessMeasure,
  groups: readonly GroupRates[],
  options: FairnessAuditOptions,
): GateAudit | UnauditedGate {
  const { attribute, limit, confidence, evidence, seed } = options
  const threshold: Threshold = { value: limit, good: measure.good }
  const about = { gate: `${measure.name} by ${attribute}`, limit: `${measure.good === 'at-most' ? '<=' : '>='} ${limit}` }
  const present = measureFairness(measure, groups, confidence)
  if (present.value === null || present.between === null || present.empty.length > 0) {
    const lacking = present.empty.length > 0 ? `no rows of ${present.empty.join(', ')} to measure it on` : 'it cannot be measured'
    return { ...about, reason: `${lacking}, so this gate is inconclusive` }
  }
  const pairs = (groups.length * (groups.length - 1)) / 2
  const draws = Math.round(Math.min(400, Math.max(100, PAIRS_COMPARED / pairs)))
  const [high, low] = present.between

  const blocked = (shift: number, factor: number): number => {
    const random = seededRandom(seed)
    let count = 0
    for (let draw = 0; draw < draws; draw++) {
      const drawn = moved(groups, measure, high, low, shift).map((group) => ({
        ...group,
        ...Object.fromEntries(measure.rates.map((rate) => [rate, redraw(group[rate], factor)])),
      }))
      const { value, interval, empty } = measureFairness(measure, drawn, confidence)
      const { verdict } = judge({ value, interval, n: 1 }, threshold, evidence)
      if (verdict !== 'pass' || empty.length > 0) count++
    }
    return count / draws

    function redraw({ successes, trials }: Count, times: number): Count {
      const rows = Math.max(1, Math.round(trials * times))
      return { trials: rows, successes: drawBinomial(random, rows, successes / trials) }
    }
  }
  const truth = (shift: number): number =>
    measureFairness(measure, moved(groups, measure, high, low, shift), confidence).value ?? present.value!
  const rows = groups.reduce((sum, group) => sum + group.rows, 0)
  const shift = smallest(0, 1, 12, (candidate) => blocked(candidate, 1) >= POWER)
  const factor = smallest(-6, Math.log2(MOST_ROWS_FACTOR), 12, (power) => blocked(0, 2 ** power) <= TOO_OFTEN)
  return {
    ...about,
    value: present.value,
    interval: present.interval,
    n: rows,
    threshold,
    equalTo: 'present one',
    blocksEqual: blocked(0, 1),
    smallestRegression: shift === null ? null : Math.abs(truth(shift) - present.value),
    rowsNeeded: factor === null ? null : Math.ceil(rows * 2 ** factor),
  }
}

/** The groups with the rates of the best and the worst of them moved apart by `shift`. */
function moved(
  groups: readonly GroupRates[],
  { rates }: FairnessMeasure,
  high: string,
  low: string,
  shift: number,
): readonly GroupRates[] {
  if (shift === 0) return groups
  const by = (group: string): number => (group === high ? shift / 2 : group === low ? -shift / 2 : 0)
  return groups.map((group) => ({
    ...group,
    ...Object.fromEntries(rates.map((rate) => [rate, shifted(group[rate], by(group.group))])),
  }))
}

function shifted({ successes, trials }: Count, by: number): Count {
  return { trials, successes: Math.min(1, Math.max(0, successes / trials + by)) * trials }
}

/** The smallest number between two at which `holds` becomes true, by halving; null when it does not hold at the larger. */
function smallest(from: number, to: number, halvings: number, holds: (candidate: number) => boolean): number | null {
  if (!holds(to)) return null
  let [low, high] = [from, to]
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
