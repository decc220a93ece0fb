import { z } from 'zod'
import type { MetricFact, ModelFacts } from '../bom/model-facts.ts'
import type { ModelVersion } from '../registry/model-version.ts'

const Interval = z.object({
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  confidence: z.number(),
  method: z.string(),
})

/** What `evaluate` writes of a model. */
const Evaluated = z.looseObject({
  task: z.string().nullish(),
  rows: z.number().nullish(),
  data: z.looseObject({ path: z.string(), digest: z.string() }).nullish(),
  metrics: z.array(
    z.looseObject({
      name: z.string(),
      title: z.string().optional(),
      value: z.number().nullable(),
      interval: Interval.nullish(),
      n: z.number().nullish(),
      note: z.string().optional(),
    }),
  ),
})

/** All that the registry knows of a version, as cards and bills of materials take it. */
export function factsOf(version: ModelVersion): ModelFacts {
  const { lineage, reports } = version
  const evaluated = Evaluated.safeParse(version.metrics).data
  return {
    name: version.name,
    version: String(version.version),
    digest: version.digest,
    file: version.file,
    bytes: version.bytes,
    createdAt: version.createdAt,
    data: lineage.data,
    config: lineage.config,
    commit: lineage.code.commit,
    dirty: lineage.code.dirty,
    environment: lineage.environment,
    command: lineage.command,
    seed: lineage.seed,
    parameters: lineage.parameters,
    runId: version.runId,
    task: evaluated?.task ?? null,
    testData: evaluated?.data ? { path: evaluated.data.path, digest: evaluated.data.digest } : null,
    testRows: evaluated?.rows ?? null,
    metrics: evaluated ? evaluated.metrics.flatMap(metricFact) : plainMetrics(version.metrics),
    gates: reports.map(({ name, verdict, summary, about = {}, checks = [], left = 0 }) => ({
      name,
      verdict,
      summary,
      about,
      checks,
      left,
    })),
  }
}

function metricFact(metric: z.output<typeof Evaluated>['metrics'][number]): MetricFact[] {
  const { name, title = name, value, interval = null, n = null, note } = metric
  return value === null
    ? []
    : [{ name, title, value, interval: interval ?? null, n: n ?? null, ...(note !== undefined && { note }) }]
}

/** Numbers under their names, from a script of the user's own: nothing is known of how sure they are. */
function plainMetrics(metrics: Readonly<Record<string, unknown>>): MetricFact[] {
  return Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === 'number' ? [{ name, title: name, value, interval: null, n: null }] : [],
  )
}
