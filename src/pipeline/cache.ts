import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../core/digest.ts'
import { messageOf, UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import { blocks, type InconclusivePolicy } from '../core/verdict.ts'
import { openBlobs, type BlobStore } from '../drivers/blobs.ts'
import type { Database } from '../drivers/sqlite.ts'
import type { Fingerprint } from './fingerprint.ts'
import { movedState, restoreFiles, type OutputContext, type Outputs } from './outputs.ts'
import type { PipelineState } from './state.ts'

/** What a stage answered, and left, when everything that can change it was as these fields say. */
export interface CacheEntry {
  readonly fields: Readonly<Record<string, string>>
  readonly outputs: Outputs
  readonly report: Report
  readonly runId: string
  readonly at: string
}

/** Entries kept for each stage. */
const KEPT_ENTRIES = 10
/** A blob younger than this may belong to a run that has not recorded it yet. */
const SETTLED_MS = 3_600_000

/** The copies of files that stages have written, apart from the blobs of the registry so that they can be pruned. */
export function cacheBlobs(stateDir: string): BlobStore {
  return openBlobs(join(stateDir, 'cache'))
}

/** The answers of earlier runs of one project. */
export class StageCache {
  readonly #database: PipelineState
  readonly #root: string

  constructor(database: PipelineState, root: string) {
    this.#database = database
    this.#root = root
  }

  find(stage: string, key: Digest): CacheEntry | undefined {
    return this.#entries('SELECT * FROM pipeline_cache WHERE root = ? AND stage = ? AND key = ?', stage, key)[0]
  }

  /** The newest entry of a stage, whatever its key. */
  latest(stage: string): CacheEntry | undefined {
    return this.#entries('SELECT * FROM pipeline_cache WHERE root = ? AND stage = ? ORDER BY at DESC LIMIT 1', stage)[0]
  }

  /** What a stage left when it last opened the way, also where it is never cached. */
  lastAnswer(stage: string): Pick<CacheEntry, 'outputs' | 'report'> | undefined {
    const row = this.#database.get<{ outputs: string; report: string }>(
      `SELECT s.outputs, s.report FROM pipeline_stage s JOIN pipeline_run r ON r.id = s.run_id
       WHERE r.root = ? AND s.stage = ? AND s.opens_the_way = 1 ORDER BY s.ended_at DESC LIMIT 1`,
      this.#root,
      stage,
    )
    return row && { outputs: JSON.parse(row.outputs) as Outputs, report: JSON.parse(row.report) as Report }
  }

  put(stage: string, { key, fields }: Fingerprint, outputs: Outputs, report: Report, runId: string, at: string): void {
    const old = `root = ?1 AND stage = ?2
      AND key NOT IN (SELECT key FROM pipeline_cache WHERE root = ?1 AND stage = ?2 ORDER BY at DESC LIMIT ${KEPT_ENTRIES})`
    this.#database.transaction(() => {
      this.#database.run(
        'INSERT OR REPLACE INTO pipeline_cache (root, stage, key, fields, outputs, report, run_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        this.#root,
        stage,
        key,
        JSON.stringify(fields),
        JSON.stringify(outputs),
        JSON.stringify(report),
        runId,
        at,
      )
      const dropped = this.#database.log.rowsWhere('pipeline_cache', old, this.#root, stage)
      this.#database.run(`DELETE FROM pipeline_cache WHERE ${old}`, this.#root, stage)
      this.#database.log.append({
        action: 'answer.cached',
        subject: stage,
        actor: `run ${runId}`,
        at: new Date(at),
        details: { key, verdict: report.verdict },
        rows: [{ table: 'pipeline_cache', key: [this.#root, stage, key] }, ...dropped],
      })
    })
  }

  #entries(sql: string, ...parameters: string[]): CacheEntry[] {
    const rows = this.#database.all<{ fields: string; outputs: string; report: string; run_id: string; at: string }>(
      sql,
      this.#root,
      ...parameters,
    )
    return rows.map(({ fields, outputs, report, run_id, at }) => ({
      fields: JSON.parse(fields) as Record<string, string>,
      outputs: JSON.parse(outputs) as Outputs,
      report: JSON.parse(report) as Report,
      runId: run_id,
      at,
    }))
  }
}

/** Why an entry whose key fits cannot be used all the same; undefined when it can. */
export async function unusable(
  entry: CacheEntry,
  inconclusive: InconclusivePolicy,
  hooks: OutputContext['hooks'],
): Promise<string | undefined> {
  if (blocks(entry.report.verdict, inconclusive)) return `the verdict was ${entry.report.verdict}`
  return movedState(entry.outputs.states, hooks)
}

/** Puts the files of an entry back where they differ. Answers why that is not possible, or undefined. */
export async function applyEntry(entry: CacheEntry, context: OutputContext): Promise<string | undefined> {
  try {
    await restoreFiles(entry.outputs.files, context)
    return undefined
  } catch (error) {
    if (error instanceof UserError) return `its outputs cannot be put back: ${messageOf(error)}`
    throw error
  }
}

/** Deletes the copies that no entry and no unfinished run refers to. */
export async function pruneBlobs(stateDir: string, database: Database, now: Date): Promise<void> {
  const folder = join(stateDir, 'cache', 'blobs', 'sha256')
  const rows = database.all<{ outputs: string }>(
    `SELECT outputs FROM pipeline_cache
     UNION ALL SELECT outputs FROM pipeline_stage JOIN pipeline_run ON id = run_id WHERE pipeline_run.status <> 'finished' AND outputs IS NOT NULL
     UNION ALL SELECT outputs FROM pipeline_step JOIN pipeline_run ON id = run_id WHERE pipeline_run.status <> 'finished'`,
  )
  const used = new Set(
    rows.flatMap(({ outputs }) => Object.values((JSON.parse(outputs) as Outputs).files).map(({ digest }) => digest.slice(7))),
  )
  for (const name of await readdir(folder).catch(() => [])) {
    if (used.has(name)) continue
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found && now.getTime() - found.mtimeMs > SETTLED_MS) await rm(path, { force: true })
  }
}
