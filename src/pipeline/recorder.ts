import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock } from '../core/clock.ts'
import { UserError } from '../core/errors.ts'
import type { Report } from '../core/report.ts'
import type { Leftover, LeftoverKeeper } from '../drivers/leftovers.ts'
import { processIdentity } from '../drivers/process-identity.ts'
import { writtenFiles, type AuditEvent, type RowName } from '../drivers/audit-log.ts'
import type { RunEvent } from './events.ts'
import type { Outputs } from './outputs.ts'
import { BEAT_MS, findRun, ownerIsAlive, type RunRow, type RunStatus } from './record.ts'
import type { PipelineState } from './state.ts'

/** What is written down when a run begins, and taken up again when it is resumed. */
export interface RunStart {
  readonly root: string
  readonly pipeline: string
  /** The digest of the pipeline's definition. */
  readonly definition: string
  readonly branch: string
  readonly event: string
  readonly commit: string | null
  /** Who started it, as far as it is known. */
  readonly by?: string | null
  /** JSON of the options that a resumed run takes over. */
  readonly options: string
}

export interface FinishedStage {
  readonly stage: string
  readonly opensTheWay: boolean
  readonly outputs: Outputs
  readonly report: Report
  /** Order in which things were finished in the run. */
  readonly sequence: number
}

export interface FinishedStep {
  readonly stage: string
  readonly position: number
  readonly outputs: Outputs
  readonly report: Report
  readonly sequence: number
}

/** Runs of one project that are kept. */
const KEPT_RUNS = 200
/** Output lines of one run that are kept; the terminal sees all of them. */
const KEPT_OUTPUT_LINES = 20_000
const FLUSH_MS = 200

/** Writes down one run as it goes, so that another process can go on with it after any sudden end. */
export class Recorder implements LeftoverKeeper {
  readonly runId: string
  readonly #database: PipelineState
  readonly #clock: Clock
  readonly #root: string
  readonly #beat: NodeJS.Timeout
  #sequence: number
  #outputLines = 0
  #pending: { at: string; event: RunEvent }[] = []
  #flush: NodeJS.Timeout | undefined

  private constructor(database: PipelineState, clock: Clock, runId: string, root: string) {
    this.#database = database
    this.#clock = clock
    this.runId = runId
    this.#root = root
    const last = database.get<{ last: number | null }>(
      `SELECT max(sequence) AS last FROM (
         SELECT sequence FROM pipeline_event WHERE run_id = ?1
         UNION ALL SELECT sequence FROM pipeline_stage WHERE run_id = ?1
         UNION ALL SELECT sequence FROM pipeline_step WHERE run_id = ?1)`,
      runId,
    )
    this.#sequence = last?.last ?? 0
    this.#beat = setInterval(() => this.#untilNextTime(() => this.#sayAlive()), BEAT_MS)
    this.#beat.unref()
  }

  /**
   * Begins a new run.
   *
   * @throws UserError E_CONFLICT when a run of this project is in progress
   */
  static begin(database: PipelineState, clock: Clock, start: RunStart): Recorder {
    const id = newRunId(clock.now())
    database.transaction(() => {
      endDeadRun(database, clock, start.root)
      database.run(
        `INSERT INTO pipeline_run (id, root, pipeline, definition, branch, event, git_commit, options, status, pid, process, host, beat_at, started_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)`,
        id,
        start.root,
        start.pipeline,
        start.definition,
        start.branch,
        start.event,
        start.commit,
        start.options,
        ...owner(clock),
        clock.now().toISOString(),
      )
      const { pipeline, branch, event, commit, by = null } = start
      const details = { pipeline, branch, event, commit }
      database.log.append({ ...runEvent('run.began', id, clock), actor: by, details, rows: runRows(id, 'open') })
    })
    return new Recorder(database, clock, id, start.root)
  }

