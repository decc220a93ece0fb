import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { messageOf, UserError } from '../../core/errors.ts'
import { firstIssue } from '../../core/issues.ts'
import { builtModule } from '../../drivers/self.ts'
import { startSupervisor, SupervisorConfig } from '../../serve/supervisor.ts'
import type { Session } from '../session.ts'

/** The flags of `plimsoll supervise`, as they come from the command line. */
export interface SuperviseFlags {
  readonly config: string
}

/**
 * Runs the supervisor of an environment until it is told to stop, through its control API or by a signal.
 *
 * @throws UserError E_CONFIG for a bad file, and when the model does not become ready
 */
export async function superviseCommand(session: Session, flags: SuperviseFlags): Promise<number> {
  const config = await readConfig(resolve(session.cwd, flags.config), flags.config)
  const say = (line: string) => session.say(`${new Date().toISOString()} ${line}`)
  const ending = new AbortController()
  const stop = () => ending.abort()
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const command = [process.execPath, builtModule('cli/main')] as const
  try {
    const supervisor = await startSupervisor({ config, command, env: session.env, say, signal: ending.signal })
    say(`${config.environment} answers at http://127.0.0.1:${supervisor.state.port}`)
    await supervisor.stopped
  } catch (error) {
    if (!ending.signal.aborted) throw error
  }
  say(`${config.environment} has stopped`)
  return 0
}

async function readConfig(path: string, shown: string): Promise<SupervisorConfig> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new UserError('E_CONFIG', `The supervisor's configuration cannot be read: ${shown}: ${messageOf(error)}`, {
      cause: error,
    })
  }
  const parsed = SupervisorConfig.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UserError('E_CONFIG', `The supervisor's configuration is wrong: ${shown}: ${firstIssue(parsed.error)}`)
}
