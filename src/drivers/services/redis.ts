import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderWith } from './binaries.ts'
import { dockerWorks, startContainer } from './docker.ts'
import { givenUrl } from './given-url.ts'
import { scratchFolder } from './scratch.ts'
import { startServer } from './server-process.ts'
import type { RunningService, ServiceContext, ServiceDriver } from './service.ts'
import { answers, freePort } from './tcp.ts'

const IMAGE = 'redis:7-alpine'

/** Redis, empty, in memory only. */
export const redis: ServiceDriver = {
  name: 'redis',
  variable: 'REDIS_URL',
  howToGet:
    'Install Redis (Debian: apt-get install redis-server; macOS: brew install redis), start Docker, set REDIS_URL, or mark the service `optional: true`.',
  ways: {
    url: givenUrl('redis', 'REDIS_URL', 6379),
    async local({ env }) {
      const folder = await folderWith(['redis-server'], env['PATH'] ?? '', ['/usr/sbin', '/opt/homebrew/bin', '/usr/local/bin'])
      return folder === undefined
        ? undefined
        : { via: 'local', detail: folder, start: (context) => startLocal(join(folder, 'redis-server'), context) }
    },
    async docker(context) {
      if (!(await dockerWorks(context))) return undefined
      return { via: 'docker', detail: IMAGE, start: startDocker }
    },
  },
}

async function startLocal(program: string, { signal, say }: ServiceContext): Promise<RunningService> {
  const scratch = await scratchFolder('redis', undefined)
  try {
    say(`redis: starting ${program}`)
    const [port, password] = [await freePort(), randomBytes(12).toString('hex')]
    const settings = ['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, 'save ""', 'appendonly no', 'daemonize no']
    await writeFile(join(scratch.path, 'redis.conf'), `${settings.join('\n')}\ndir ${scratch.path}\n`, { mode: 0o600 })
    const server = await startServer({
      name: 'Redis',
      command: [program, join(scratch.path, 'redis.conf')],
      cwd: scratch.path,
      env: { LC_ALL: 'C' },
      signal,
      stopSignal: 'SIGTERM',
      ready: () => answers({ host: '127.0.0.1', port }, { send: `AUTH ${password}\r\n`, expect: '+OK' }),
    })
    return serviceAt(port, password, async () => {
      await server.stop()
      await scratch.remove()
    })
  } catch (error) {
    await scratch.remove()
    throw error
  }
}

async function startDocker(context: ServiceContext): Promise<RunningService> {
  const { port, stop } = await startContainer(
    {
      service: 'redis',
      image: IMAGE,
      port: 6379,
      variables: {},
      ready: ['redis-cli', 'ping'],
    },
    context,
  )
  return serviceAt(port, '', stop)
}

function serviceAt(port: number, password: string, stop: () => Promise<void>): RunningService {
  const url = `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`
  return { url, secrets: password === '' ? [] : [password], stop }
}