  /**
   * Takes an interrupted run over.
   *
   * @throws UserError E_NOT_FOUND, and E_CONFLICT when it has finished, is in progress, or was another pipeline
   */
  static resume(
    database: PipelineState,
    clock: Clock,
    id: string,
    root: string,
    definition: string,
  ): { recorder: Recorder; row: RunRow } {
    const row = database.transaction(() => {
      const { id: found } = findRun(database, id, root)
      endDeadRun(database, clock, root)
      const row = findRun(database, found)
      refuseToResume(row, root, definition)
      database.run(
        `UPDATE pipeline_run SET status = 'running', pid = ?, process = ?, host = ?, beat_at = ?, ended_at = NULL, verdict = NULL, report = NULL WHERE id = ?`,
        ...owner(clock),
        row.id,
      )
      database.log.append({ ...runEvent('run.resumed', row.id, clock), rows: runRows(row.id, 'open') })
      return row
    })
    return { recorder: new Recorder(database, clock, row.id, root), row }
  }

  event(event: RunEvent): void {
    if (event.type === 'stage-output' && ++this.#outputLines > KEPT_OUTPUT_LINES) return
    this.#pending.push({ at: this.#now(), event })
    if (event.type !== 'stage-output') this.flush()
    else this.#flush ??= setTimeout(() => this.#untilNextTime(() => this.flush()), FLUSH_MS)
  }

  flush(): void {
    clearTimeout(this.#flush)
    this.#flush = undefined
    if (this.#pending.length === 0) return
    this.#database.transaction(() => {
      for (const { at, event } of this.#pending) {
        const sql = 'INSERT INTO pipeline_event (run_id, sequence, at, event) VALUES (?, ?, ?, ?)'
        this.#database.run(sql, this.runId, ++this.#sequence, at, JSON.stringify(event))
      }
    })
    this.#pending = []
  }

  /** An attempt at a stage begins; what steps of an earlier attempt have finished no longer counts. */
  stageStarted(stage: string, attempt: number, keepSteps: boolean): void {
    this.#database.transaction(() => {
      const dropped = keepSteps ? [] : this.#dropSteps(stage)
      this.#database.run(
        `INSERT INTO pipeline_stage (run_id, stage, status, attempt, started_at) VALUES (?, ?, 'running', ?, ?)
         ON CONFLICT (run_id, stage) DO UPDATE SET status = 'running', attempt = excluded.attempt`,
        this.runId,
        stage,
        attempt,
        this.#now(),
      )
      this.#log('stage.began', stage, { attempt }, [...dropped, { table: 'pipeline_stage', key: [this.runId, stage] }])
    })
  }

  stepFinished(stage: string, position: number, outputs: Outputs, report: Report): void {
    this.#database.transaction(() => {
      this.#database.run(
        'INSERT OR REPLACE INTO pipeline_step (run_id, stage, position, sequence, outputs, report) VALUES (?, ?, ?, ?, ?, ?)',
        this.runId,
        stage,
        position,
        ++this.#sequence,
        JSON.stringify(outputs),
        JSON.stringify(report),
      )
      const rows = [{ table: 'pipeline_step', key: [this.runId, stage, position] }]
      this.#log('step.finished', `${stage} › ${report.name}`, this.#found(report), rows)
    })
  }

  stageFinished(stage: string, outputs: Outputs, report: Report, opensTheWay: boolean): void {
    const now = this.#now()
    this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO pipeline_stage (run_id, stage, status, attempt, started_at, ended_at, sequence, opens_the_way, outputs, report)
       VALUES (?1, ?2, 'finished', 0, ?3, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT (run_id, stage) DO UPDATE SET status = 'finished', ended_at = ?3, sequence = ?4, opens_the_way = ?5, outputs = ?6, report = ?7`,
        this.runId,
        stage,
        now,
        ++this.#sequence,
        opensTheWay ? 1 : 0,
        JSON.stringify(outputs),
        JSON.stringify(report),
      )
      const rows = [{ table: 'pipeline_stage', key: [this.runId, stage] }]
      this.#log('stage.finished', stage, this.#found(report), rows)
    })
  }

  finishedStages(): FinishedStage[] {
    const rows = this.#database.all<{ stage: string; opens_the_way: number; outputs: string; report: string; sequence: number }>(
      "SELECT * FROM pipeline_stage WHERE run_id = ? AND status = 'finished' ORDER BY sequence",
      this.runId,
    )
    return rows.map(({ stage, opens_the_way, outputs, report, sequence }) => ({
      stage,
      opensTheWay: opens_the_way === 1,
      outputs: JSON.parse(outputs) as Outputs,
      report: JSON.parse(report) as Report,
      sequence,
    }))
  }

  finishedSteps(): FinishedStep[] {
    const rows = this.#database.all<{ stage: string; position: number; outputs: string; report: string; sequence: number }>(
      'SELECT * FROM pipeline_step WHERE run_id = ? ORDER BY sequence',
      this.runId,
    )
    return rows.map((row) => ({ ...row, outputs: JSON.parse(row.outputs) as Outputs, report: JSON.parse(row.report) as Report }))
  }

  forgetSteps(stage: string): void {
    this.#database.transaction(() => {
      const dropped = this.#dropSteps(stage)
      if (dropped.length > 0) this.#log('steps.dropped', stage, {}, dropped)
    })
  }

  #dropSteps(stage: string): RowName[] {
    const dropped = this.#database.log.rowsWhere('pipeline_step', 'run_id = ? AND stage = ?', this.runId, stage)
    this.#database.run('DELETE FROM pipeline_step WHERE run_id = ? AND stage = ?', this.runId, stage)
    return dropped
  }

  keep(leftover: Leftover): () => void {
    const id = this.#database.transaction(() => {
      const sql = 'INSERT INTO pipeline_leftover (run_id, leftover) VALUES (?, ?) RETURNING id'
      const row = this.#database.get<{ id: number }>(sql, this.runId, JSON.stringify(leftover))!
      this.#log('leftover.kept', this.runId, {}, [{ table: 'pipeline_leftover', key: [row.id] }])
      return row.id
    })
    return () => this.#forget(id)
  }

  #forget(id: number): void {
    this.#database.transaction(() => {
      this.#database.run('DELETE FROM pipeline_leftover WHERE id = ?', id)
      this.#log('leftover.removed', this.runId, {}, [{ table: 'pipeline_leftover', key: [id] }])
    })
  }

  /** What ended runs of this project have left, with the run that left it. */
  leftovers(root: string): { runId: string; leftover: Leftover; forget: () => void }[] {
    const rows = this.#database.all<{ id: number; run_id: string; leftover: string }>(
      `SELECT pipeline_leftover.id, run_id, leftover FROM pipeline_leftover JOIN pipeline_run ON pipeline_run.id = run_id
       WHERE root = ? ORDER BY pipeline_leftover.id DESC`,
      root,
    )
    return rows.map(({ id, run_id, leftover }) => ({
      runId: run_id,
      leftover: JSON.parse(leftover) as Leftover,
      forget: () => this.#forget(id),
    }))
  }

  /** Runs of this project that were interrupted and not taken up again. */
  interruptedRuns(root: string): string[] {
    const sql = "SELECT id FROM pipeline_run WHERE root = ? AND status = 'interrupted'"
    return this.#database.all<{ id: string }>(sql, root).map(({ id }) => id)
  }

  /** The run is over: `interrupted` can be resumed. */
  end(status: Exclude<RunStatus, 'running'>, report: Report | null): void {
    this.flush()
    clearInterval(this.#beat)
    this.#database.transaction(() => {
      this.#database.run(
        'UPDATE pipeline_run SET status = ?, verdict = ?, report = ?, ended_at = ? WHERE id = ?',
        status,
        status === 'finished' ? (report?.verdict ?? null) : null,
        report === null ? null : JSON.stringify(report),
        this.#now(),
        this.runId,
      )
      this.#log(`run.${status}`, `run ${this.runId}`, { verdict: report?.verdict ?? null }, runRows(this.runId))
      this.#forgetOldRuns()
    })
  }

  #forgetOldRuns(): void {
    const old = `root = (SELECT root FROM pipeline_run WHERE id = ?1) AND status <> 'running' AND id NOT IN (
      SELECT id FROM pipeline_run WHERE root = (SELECT root FROM pipeline_run WHERE id = ?1) ORDER BY started_at DESC LIMIT ${KEPT_RUNS})`
    const { log } = this.#database
    const runs = log.rowsWhere('pipeline_run', old, this.runId)
    if (runs.length === 0) return
    const parts = ['pipeline_stage', 'pipeline_step', 'pipeline_event', 'pipeline_leftover'].flatMap((table) =>
      log.rowsWhere(table, `run_id IN (SELECT id FROM pipeline_run WHERE ${old})`, this.runId),
    )
    this.#database.run(`DELETE FROM pipeline_run WHERE ${old}`, this.runId)
    this.#log('runs.dropped', this.runId, { runs: runs.map(({ key }) => key[0]) }, [...runs, ...parts])
  }

  /** What a step or a stage has found, and the digests of the files that it left, for the log. */
  #found({ verdict, subject, artifacts }: Report): Readonly<Record<string, unknown>> {
    return { runId: this.runId, verdict, ...(subject && { subject }), ...writtenFiles(this.#root, artifacts) }
  }

  #log(action: string, subject: string, details: Readonly<Record<string, unknown>>, rows: AuditEvent['rows']): void {
    const at = this.#clock.now()
    this.#database.log.append({ action, subject, actor: `run ${this.runId}`, at, details, rows: rows ?? [] })
  }

  #now(): string {
    return this.#clock.now().toISOString()
  }

  /** For timers: a database that is busy for too long now will take it the next time. */
  #untilNextTime(write: () => void): void {
    try {
      write()
    } catch {
      // Written with the next event; an end that cannot be written is thrown.
    }
  }

  #sayAlive(): void {
    this.#database.run('UPDATE pipeline_run SET beat_at = ? WHERE id = ?', this.#now(), this.runId)
  }
}

/** Sorts by time; short enough to type. */
function newRunId(now: Date): string {
  return `${now.getTime().toString(36)}-${randomBytes(2).toString('hex')}`
}

function owner(clock: Clock): [number, string | null, string, string] {
  return [process.pid, processIdentity(process.pid), hostname(), clock.now().toISOString()]
}

/** A run whose process is gone is marked as interrupted; one that lives is in the way. */
function endDeadRun(database: PipelineState, clock: Clock, root: string): void {
  const row = database.get<RunRow>("SELECT * FROM pipeline_run WHERE root = ? AND status = 'running'", root)
  if (!row) return
  if (ownerIsAlive(row, clock.now())) {
    throw new UserError(
      'E_CONFLICT',
      `A run of this project is in progress: ${row.id}, process ${row.pid}, since ${row.started_at}.`,
      {
        hint: 'Wait until it has ended, or stop it.',
      },
    )
  }
  database.run("UPDATE pipeline_run SET status = 'interrupted' WHERE id = ?", row.id)
  database.log.append({ ...runEvent('run.interrupted', row.id, clock), rows: runRows(row.id) })
}

const runEvent = (action: string, id: string, clock: Clock) => ({
  action,
  subject: `run ${id}`,
  actor: `run ${id}`,
  at: clock.now(),
})

/** The rows of a run itself. Its events go on being written as long as it is `open`. */
function runRows(id: string, state?: 'open'): NonNullable<AuditEvent['rows']> {
  return [
    { table: 'pipeline_run', key: [id] },
    { table: 'pipeline_event', key: [id], ...(state && { open: true }) },
  ]
}

function refuseToResume(row: RunRow, root: string, definition: string): void {
  const refuse = (message: string) => {
    throw new UserError('E_CONFLICT', message, { hint: 'Start a new run: stages that have not changed come from the cache.' })
  }
  if (row.root !== root) refuse(`Run ${row.id} was of another project: ${row.root}.`)
  if (row.status === 'finished')
    refuse(`Run ${row.id} has finished (${row.verdict ?? 'no verdict'}): there is nothing to resume.`)
  if (row.definition !== definition) refuse(`The pipeline file has changed since run ${row.id}, so it cannot be gone on with.`)
}
