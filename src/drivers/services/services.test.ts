import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createClient } from 'redis'
import { expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import { leftoverKeeper, type Leftover } from '../leftovers.ts'
import { processIdentity } from '../process-identity.ts'
import { locateService } from './index.ts'
import type { RunningService, ServiceContext, ServiceSource, ServiceWay } from './service.ts'
import { answers } from './tcp.ts'

const PATH = process.env['PATH']!
/** Containers are started only where asked for: their images are large. */
const DOCKER = process.env['PLIMSOLL_TEST_DOCKER'] === '1'
const DOCKER_HOST = process.env['DOCKER_HOST']

function contextWith(env: Record<string, string> = {}): ServiceContext & { said: string[] } {
  const said: string[] = []
  return {
    cwd: tmpdir(),
    env: { PATH, ...(DOCKER_HOST !== undefined && { DOCKER_HOST }), ...env },
    signal: new AbortController().signal,
    said,
    say: (line) => void said.push(line),
  }
}

async function located(name: string, via: ServiceSource, context = contextWith()): Promise<ServiceWay> {
  const way = await locateService(name, via, context)
  if (way instanceof UserError) throw way
  return way
}

/** What every way to have PostgreSQL gives. */
async function usePostgres(url: string): Promise<void> {
  const clients = [new Client({ connectionString: url }), new Client({ connectionString: url })]
  for (const client of clients) await client.connect()
  const [first, second] = clients as [Client, Client]
  await first.query('CREATE TABLE features (id integer PRIMARY KEY, ratio double precision NOT NULL)')
  await first.query('INSERT INTO features SELECT i, i / 10.0 FROM generate_series(1, 100) AS i')
  const { rows } = await second.query('SELECT count(*)::int AS n, sum(ratio) AS total FROM features')
  expect(rows).toEqual([{ n: 100, total: 505 }])
  for (const client of clients) await client.end()
}

async function useRedis(url: string): Promise<void> {
  const client = createClient({ url })
  await client.connect()
  await client.set('key', 'value')
  expect(await client.get('key')).toBe('value')
  await client.close()
}

const WAYS = [
  ['postgres', 'local', usePostgres],
  ['postgres', 'pglite', usePostgres],
  ['postgres', 'docker', usePostgres],
  ['redis', 'local', useRedis],
  ['redis', 'docker', useRedis],
] as const

for (const [name, via, use] of WAYS) {
  const isHere = (via !== 'docker' || DOCKER) && !((await locateService(name, via, contextWith())) instanceof UserError)
  test.runIf(isHere)(`${name} via ${via}: an empty server, of which nothing is left behind`, async () => {
    const kept = new Set<Leftover>()
    const seen: Leftover[] = []
    const keep = (leftover: Leftover) => {
      kept.add(leftover)
      seen.push(leftover)
      return () => void kept.delete(leftover)
    }
    await leftoverKeeper.run({ keep }, async () => {
      const service: RunningService = await (await located(name, via)).start(contextWith())
      expect(kept.size).toBeGreaterThan(0)
      await use(service.url)
      await service.stop()
      const { port } = new URL(service.url)
      expect(await answers({ host: '127.0.0.1', port: Number(port) })).toBe(false)
    })
    expect(kept.size).toBe(0)
    expect(seen.filter(isThere)).toEqual([])
  })
}

function isThere(leftover: Leftover): boolean {
  if (leftover.kind === 'process') return processIdentity(leftover.pid) !== null
  return leftover.kind === 'folder' && existsSync(leftover.path)
}

test('a start that is aborted leaves nothing', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('plimsoll-pglite-'))
  const controller = new AbortController()
  const way = await located('postgres', 'pglite')
  const starting = way.start({ ...contextWith(), signal: controller.signal })
  setTimeout(() => controller.abort(new Error('enough')), 100)
  await expect(starting).rejects.toThrow('enough')
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('plimsoll-pglite-'))).toEqual(before)
})

test('a URL of the environment is used as it is, after a look whether anyone is there', async () => {
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `postgres://ann:s3cret@127.0.0.1:${port}/app`
  const way = await located('postgres', 'url', contextWith({ DATABASE_URL: url }))
  expect(way.detail).toBe('DATABASE_URL')
  expect(await way.start(contextWith())).toMatchObject({ url, secrets: expect.arrayContaining(['s3cret']) })
  server.close()
  await expect(way.start(contextWith())).rejects.toThrow(`postgres does not answer at 127.0.0.1:${port}`)
  const odd = await located('redis', 'url', contextWith({ REDIS_URL: 'not a url' }))
  await expect(odd.start(contextWith())).rejects.toMatchObject({ code: 'E_SERVICE' })
})

test('a service that is not to be had says how to get it', async () => {
  const nowhere = { ...contextWith({ PATH: mkdtempSync(join(tmpdir(), 'plimsoll-path-')) }) }
  const missing = await locateService('redis', 'docker', nowhere)
  expect(missing).toMatchObject({ code: 'E_SERVICE', message: 'redis is not available here via docker.' })
  expect((missing as UserError).hint).toContain('apt-get install redis-server')
  expect(await locateService('redis', 'pglite', nowhere)).toBeInstanceOf(UserError)
})
