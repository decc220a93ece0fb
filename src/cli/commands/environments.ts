import { readFile } from 'node:fs/promises'
import { UserError } from '../../core/errors.ts'
import {
  ensureUp,
  environmentHistory,
  environmentStatus,
  listEnvironments,
  stopEnvironment,
  type EnvironmentStatus,
} from '../../release/local/environments.ts'
import { environmentFiles } from '../../release/local/layout.ts'
import { describeRelease } from '../../release/release.ts'
import { listing, minute, print } from '../output.ts'
import type { Session } from '../session.ts'

const LOG_LINES = 15

/** Lists the environments: what each is at, and where it answers. */
export async function listEnvironmentsCommand(session: Session): Promise<number> {
  const environments = await listEnvironments(session.stateDir)
  print(session, environments, () =>
    environments.length === 0
      ? 'No environments yet. The first deployment makes one: plimsoll deploy --environment staging'
      : table(session, environments),
  )
  return 0
}

/** Shows one environment: its history of deployments and the end of its log. */
export async function showEnvironmentCommand(session: Session, name: string): Promise<number> {
  const history = environmentHistory(session.stateDir, name)
  const environment = await environmentStatus(session.stateDir, name)
  const log = await lastLines(environmentFiles(session.stateDir, name).log)
  print(session, { ...environment, history, log }, () => {
    const rows = history.map(({ startedAt, kind, release, state, by, reason, error }) => [
      minute(startedAt),
      kind,
      release ? describeRelease(release) : '–',
      state,
      by ?? '–',
      (error ?? reason ?? '–').split('\n')[0]!,
    ])
    return [
      table(session, [environment]),
      listing(session, ['when', 'what', 'release', 'state', 'by', 'why'], rows),
      ...(log.length === 0 ? [] : [log.join('\n')]),
    ].join('\n\n')
  })
  return 0
}

/** Starts environments with the release each is at; all of them without a name. `port` 0 gives one another port. */
export async function startEnvironmentsCommand(
  session: Session,
  names: readonly string[],
  options: { all?: boolean; port?: number } = {},
): Promise<number> {
  const { stateDir, env } = session
  const signal = session.interruptible()
  const started: EnvironmentStatus[] = []
  for (const name of await chosen(session, names, options.all ?? false)) {
    const port = options.port === undefined ? {} : { port: options.port }
    await requirePortCanChange(session, name, options.port)
    const { problem, ...status } = await ensureUp(stateDir, name, { runId: null, env, signal, ...port })
    if (problem !== null) {
      throw new UserError('E_SERVICE', `The environment ${name} does not start: ${problem}`, {
        hint: `Its log is ${environmentFiles(stateDir, name).log}. Deploy another release, or go back: plimsoll rollback --environment ${name}`,
      })
    }
    if (status.release === null) {
      throw new UserError('E_NOT_FOUND', `The environment ${name} has no release to start with`, {
        hint: `Deploy to it first: plimsoll deploy --environment ${name}`,
      })
    }
    started.push(status)
  }
  print(session, started, () => (started.length === 0 ? 'There is nothing to start.' : table(session, started)))
  return 0
}

/** One that is up keeps its port: its clients are connected to it. */
async function requirePortCanChange({ stateDir }: Session, name: string, port: number | undefined): Promise<void> {
  if (port === undefined) return
  const { up, port: now } = await environmentStatus(stateDir, name)
  if (!up || port === now) return
  throw new UserError('E_CONFLICT', `The environment ${name} is up at port ${now} and keeps it`, {
    hint: `Stop it first: plimsoll environments stop ${name}`,
  })
}

/** Stops environments by name, or all of them. They stay at their releases and keep their ports. */
export async function stopEnvironmentsCommand(
  session: Session,
  names: readonly string[],
  options: { all?: boolean } = {},
): Promise<number> {
  const results: { name: string; stopped: boolean }[] = []
  for (const name of await chosen(session, names, options.all ?? false)) {
    results.push({ name, stopped: await stopEnvironment(session.stateDir, name) })
  }
  print(session, results, () =>
    results.length === 0
      ? 'There is nothing to stop.'
      : results.map(({ name, stopped }) => `${name}: ${stopped ? 'stopped' : 'was not up'}`).join('\n'),
  )
  return 0
}

async function chosen({ stateDir }: Session, names: readonly string[], all: boolean): Promise<readonly string[]> {
  if (all && names.length === 0) return (await listEnvironments(stateDir)).map(({ name }) => name)
  if (!all && names.length > 0) return names
  throw new UserError('E_USAGE', 'Name the environments, or give --all.', { hint: 'plimsoll environments lists them.' })
}

function table(session: Session, environments: readonly EnvironmentStatus[]): string {
  return listing(
    session,
    ['environment', 'state', 'endpoint', 'release', 'since', 'before'],
    environments.map(({ name, up, url, port, release, since, previousRelease }) => [
      name,
      up ? 'up' : 'down',
      url ?? (port === null ? '–' : `port ${port}`),
      release ? describeRelease(release) : '–',
      since === null ? '–' : minute(since),
      previousRelease ? describeRelease(previousRelease) : '–',
    ]),
  )
}

async function lastLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text
    .trimEnd()
    .split('\n')
    .slice(-LOG_LINES)
    .filter((line) => line !== '')
}
