import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { displayUrl, excerpt, httpJson, httpRequest } from './http.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('returns every answer, whatever its status, and sends what it is given', async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const seen = [
        request.method,
        request.url,
        request.headers['x-a'],
        request.headers.authorization,
        Buffer.concat(chunks).toString(),
      ]
      response.writeHead(418, { 'x-b': '2' }).end(JSON.stringify(seen))
    })
  })
  const answer = await httpRequest(`${url.replace('//', '//me:p%40ss@')}/x?y=1`, { headers: { 'x-a': '1' }, body: 'hello' })
  expect(answer.status).toBe(418)
  expect(answer.headers.get('x-b')).toBe('2')
  expect(JSON.parse(answer.text)).toEqual(['POST', '/x?y=1', '1', `Basic ${Buffer.from('me:p@ss').toString('base64')}`, 'hello'])
})

test('a request without an answer is sent again; one with an answer is not', async () => {
  let count = 0
  const flaky = await serve((request, response) => (++count < 3 ? request.socket.destroy() : response.end('at last')))
  expect((await httpRequest(flaky, { retries: 2 })).text).toBe('at last')
  expect(count).toBe(3)
  let answers = 0
  const failing = await serve((_request, response) => (answers++, response.writeHead(500).end()))
  expect((await httpRequest(failing, { retries: 5 })).status).toBe(500)
  expect(answers).toBe(1)
})

test('errors name the address without what is secret in it', async () => {
  const gone = await serve(() => {})
  for (const close of closers.splice(0)) close()
  const secret = `${gone.replace('//', '//user:hunter2@')}/path?token=abc#frag`
  expect(displayUrl(secret)).toBe(`${gone}/path`)
  const thrown: unknown = await httpRequest(secret).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code: 'E_NETWORK', hint: expect.any(String) })
  expect(String(thrown)).toBe(`UserError: ${gone}/path cannot be reached: nothing listens there (ECONNREFUSED)`)
  expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown as object))).not.toMatch(/hunter2|abc/)
  await expect(httpRequest(`${gone}/T000/B000/secret`, { name: 'The webhook' })).rejects.toThrow(/^The webhook cannot be reached/)
  await expect(httpRequest('ftp://host/x?token=abc')).rejects.toMatchObject({
    code: 'E_VALUE',
    message: expect.not.stringContaining('abc'),
  })
})

test('an answer that is late, too long or cut off is an error', async () => {
  const never = await serve(() => {})
  await expect(httpRequest(never, { timeout: 50, retries: 3 })).rejects.toMatchObject({
    code: 'E_NETWORK',
    message: `${never} did not answer within 50 ms`,
  })
  const long = await serve((_request, response) => response.end('x'.repeat(1001)))
  await expect(httpRequest(long, { maxBytes: 1000 })).rejects.toThrow('the answer is longer than 1000 bytes')
  const cut = await serve((request, response) =>
    response.writeHead(200, { 'content-length': 9 }).write('half', () => request.socket.destroy()),
  )
  await expect(httpRequest(cut)).rejects.toMatchObject({ code: 'E_NETWORK' })
})

test("aborting throws the signal's own reason", async () => {
  const never = await serve(() => {})
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('enough')), 20)
  await expect(httpRequest(never, { signal: controller.signal })).rejects.toThrow('enough')
})

test('JSON is wanted: another status or another content is an error with an excerpt', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/good') response.end('{"a":1}')
    else if (request.url === '/page') response.end('<html>\n  Welcome')
    else response.writeHead(404).end('not here')
  })
  expect(await httpJson(`${url}/good`)).toEqual({ a: 1 })
  await expect(httpJson(`${url}/page`)).rejects.toThrow(`${url}/page answered something that is not JSON: <html> Welcome`)
  await expect(httpJson(`${url}/none`)).rejects.toThrow(`${url}/none answered 404: not here`)
  expect(excerpt('a'.repeat(300), 10)).toBe('aaaaaaaaaa…')
})
