import { existsSync } from 'node:fs'
import { closing } from '../../core/closing.ts'
import { messageOf, UserError } from '../../core/errors.ts'
import { stepReport, type Report } from '../../core/report.ts'
import type { Clock } from '../../core/clock.ts'
import { followChain } from '../../drivers/audit-chain.ts'
import { stateDatabase, storedEntries } from '../../drivers/audit-log.ts'
import { viewDatabase, type DatabaseView } from '../../drivers/sqlite.ts'
import { pipelineProblems } from '../../pipeline/verify-records.ts'
import { registryProblems } from '../../registry/verify-records.ts'
import { releaseProblems } from '../../release/verify-records.ts'
import { examineBlobs, examineCopies } from './examine-blobs.ts'
import { examineDatabase } from './examine-database.ts'
import { examineEnvironments } from './examine-environments.ts'
import { examineLog, examineRows } from './examine-log.ts'
import { examineResults } from './examine-results.ts'
import { asCheck, type Examination, type Examined, type Outcome } from './examination.ts'

export interface FsckOptions {
  readonly stateDir: string
  /** The project's folder. */
  readonly root: string
  /** An end of the log that was kept elsewhere, `SEQ:HASH`. */
  readonly head?: string | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** What contradicts itself in the tables of one room, whatever the log says. */
function contradictions(id: string, title: string, table: string, problems: (database: DatabaseView) => string[]): Examination {
  return {
    id,
    title,
    examine({ database }) {
      const there = database.get(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`, table)
      if (!there) return { looked: 'None yet', problems: [] }
      const { n } = database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!
      return { looked: `${n} of ${table}`, problems: problems(database) }
    },
  }
}

const EXAMINATIONS: readonly Examination[] = [
  examineRows,
  contradictions('versions', 'Versions and aliases do not contradict themselves', 'model_version', registryProblems),
  contradictions('releases', 'Releases, deployments and approvals do not contradict themselves', 'release', releaseProblems),
  contradictions('runs', 'The verdict of each run is that of its report', 'pipeline_run', pipelineProblems),
  examineBlobs,
  examineCopies,
  examineEnvironments,
  examineResults,
]

/**
 * Looks whether anything that Plimsoll keeps was changed or lost: the database, the log, every row, blob and result. Nothing is
 * written.
 *
 * @throws UserError E_NOT_FOUND when there is no state folder, E_USAGE when `head` is not one
 */
export async function fsck({ stateDir, root, head, clock, signal }: FsckOptions): Promise<Report> {
  const [startedAt, started] = [clock.now(), clock.monotonic()]
  if (head !== undefined && !/^[1-9]\d{0,14}:sha256:[0-9a-f]{64}$/.test(head)) {
    throw new UserError('E_USAGE', `"${head}" is not an end of the log`, {
      hint: 'Give it as `plimsoll log --head` prints it: SEQ:sha256:HASH.',
    })
  }
  if (!existsSync(stateDatabase(stateDir))) {
    throw new UserError('E_NOT_FOUND', `There is nothing to examine: ${stateDir} has no state database`, {
      hint: 'It is made by the first run. Go to the project, or name its folder with --cwd.',
    })
  }
  const results = await closing(view(stateDir), async (database) => {
    if (database instanceof UserError)
      return [asCheck(examineDatabase, { looked: 'The file was looked at', problems: [database.message] })]
    const stored = attempt(() => storedEntries(database)) ?? []
    const { entries } = followChain(stored)
    const examined: Examined = { stateDir, root, database, stored, entries, signal }
    const checks = []
    for (const examination of [examineDatabase, examineLog(head), ...EXAMINATIONS]) {
      checks.push(asCheck(examination, await outcomeOf(examination, examined)))
    }
    return checks
  })
  const wrong = results.reduce((sum, { findings }) => sum + findings.filter(({ severity }) => severity === 'error').length, 0)
  return stepReport({
    name: 'fsck',
    summary: wrong === 0 ? 'nothing was changed or lost' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`,
    startedAt,
    durationMs: clock.monotonic() - started,
    results,
  })
}

/** A database that cannot be opened is what was looked for. */
function view(stateDir: string): DatabaseView | (UserError & { close(): void }) {
  try {
    return viewDatabase(stateDatabase(stateDir))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return Object.assign(error, { close: () => {} })
  }
}

/** What cannot be read any more is a problem too. */
async function outcomeOf(examination: Examination, examined: Examined): Promise<Outcome> {
  try {
    return await examination.examine(examined)
  } catch (error) {
    examined.signal.throwIfAborted()
    return { looked: 'It was looked at', problems: [`It cannot be read: ${messageOf(error)}`] }
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined // The examination of the log says why.
  }
}
