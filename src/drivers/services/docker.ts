import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../core/errors.ts'
import { exec } from '../exec.ts'
import { keepLeftover } from '../leftovers.ts'
import type { ServiceContext } from './service.ts'

const READY_MS = 60_000

/** Whether a Docker daemon answers. */
export async function dockerWorks({ cwd, env, signal }: ServiceContext): Promise<boolean> {
  try {
    const { exitCode } = await exec(['docker', 'info', '--format', '{{.ServerVersion}}'], { cwd, env, signal, timeout: 10_000 })
    return exitCode === 0
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}

export interface ContainerOptions {
  readonly service: string
  readonly image: string
  readonly port: number
  readonly variables: Readonly<Record<string, string>>
  /** Run inside the container until it succeeds. */
  readonly ready: readonly string[]
}

/**
 * Runs a container with its port published on 127.0.0.1.
 *
 * @throws UserError E_SERVICE
 */
export async function startContainer(
  { service, image, port, variables, ready }: ContainerOptions,
  { cwd, env, signal, say }: ServiceContext,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const name = `plimsoll-${service}-${randomBytes(6).toString('hex')}`
  const docker = async (...parameters: string[]) => {
    const lines: string[] = []
    const onLine = (line: string, stream: 'stdout' | 'stderr') => (stream === 'stdout' ? void lines.push(line) : undefined)
    // The values go by the environment, so that no process list shows them.
    const result = await exec(['docker', ...parameters], { cwd, env: { ...env, ...variables }, signal, onLine })
    return { ...result, lines }
  }
  const release = keepLeftover({ kind: 'container', name })
  const stop = async () => {
    // Not with the signal: it has to be removed after an abort as well.
    await exec(['docker', 'rm', '--force', '--volumes', name], { cwd, env, timeout: 30_000 }).catch(() => {})
    release()
  }
  try {
    say(`${service}: starting ${image} in Docker`)
    const passed = Object.keys(variables).flatMap((variable) => ['--env', variable])
    const run = await docker('run', '--detach', '--name', name, ...passed, '--publish', `127.0.0.1::${port}`, image)
    if (run.exitCode !== 0) throw new UserError('E_SERVICE', `Docker cannot run ${image}: ${run.tail.slice(-3).join(' ')}`)
    const deadline = performance.now() + READY_MS
    while ((await docker('exec', name, ...ready)).exitCode !== 0) {
      if (performance.now() > deadline) {
        const { tail } = await docker('logs', '--tail', '5', name)
        throw new UserError('E_SERVICE', `${image} was not ready after ${READY_MS / 1000} s: ${tail.join('\n')}`)
      }
      await sleep(200, undefined, { signal })
    }
    const { lines } = await docker('port', name, `${port}/tcp`)
    const published = Number(lines[0]?.split(':').at(-1))
    if (!(published > 0)) throw new UserError('E_SERVICE', `Docker does not say on which port ${image} is.`)
    return { port: published, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
