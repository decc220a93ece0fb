import { estimate, type EstimateOptions } from '../../stats/estimate.ts'
import type { Scored } from '../scored.ts'
import { METRICS } from './catalogue.ts'
import type { Metric } from './metric.ts'
import type { MetricSettings, Readout } from './metric-kind.ts'
import { readMetric } from './read-metric.ts'

export interface MeasureOptions extends EstimateOptions, MetricSettings {}

/**
 * One metric by name, which may carry a parameter: `f-beta@2`.
 *
 * @throws UserError E_VALUE when there is no metric of that name for such data, or its parameter is not allowed
 */
export function measure(scored: Scored, name: string, options: MeasureOptions = {}): Metric {
  const read = readMetric(scored, name, options)
  return measured(scored, read.name, read.readout, options)
}

/** The metrics that a report of this data shows: the user's own, and the standard ones. */
export function measureAll(scored: Scored, options: MeasureOptions = {}): Metric[] {
  const { own = [], costs } = options
  const shown = [...own, ...METRICS].filter(
    (kind) =>
      kind.tasks.includes(scored.task) &&
      (kind.shown?.(scored) === true || (costs !== undefined && kind.name === 'expected-cost')),
  )
  return shown.map(({ name }) => measure(scored, name, options))
}

function measured(scored: Scored, name: string, readout: Readout, { confidence, seed }: MeasureOptions): Metric {
  const { title } = readout
  if ('problem' in readout) return { name, title, value: null, interval: null, n: scored.rowCount, problem: readout.problem }
  const { value, interval, n } = estimate(readout.statistic, scored.design, {
    ...(confidence !== undefined && { confidence }),
    ...(seed !== undefined && { seed }),
  })
  // A NaN is never a measurement, whichever formula let it through.
  if (!Number.isFinite(value)) {
    const reason = Number.isNaN(value) ? 'it is not defined on these rows' : `it came out as ${value}`
    return { name, title, value: null, interval: null, n, problem: { verdict: 'error', reason } }
  }
  return { name, title, value, interval, n, ...(readout.note !== undefined && { note: readout.note }) }
}
