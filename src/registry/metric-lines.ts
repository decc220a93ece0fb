import { z } from 'zod'
import { count } from '../core/counts.ts'

/** What `evaluate` writes of a metric. */
const Evaluated = z.looseObject({
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      value: z.number().nullable(),
      n: z.number().nullish(),
      interval: z.looseObject({ lower: z.number().nullable(), upper: z.number().nullable() }).nullish(),
    }),
  ),
})

/**
 * Metrics as people read them, one `[name, text]` each, from the file that `evaluate` writes, with intervals and sample
 * sizes, or from any JSON object of numbers.
 */
export function metricLines(metrics: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  const evaluated = Evaluated.safeParse(metrics)
  if (!evaluated.success) {
    return Object.entries(metrics).flatMap(([name, value]) => (typeof value === 'number' ? [[name, figure(value)] as const] : []))
  }
  return evaluated.data.metrics.flatMap(({ name, value, n, interval }) => {
    if (value === null) return []
    const range = interval ? ` [${end(interval.lower)}, ${end(interval.upper)}]` : ''
    return [[name, `${figure(value)}${range}${n ? ` on ${count(n, 'row')}` : ''}`] as const]
  })
}

const figure = (value: number): string => String(Number(value.toPrecision(4)))
const end = (value: number | null): string => (value === null ? '…' : figure(value))
