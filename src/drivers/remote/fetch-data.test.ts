import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openData, openDuckdb } from '../duckdb.ts'
import { displayAddress } from './address.ts'
import { DOWNLOAD_LIMITS, type DownloadLimits } from './download.ts'
import { fetchData, type FetchedFile } from './fetch-data.ts'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'fetch-data-'))))
afterAll(() => rm(folder, { recursive: true }))

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Listener = (request: IncomingMessage, response: ServerResponse) => void

async function serve(listener: Listener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const limits = { ...DOWNLOAD_LIMITS, backoffMs: 1 }

function fetched(
  address: string,
  options: { env?: Record<string, string>; limits?: DownloadLimits } = {},
): Promise<FetchedFile[]> {
  return fetchData(address, {
    env: {},
    wanted: () => true,
    place: (_name, i) => Promise.resolve(join(folder, `f${i}`)),
    limits,
    ...options,
  })
}

test('a URL: the content, its digest, credentials from the user part, and a name without them', async () => {
  const seen: (string | undefined)[] = []
  const url = await serve((request, response) => {
    seen.push(request.headers.authorization, request.url)
    response.end('a,b\n1,2\n')
  })
  const [file] = await fetched(`${url.replace('//', '//me:p%40ss@')}/x.csv?signature=secret`)
  expect(file).toMatchObject({
    name: `${url}/x.csv`,
    digest: `sha256:${createHash('sha256').update('a,b\n1,2\n').digest('hex')}`,
  })
  expect(await readFile(file!.path, 'utf8')).toBe('a,b\n1,2\n')
  expect(seen).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`, '/x.csv?signature=secret'])
  expect(displayAddress(`${url.replace('//', '//me:pass@')}/x.csv?signature=secret#part`)).toBe(`${url}/x.csv`)
})

test('what fails for a while is tried again: cut connections, short answers, 5xx; what fails for good is not', async () => {
  let count = 0
  const url = await serve((request, response) => {
    count++
    if (count === 1) request.socket.destroy()
    else if (count === 2) response.writeHead(503).end()
    else if (count === 3) response.writeHead(200, { 'content-length': 9 }).write('half', () => request.socket.destroy())
    else response.end('whole')
  })
  const [file] = await fetched(`${url}/x.csv`)
  expect(await readFile(file!.path, 'utf8')).toBe('whole')
  expect(count).toBe(4)

  let asked = 0
  const gone = await serve((_request, response) => (asked++, response.writeHead(404).end('secret in the body')))
  await expect(fetched(`${gone}/x.csv?token=secret`)).rejects.toMatchObject({
    code: 'E_FILE_MISSING',
    message: `${gone}/x.csv answers 404`,
  })
  expect(asked).toBe(1)
  const down = await serve((_request, response) => response.writeHead(500).end())
  await expect(fetched(`${down}/x.csv`)).rejects.toThrow(`${down}/x.csv answers 500 (5 tries)`)
})

test('redirects: followed, but without credentials to another host, not in circles, and not to other schemes', async () => {
  const seen: (string | undefined)[] = []
  const other = await serve((request, response) => (seen.push(request.headers.authorization), response.end('there')))
  const url = await serve((request, response) => {
    const to = { '/away': `${other}/x`, '/near': '/home', '/circle': '/circle', '/file': 'file:///etc/passwd' }[request.url!]
    if (to) response.writeHead(302, { location: to }).end()
    else {
      seen.push(request.headers.authorization)
      response.end('home')
    }
  })
  const own = url.replace('//', '//me:pass@')
  await fetched(`${own}/near`)
  await fetched(`${own}/away`)
  expect(seen).toEqual([`Basic ${Buffer.from('me:pass').toString('base64')}`, undefined])
  await expect(fetched(`${own}/circle`)).rejects.toThrow(`${url}/circle redirects more than 5 times`)
  await expect(fetched(`${own}/file`)).rejects.toThrow('redirects to what is no http:// or https:// address')
})

test('too large, announced or not; too slow; unreachable', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/announced') response.writeHead(200, { 'content-length': 2000 }).end('x'.repeat(2000))
    else if (request.url === '/stream') response.write('x'.repeat(600), () => response.end('x'.repeat(600)))
    else if (request.url === '/slow') response.write('x')
  })
  const small = { ...limits, bytes: 1000 }
  await expect(fetched(`${url}/announced`, { limits: small })).rejects.toMatchObject({ code: 'E_FILE_FORMAT' })
  await expect(fetched(`${url}/stream`, { limits: small })).rejects.toThrow('is larger than what may be downloaded')
  await expect(fetched(`${url}/slow`, { limits: { ...limits, idleMs: 30, tries: 2 } })).rejects.toThrow(
    `${url}/slow cannot be downloaded: no byte came for 30 ms (2 tries)`,
  )
  for (const close of closers.splice(0)) close()
  await expect(fetched(`${url.replace('//', '//me:pass@')}/x`, { limits: { ...limits, tries: 1 } })).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:\d+\/x cannot be downloaded: (nothing listens there|the connection was cut)/,
  )
})

