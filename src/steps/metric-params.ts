import { z } from 'zod'
import { file, type Resource } from '../core/step.ts'
import { loadMetricModule } from '../model/metrics/metric-module.ts'
import type { MetricSettings } from '../model/metrics/metric-kind.ts'

/** Parameters of every step that measures: what some metrics need beside the rows, and metrics of the user's own. */
export const metricParams = {
  costs: z
    .record(z.string(), z.record(z.string(), z.number()))
    .optional()
    .meta({ value: 'JSON' })
    .describe('What it costs to predict a class where another is true, such as {"yes": {"no": 5}}; the mean is expected-cost'),
  metricModule: z
    .string()
    .optional()
    .meta({ value: 'FILE' })
    .describe('A JavaScript module that exports a list of metrics of your own; it is run'),
} as const

export interface MetricParams {
  readonly costs?: MetricSettings['costs'] | undefined
  readonly metricModule?: string | undefined
}

export const metricReads = ({ metricModule }: MetricParams): Resource[] =>
  metricModule === undefined ? [] : [file(metricModule)]

/** @throws UserError as `loadMetricModule` does */
export async function metricSettings(cwd: string, { costs, metricModule }: MetricParams): Promise<MetricSettings> {
  return {
    ...(costs && { costs }),
    ...(metricModule !== undefined && { own: await loadMetricModule(metricModule, cwd) }),
  }
}
