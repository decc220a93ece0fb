import { UserError } from '../../core/errors.ts'
import { didYouMean } from '../../core/suggest.ts'
import type { Scored } from '../scored.ts'
import { classMetrics } from './class-metrics.ts'
import type { Metric, MetricDefinition, MetricOptions } from './metric.ts'
import { probabilityMetrics } from './probability-metrics.ts'
import { valueMetrics } from './value-metrics.ts'

/** What a report of two classes shows; the averages add little there, and can be asked for by name. */
const AVERAGED_OVER_TWO = new Set(['precision-macro', 'recall-macro', 'f1-macro', 'precision-weighted', 'recall-weighted'])

function definitions(scored: Scored): MetricDefinition[] {
  return scored.task === 'regression' ? valueMetrics(scored) : [...classMetrics(scored), ...probabilityMetrics(scored)]
}

/** The metrics that a report of this data shows. */
export function measureAll(scored: Scored, options: MetricOptions = {}): Metric[] {
  const binary = scored.task === 'classification' && scored.classes.length === 2
  return definitions(scored)
    .filter(({ name }) => !binary || !AVERAGED_OVER_TWO.has(name))
    .map((metric) => checked(metric.measure(options)))
}

/**
 * One metric by name.
 *
 * @throws UserError E_VALUE when there is no metric of that name for such data
 */
export function measure(scored: Scored, name: string, options: MetricOptions = {}): Metric {
  const known = definitions(scored)
  const found = known.find((metric) => metric.name === name)
  if (found) return checked(found.measure(options))
  throw new UserError('E_VALUE', `There is no metric "${name}" for a ${scored.task}`, {
    hint: didYouMean(
      name,
      known.map((metric) => metric.name),
    ),
  })
}

/** A NaN is never a measurement, whichever formula let it through. */
function checked(metric: Metric): Metric {
  if (metric.value === null || Number.isFinite(metric.value)) return metric
  return { ...metric, value: null, interval: null, problem: { verdict: 'error', reason: `it came out as ${metric.value}` } }
}
