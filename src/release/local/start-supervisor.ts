import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../core/errors.ts'
import { formatDuration } from '../../core/duration.ts'
import { writeFileAtomic } from '../../drivers/files.ts'
import { builtModule } from '../../drivers/self.ts'
import { isRunning } from '../../drivers/process-alive.ts'
import { findSupervisor, type Supervisor } from './control.ts'
import type { ServerSpec } from '../../core/supervisor.ts'
import type { EnvironmentFiles } from './layout.ts'

const POLL_MS = 20
/** The last lines of the log that say why a supervisor could not start. */
const REASON_LINES = 5
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z /

/**
 * What a supervisor inherits. Not the rest: the secrets and services of the run that happens to start it would otherwise be
 * in a process that outlives the run, and a release would behave differently depending on who started it. The names of the run and
 * the stage stay behind too: they mark processes that must not outlive a killed run. So does the key that models are signed with.
 */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|(DY)?LD_LIBRARY_PATH|VIRTUAL_ENV|CONDA_PREFIX|PYTHON\w*|OMP_NUM_THREADS|NODE_EXTRA_CA_CERTS|PLIMSOLL_(?!RUN$|STAGE$|SIGNING_KEY$|KEY_PASSWORD$)\w+)$/i

export interface SupervisorStart {
  readonly environment: string
  readonly files: EnvironmentFiles
  /** 0: any free port. */
  readonly port: number
  readonly server: ServerSpec
  /** Of this, the new process gets what a program needs to run. */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Starts the supervisor of an environment as a process that outlives this one, and waits until its model is ready.
 * Answers why not, when it ended or took too long.
 *
 * @throws UserError E_CONFLICT when another program has the port
 */
export async function startSupervisor(start: SupervisorStart): Promise<{ supervisor: Supervisor } | { failed: string }> {
  const { environment, files, port, server, timeoutMs, signal } = start
  await requireFreePort(environment, port)
  await mkdir(files.folder, { recursive: true })
  await rm(files.state, { force: true })
  await writeFileAtomic(files.config, JSON.stringify({ environment, port, stateFile: files.state, server }, null, 2))
  const log = await open(files.log, 'a')
  const { size: logged } = await log.stat()
  const child = spawn(process.execPath, [builtModule('cli/main'), 'supervise', '--config', files.config], {
    cwd: files.folder,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    windowsHide: true,
    env: Object.fromEntries(Object.entries(start.env).filter(([name]) => PASSED_ON.test(name))),
  })
  if (child.pid !== undefined) writeFileSync(files.starting, String(child.pid))
  await once(child, 'spawn')
  await log.close()
  try {
    const deadline = Date.now() + timeoutMs
    while (child.exitCode === null && child.signalCode === null) {
      signal?.throwIfAborted()
      const supervisor = await findSupervisor(files.state)
      if (supervisor?.state.pid === child.pid) {
        child.unref()
        return { supervisor: supervisor! }
      }
      if (Date.now() > deadline) {
        await end(child)
        return { failed: `it was not ready after ${formatDuration(timeoutMs)}; ${await reason(files.log, logged)}` }
      }
      await sleep(POLL_MS)
    }
    return { failed: await reason(files.log, logged) }
  } catch (error) {
    await end(child)
    throw error
  } finally {
    await rm(files.starting, { force: true })
  }
}

/**
 * A process that was killed may have left a supervisor that is still loading its model. Waits until that is ready, and
 * answers it, or has ended. The id alone does not tell whether it is the supervisor, so nothing is killed for it.
 */
export async function awaitStarting(files: EnvironmentFiles, timeoutMs: number): Promise<Supervisor | undefined> {
  const pid = Number(await readFile(files.starting, 'utf8').catch(() => 'NaN'))
  const deadline = Date.now() + timeoutMs
  let supervisor: Supervisor | undefined
  while (supervisor === undefined && Number.isInteger(pid) && isRunning(pid) && Date.now() < deadline) {
    supervisor = await findSupervisor(files.state)
    await sleep(POLL_MS)
  }
  await rm(files.starting, { force: true })
  return supervisor
}

async function end(child: ChildProcess): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
  child.kill('SIGTERM')
  await Promise.race([exited, sleep(3000, undefined, { ref: false })])
  child.kill('SIGKILL')
}

/** The last that the supervisor said since it was started, on one line. */
async function reason(log: string, from: number): Promise<string> {
  const text = (await readFile(log)).subarray(from).toString('utf8')
  const lines = text.split('\n').map((line) => line.replace(TIMESTAMP, '').trim())
  const said = [...new Set(lines.filter((line) => line !== ''))].slice(-REASON_LINES)
  return said.length === 0 ? `it ended without a word; its log is ${log}` : said.join('; ')
}

/** A clear answer now instead of the supervisor's later. */
async function requireFreePort(environment: string, port: number): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  try {
    probe.listen(port, '127.0.0.1')
    await once(probe, 'listening')
  } catch (error) {
    throw new UserError('E_CONFLICT', `Port ${port} of the environment ${environment} is taken by another program`, {
      hint: `End that program, or give the environment another port: plimsoll environments start ${environment} --port 0`,
      cause: error,
    })
  } finally {
    probe.close()
  }
}
