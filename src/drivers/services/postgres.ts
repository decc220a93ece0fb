import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { UserError } from '../../core/errors.ts'
import { exec } from '../exec.ts'
import { builtModule, packageRoot } from '../self.ts'
import { folderWith } from './binaries.ts'
import { dockerWorks, startContainer } from './docker.ts'
import { givenUrl } from './given-url.ts'
import { scratchFolder, systemUser, type SystemUser } from './scratch.ts'
import { startServer } from './server-process.ts'
import type { RunningService, ServiceContext, ServiceDriver } from './service.ts'
import { freePort } from './tcp.ts'

const IMAGE = 'postgres:17-alpine'
const USER = 'plimsoll'
const PLACES = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/local/pgsql/bin',
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
]
/** A scratch database need not survive a power cut. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/** PostgreSQL: an empty database named `postgres`, owned by the user of the URL. */
export const postgres: ServiceDriver = {
  name: 'postgres',
  variable: 'DATABASE_URL',
  howToGet:
    'Install PostgreSQL (Debian: apt-get install postgresql; macOS: brew install postgresql), start Docker, install the packages @electric-sql/pglite and @electric-sql/pglite-socket beside Plimsoll, or set DATABASE_URL.',
  ways: {
    url: givenUrl('postgres', 'DATABASE_URL', 5432),
    async local({ env }) {
      const folder = await folderWith(['postgres', 'initdb'], env['PATH'] ?? '', PLACES)
      if (folder === undefined) return undefined
      const user = await unprivilegedUser()
      if (user === null) return undefined
      return { via: 'local', detail: folder, start: (context) => startLocal(folder, user, context) }
    },
    async docker(context) {
      if (!(await dockerWorks(context))) return undefined
      return { via: 'docker', detail: IMAGE, start: startDocker }
    },
    pglite({ cwd }) {
      const modules = findPGlite(cwd)
      if (!modules) return Promise.resolve(undefined)
      return Promise.resolve({ via: 'pglite', detail: 'PGlite', start: (context) => startPGlite(modules, context) })
    },
  },
}

/** PostgreSQL refuses to run as root. Undefined: as we are; null: there is no other user. */
async function unprivilegedUser(): Promise<SystemUser | undefined | null> {
  if (process.getuid?.() !== 0) return undefined
  return (await systemUser('postgres', 'nobody')) ?? null
}

async function startLocal(
  folder: string,
  user: SystemUser | undefined,
  { signal, say }: ServiceContext,
): Promise<RunningService> {
  const scratch = await scratchFolder('postgres', user)
  try {
    const env = { PATH: folder, LC_ALL: 'C', TZ: 'UTC' }
    const [data, passwordFile] = [join(scratch.path, 'data'), join(scratch.path, 'password')]
    const password = randomBytes(12).toString('hex')
    await writeFile(passwordFile, password, { mode: 0o644 }) // the folder itself is closed to others
    say(`postgres: starting ${join(folder, 'postgres')}`)
    const parameters = [
      '--pgdata',
      data,
      '--username',
      USER,
      '--pwfile',
      passwordFile,
      '--auth',
      'scram-sha-256',
      '--encoding',
      'UTF8',
    ]
    const made = await exec([join(folder, 'initdb'), ...parameters, '--no-locale', '--no-sync'], {
      cwd: scratch.path,
      env,
      user,
      signal,
    })
    if (made.exitCode !== 0) {
      throw new UserError('E_SERVICE', `PostgreSQL cannot make its folder: ${made.tail.slice(-5).join('\n')}`, {
        hint: 'Choose another way, for example `postgres: { via: pglite }`.',
      })
    }
    const port = await freePort()
    const settings = [...FAST, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`, 'logging_collector=off']
    const server = await startServer({
      name: 'PostgreSQL',
      command: [join(folder, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])],
      cwd: scratch.path,
      env,
      user,
      signal,
      stopSignal: 'SIGINT', // "fast": clients are disconnected
      ready: (lines) => lines.some((line) => line.includes('database system is ready to accept connections')),
    })
    return serviceAt(port, USER, password, async () => {
      await server.stop()
      await scratch.remove()
    })
  } catch (error) {
    await scratch.remove()
    throw error
  }
}

async function startDocker(context: ServiceContext): Promise<RunningService> {
  const password = randomBytes(12).toString('hex')
  const { port, stop } = await startContainer(
    {
      service: 'postgres',
      image: IMAGE,
      port: 5432,
      variables: { POSTGRES_USER: USER, POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' },
      // By TCP: while the image sets itself up, a server listens on its socket alone.
      ready: ['pg_isready', '--host', '127.0.0.1', '--username', USER],
    },
    context,
  )
  return serviceAt(port, USER, password, stop)
}

/** The optional packages, installed beside Plimsoll or in the project. */
function findPGlite(cwd: string): [string, string] | undefined {
  for (const folder of [packageRoot, cwd]) {
    const { resolve } = createRequire(join(folder, 'package.json'))
    try {
      return [resolve('@electric-sql/pglite'), resolve('@electric-sql/pglite-socket')]
    } catch {
      // not here
    }
  }
  return undefined
}

async function startPGlite(modules: [string, string], { signal, env, say }: ServiceContext): Promise<RunningService> {
  const scratch = await scratchFolder('pglite', undefined)
  try {
    say('postgres: starting PGlite')
    const announced = /^listening on (\d+)$/
    const server = await startServer({
      name: 'PGlite',
      command: [process.execPath, builtModule('drivers/services/pglite-main')],
      input: `${JSON.stringify(modules)}\n`,
      cwd: scratch.path,
      env,
      signal,
      stopSignal: 'SIGTERM',
      ready: (lines) => lines.some((line) => announced.test(line)),
    })
    const port = Number(server.lines.map((line) => announced.exec(line)?.[1]).find(Boolean))
    return serviceAt(port, 'postgres', 'postgres', async () => {
      await server.stop()
      await scratch.remove()
    })
  } catch (error) {
    await scratch.remove()
    throw error
  }
}

function serviceAt(port: number, user: string, password: string, stop: () => Promise<void>): RunningService {
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`
  return { url, secrets: password === user ? [] : [password], stop }
}
