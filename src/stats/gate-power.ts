import type { Interval, Threshold } from '../core/check.ts'
import { betaCdf } from './beta.ts'
import { isInside, type Evidence } from './judge.ts'
import { normalCdf, normalQuantile, twoSidedZ } from './normal.ts'
import { isShareOfRows } from './point-gate.ts'
import { wilson } from './proportion.ts'

/** A number that a gate holds against a limit, as it was measured on the present data. */
export interface GateSubject {
  readonly value: number
  readonly interval: Interval | null
  readonly n: number
  /** What the present model is taken to be in truth. Default: the value. Against a champion that it should equal: 0. */
  readonly truth?: number
}

export interface GatePowerOptions {
  readonly evidence?: Evidence
  /** The chance with which a regression has to be blocked to count as seen; default 0.8. */
  readonly power?: number
  /** How often an equally good model may be blocked on the rows that are asked for; default 0.2. */
  readonly mostBlocked?: number
}

/** What a gate can tell. */
export interface GatePower {
  /** The chance that a model with the same truth does not pass, on as many other rows. */
  readonly blocksEqual: number
  /** By how much the truth has to be worse for the gate to block with the power asked for; null when it cannot be so bad. */
  readonly smallestRegression: number | null
  /** Rows with which an equally good model is blocked as seldom as asked; null when no number of rows does that. */
  readonly rowsNeeded: number | null
}

/** More rows than anybody has are none. */
const MOST_ROWS = 1e9

/**
 * The chances of a gate before it is used, on new samples of the same kind. A share of rows is binomial: its chances are sums over
 * the counts with which Wilson's interval (or the bare share) clears the limit, and so exact. Others are taken to be normal, with the
 * standard errors that their interval shows on either side. Null when nothing is known of the noise.
 */
export function gatePower(subject: GateSubject, limit: Threshold, options: GatePowerOptions = {}): GatePower | null {
  const { evidence = 'interval', power = 0.8, mostBlocked = 0.2 } = options
  const gate = isShareOfRows(subject) ? shareGate(subject, limit, evidence) : normalGate(subject, limit, evidence)
  if (gate === null) return null
  const { truth = subject.value, n } = subject
  const worse = limit.good === 'at-least' ? -1 : 1
  const loss = smallest(0, gate.farthest, 60, (by) => gate.blocks(truth + worse * by, n) >= power)
  return { blocksEqual: gate.blocks(truth, n), smallestRegression: loss, rowsNeeded: rowsNeeded() }

  function rowsNeeded(): number | null {
    // On the limit or beyond it more rows only make the gate surer that it is right to block.
    if (truth === limit.value || !isInside(truth, limit)) return null
    // Counts are whole, so the chance goes up and down a little on its way: it has to hold for somewhat more rows too.
    const holds = (rows: number): boolean =>
      [1, 1.01, 1.02, 1.03, 1.05, 1.07].every((times) => gate!.blocks(truth, rows * times) <= mostBlocked)
    const log = smallest(0, Math.log(MOST_ROWS), 50, (size) => holds(Math.exp(size)))
    return log === null ? null : Math.ceil(Number(Math.exp(log).toPrecision(9)))
  }
}

interface Gate {
  /** The chance that the gate does not pass a model of this truth on this many rows. */
  blocks(truth: number, rows: number): number
  /** How much worse than it is a model can be at most. */
  readonly farthest: number
}

function shareGate({ value, interval, truth = value }: GateSubject, limit: Threshold, evidence: Evidence): Gate {
  const atLeast = limit.good === 'at-least'
  // A share that should be small is one of the other rows that should be large.
  const wanted = atLeast ? limit.value : 1 - limit.value
  const clears = (hits: number, rows: number): boolean =>
    evidence === 'point' ? hits >= wanted * rows - 1e-9 : wilson(hits, rows, interval!.confidence).lower >= wanted
  const fewest = (rows: number): number => {
    if (!clears(rows, rows)) return rows + 1
    let [low, high] = [-1, rows]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (clears(middle, rows)) high = middle
      else low = middle
    }
    return high
  }
  return {
    blocks(share, size) {
      const rows = Math.max(1, Math.round(size))
      const enough = fewest(rows)
      const p = Math.min(1, Math.max(0, atLeast ? share : 1 - share))
      if (enough > rows) return 1
      // P(X ≥ k) = I_p(k, n − k + 1)
      return enough === 0 ? 0 : 1 - betaCdf(p, enough, rows - enough + 1)
    },
    farthest: atLeast ? truth : 1 - truth,
  }
}

function normalGate({ value, interval, n }: GateSubject, limit: Threshold, evidence: Evidence): Gate | null {
  if (interval === null || interval.lower === null || interval.upper === null || !(interval.confidence < 1)) return null
  const z = twoSidedZ(interval.confidence)
  const atLeast = limit.good === 'at-least'
  const towardsLimit = (atLeast ? value - interval.lower : interval.upper - value) / z
  const error = (interval.upper - interval.lower) / (2 * z)
  if (!(error > 0)) return null
  return {
    blocks(truth, rows) {
      const scale = Math.sqrt(n / rows)
      const room = atLeast ? truth - limit.value : limit.value - truth
      const needed = evidence === 'point' ? 0 : z * towardsLimit * scale
      return normalCdf((needed - room) / (error * scale))
    },
    // Beyond this the chance to block is 1 to many digits.
    farthest: Math.abs(value - limit.value) + (z + normalQuantile(0.999)) * Math.max(error, towardsLimit) * 2,
  }
}

/** The smallest number between two at which `holds` becomes true, by halving; null when it does not hold at the larger. */
function smallest(from: number, to: number, halvings: number, holds: (candidate: number) => boolean): number | null {
  if (!holds(to)) return null
  if (holds(from)) return from
  let [low, high] = [from, to]
  for (let i = 0; i < halvings && high - low > 1e-12 * Math.max(1, Math.abs(high)); i++) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