test('addresses that are none', async () => {
  await expect(fetched('ftp://me:pass@host/x.csv')).rejects.toMatchObject({
    code: 'E_VALUE',
    message: 'Data cannot be read from ftp://host/x.csv',
  })
  for (const bad of ['s3://', 's3:///key', 's3://me:pass@bucket/key', 's3://bucket/a/../b']) {
    await expect(fetched(bad)).rejects.toThrow('An address in an object store is s3://BUCKET/KEY')
  }
  const half = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE' }
  await expect(fetched('s3://bucket/key', { env: half })).rejects.toThrow('AWS_SECRET_ACCESS_KEY is not set')
})

test('an object store that refuses: its code, and nothing of what was signed', async () => {
  const secret = 'a-secret-key-of-forty-characters-0123456'
  const endpoint = await serve((request, response) => {
    const signed = request.headers.authorization!
    response
      .writeHead(403)
      .end(`<Error><Code>SignatureDoesNotMatch</Code><StringToSign>${signed} ${secret}</StringToSign></Error>`)
  })
  const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: secret, AWS_ENDPOINT_URL: endpoint }
  for (const address of ['s3://bucket/key.csv', 's3://bucket/prefix/']) {
    const error: unknown = await fetched(address, { env }).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'E_NETWORK', message: `${address}: the store answers 403 SignatureDoesNotMatch` })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error as object))).not.toMatch(/AKIAEXAMPLE|a-secret-key/)
  }
})

test('a data set over the network: read, named by its address, and gone when it is closed, also after an error', async () => {
  const url = await serve((request, response) =>
    response.end(request.url!.startsWith('/day=1/good.csv') ? 'a,b\n1,2\n' : 'a,b\n1,2\n3\n'),
  )
  const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('plimsoll-data-'))
  const duckdb = await openDuckdb()
  const source = await openData(duckdb, folder, `${url}/day=1/good.csv?token=secret`)
  expect(await duckdb.query(`SELECT * FROM ${source.sql}`)).toEqual([{ a: '1', b: '2', day: '1' }])
  expect(source.path).toBe(`${url}/day=1/good.csv`)
  expect(existsSync(source.files[0]!)).toBe(true)
  source.close()
  expect(existsSync(source.files[0]!)).toBe(false)
  const bad = await openData(duckdb, folder, `${url}/bad.csv?token=secret`)
  await expect(bad.reading(() => duckdb.query(`SELECT * FROM ${bad.sql}`))).rejects.toThrow(
    `${url}/bad.csv:3: expected 2 fields, found 1`,
  )
  const before = copies().length
  await expect(openData(duckdb, folder, `${url}/bad.parquet`)).rejects.toThrow(`${url}/bad.parquet cannot be read`)
  expect(copies().length).toBe(before)
  duckdb.close()
  expect(existsSync(bad.files[0]!)).toBe(false)
})
