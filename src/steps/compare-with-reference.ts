import { checkResult } from '../core/check.ts'
import type { Report } from '../core/report.ts'
import { driftDetails } from '../data/drift/details.ts'
import type { DriftLimits } from '../data/drift/facts.ts'
import { judgeDrift } from '../data/drift/judge.ts'
import { maskDrift } from '../data/drift/mask.ts'
import { driftOf } from '../data/drift/measure.ts'
import type { Severity } from '../data/quality/rule.ts'
import type { OpenedData } from '../drivers/duckdb.ts'

/** Drift among the checks that `--fail` and `--skip` name. Data changes for good reasons too, so it warns. */
export const DRIFT = { name: 'drift', severity: 'warn', needs: 'reference' } as const

export interface Compared {
  readonly opened: OpenedData
  /** As the user named them. */
  readonly data: string
  readonly reference: string | undefined
  /** Columns whose values are not shown. */
  readonly sensitive: readonly string[]
}

/** The checks on drift; none without a reference. */
export async function compareWithReference(
  { opened, data, reference, sensitive }: Compared,
  params: DriftLimits & { readonly ignore: readonly string[] },
  severity: Severity,
): Promise<{ results: Report['results']; details: Record<string, unknown> }> {
  if (reference === undefined) return { results: [], details: {} }
  if (severity === 'skip') {
    const message = 'Switched off by --skip.'
    return { results: [checkResult({ check: 'data.drift', title: 'Drift', verdict: 'skip', message })], details: {} }
  }
  const measured = await driftOf(opened, { reference, current: data, ignore: params.ignore })
  const facts = maskDrift(measured, new Set(sensitive))
  const results = judgeDrift(facts, params, severity === 'note' ? 'pass' : severity)
  return { results, details: { drift: driftDetails(facts, params) } }
}
