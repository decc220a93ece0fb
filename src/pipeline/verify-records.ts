import type { Report } from '../core/report.ts'
import type { DatabaseView } from '../drivers/sqlite.ts'
import type { Outputs } from './outputs.ts'

/** The copies of files that cached answers and unfinished runs need, with what needs each. */
export function neededCopies(database: DatabaseView): { readonly digest: string; readonly by: string }[] {
  const rows = database.all<{ outputs: string; by: string }>(
    `SELECT outputs, 'the cached answer of stage ' || stage AS by FROM pipeline_cache
     UNION ALL SELECT outputs, 'stage ' || stage || ' of run ' || run_id FROM pipeline_stage JOIN pipeline_run ON id = run_id
       WHERE pipeline_run.status <> 'finished' AND outputs IS NOT NULL
     UNION ALL SELECT outputs, 'a step of run ' || run_id FROM pipeline_step JOIN pipeline_run ON id = run_id
       WHERE pipeline_run.status <> 'finished'`,
  )
  return rows.flatMap(({ outputs, by }) =>
    Object.values((parsed(outputs) as Outputs | undefined)?.files ?? {}).map(({ digest }) => ({ digest, by })),
  )
}

/** What contradicts itself in the records of runs, whatever a log says: each problem as a sentence. */
export function pipelineProblems(database: DatabaseView): string[] {
  const runs = database.all<{ id: string; verdict: string | null; report: string | null }>(
    `SELECT id, verdict, report FROM pipeline_run WHERE status = 'finished' ORDER BY id`,
  )
  return runs.flatMap(({ id, verdict, report }) => {
    const document = report === null ? undefined : (parsed(report) as Report | undefined)
    if (report !== null && !document) return [`The report of run ${id} is not JSON.`]
    if (!document || document.verdict === verdict) return []
    return [`Run ${id} says ${verdict}, and its report ${document.verdict}.`]
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
