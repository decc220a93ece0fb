import { checkResult } from '../core/check.ts'
import type { Report } from '../core/report.ts'
import { driftDetails } from '../data/drift/details.ts'
import type { DriftLimits } from '../data/drift/facts.ts'
import { judgeDrift } from '../data/drift/judge.ts'
import { maskDrift } from '../data/drift/mask.ts'
import { measureDrift } from '../data/drift/measure.ts'
import type { Severity } from '../data/quality/rule.ts'
import type { OpenOptions } from '../drivers/duckdb.ts'

/** Drift among the checks that `--fail` and `--skip` name. Data changes for good reasons too, so it warns. */
export const DRIFT = { name: 'drift', severity: 'warn' } as const

export interface Compared {
  readonly cwd: string
  readonly data: string
  readonly reference: string | undefined
  readonly reading: OpenOptions
  /** Columns whose values are not shown. */
  readonly sensitive: readonly string[]
  readonly signal: AbortSignal
}

/** The checks on drift; none without a reference. */
export async function compareWithReference(
  compared: Compared & { readonly params: DriftLimits & { readonly ignore: readonly string[] }; readonly severity: Severity },
): Promise<{ results: Report['results']; details: Record<string, unknown> }> {
  const { cwd, data, reference, reading, sensitive, signal, params, severity } = compared
  if (reference === undefined) return { results: [], details: {} }
  if (severity === 'skip') {
    const message = 'Switched off by --skip.'
    return { results: [checkResult({ check: 'data.drift', title: 'Drift', verdict: 'skip', message })], details: {} }
  }
  const measured = await measureDrift({ cwd, reference, current: data, ignore: params.ignore, reading, signal })
  const facts = maskDrift(measured, new Set(sensitive))
  const results = judgeDrift(facts, params, severity === 'note' ? 'pass' : severity)
  return { results, details: { drift: driftDetails(facts, params) } }
}
