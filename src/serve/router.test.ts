import { Agent, createServer, request as httpRequest, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createTrafficRouter, type TrafficRouter } from './router.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function router(options: Parameters<typeof createTrafficRouter>[0] = {}): Promise<TrafficRouter> {
  const started = await createTrafficRouter(options)
  closers.push(() => started.close(200))
  return started
}

async function upstream(listener: RequestListener, options: { keepAliveTimeout?: number } = {}): Promise<number> {
  const server = createServer(options, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const named =
  (name: string, ms = 0): RequestListener =>
  async (request, response) => {
    request.resume()
    if (ms > 0) await after(ms)
    response.setHeader('x-name', name).end(name)
  }

interface Answer {
  readonly status: number
  readonly body: string
}
function call(port: number, agent: Agent | false = false, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', agent, method: body ? 'POST' : 'GET', path: '/a?b=c' }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

test('switching A -> B -> A under continuous load loses nothing, and each upstream is idle when it is said to be', async () => {
  const traffic = await router()
  const a = await upstream(named('A', 3))
  const b = await upstream(named('B', 3))
  await traffic.switchTo(a)
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  closers.push(() => Promise.resolve(agent.destroy()))
  const answers: Answer[] = []
  let failures = 0
  const clock = { going: true }
  const client = async () => {
    while (clock.going) {
      await call(traffic.port, agent, Buffer.from('{"x":1}')).then(
        (answer) => answers.push(answer),
        () => failures++,
      )
    }
  }
  const clients = Array.from({ length: 16 }, client)
  const more = (count: number) => {
    const goal = answers.length + count
    return expect.poll(() => answers.length + failures, { timeout: 10_000 }).toBeGreaterThanOrEqual(goal)
  }
  for (const port of [b, a, b, a]) {
    await more(80)
    await traffic.switchTo(port)
  }
  await more(80)
  clock.going = false
  await Promise.all(clients)
  expect(failures).toBe(0)
  expect(answers.length).toBeGreaterThanOrEqual(400)
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['A', 'B']))
})

test('a switch waits for the requests of the old upstream, while new ones go to the new', async () => {
  const traffic = await router()
  await traffic.switchTo(await upstream(named('old', 150)))
  const slow = call(traffic.port)
  await expect.poll(() => traffic.inFlight()).toBe(1)
  let drained = false
  const switched = traffic.switchTo(await upstream(named('new'))).then(() => (drained = true))
  expect((await call(traffic.port)).body).toBe('new')
  expect(drained).toBe(false)
  expect((await slow).body).toBe('old')
  await switched
})

test('503 with Retry-After while nothing is up, or where the upstream does not listen', async () => {
  const traffic = await router()
  const response = await fetch(`http://127.0.0.1:${traffic.port}/v2`)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('1')
  const gone = createTcpServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const { port } = gone.address() as AddressInfo
  await new Promise((resolve) => gone.close(resolve))
  void traffic.switchTo(port)
  expect((await call(traffic.port)).status).toBe(503)
})

test('an upstream that breaks off gives 502, and half an answer is never made to look whole', async () => {
  const traffic = await router()
  void traffic.switchTo(await upstream((request) => request.socket.destroy()))
  expect(await call(traffic.port, false, Buffer.from('x'))).toEqual({ status: 502, body: '{"error":"the server broke off"}' })
  const half: RequestListener = (request, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('12345', () => request.socket.destroy())
  }
  void traffic.switchTo(await upstream(half))
  await expect(call(traffic.port)).rejects.toThrow('aborted')
})

test('a request that meets a connection the upstream has just closed is sent again', async () => {
  const traffic = await router()
  let requests = 0
  // Answers once per connection and cuts it when a second request arrives, as a server does whose keep-alive time is over.
  const served = new WeakSet<object>()
  const port = await upstream((request, response) => {
    if (served.has(request.socket)) {
      request.socket.resetAndDestroy()
      return
    }
    served.add(request.socket)
    requests++
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => response.end(Buffer.concat(chunks)))
  })
  await traffic.switchTo(port)
  for (const body of ['one', 'two', 'three']) {
    expect(await call(traffic.port, false, Buffer.from(body))).toEqual({ status: 200, body })
  }
  expect(requests).toBe(3)
})

test('streams a large body both ways, with path and headers, and without those of the hop', async () => {
  const traffic = await router()
  let seen: Record<string, unknown> = {}
  const port = await upstream((request, response) => {
    seen = { url: request.url, method: request.method, custom: request.headers['x-custom'], te: request.headers['te'] }
    request.pipe(response)
  })
  await traffic.switchTo(port)
  const body = Buffer.alloc(5 << 20, 'abcdefgh')
  const response = await fetch(`http://127.0.0.1:${traffic.port}/x?y=1`, {
    method: 'POST',
    body,
    headers: { 'x-custom': 'kept' },
  })
  expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true)
  expect(seen).toEqual({ url: '/x?y=1', method: 'POST', custom: 'kept', te: undefined })
})

test('does not pass on what is about the connection of the client alone', async () => {
  const traffic = await router()
  const port = await upstream((request, response) => response.end(JSON.stringify(request.headers)))
  await traffic.switchTo(port)
  const headers = { connection: 'close, X-Hop', 'x-hop': '1', 'x-kept': '2', te: 'trailers' }
  const seen = await new Promise<Record<string, string>>((resolve, reject) => {
    httpRequest({ port: traffic.port, host: '127.0.0.1', headers }, (response) => {
      response.on('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString()) as Record<string, string>))
    })
      .on('error', reject)
      .end()
  })
  expect(seen).toMatchObject({ 'x-kept': '2', connection: 'keep-alive' })
  expect(seen).not.toHaveProperty('x-hop')
  expect(seen).not.toHaveProperty('te')
})

test('an upstream that does not answer in time gives 504, and a client that leaves frees it', async () => {
  const traffic = await router({ upstreamTimeoutMs: 50 })
  let aborted = false
  const port = await upstream((_request, response) => response.once('close', () => (aborted = true)))
  await traffic.switchTo(port)
  expect((await call(traffic.port)).status).toBe(504)
  await expect.poll(() => aborted).toBe(true)
  expect(traffic.inFlight()).toBe(0)
})

test('closing finishes what is under way', async () => {
  const traffic = await router()
  await traffic.switchTo(await upstream(named('last', 100)))
  const running = call(traffic.port)
  await expect.poll(() => traffic.inFlight()).toBe(1)
  await traffic.close(2000)
  expect((await running).body).toBe('last')
})
