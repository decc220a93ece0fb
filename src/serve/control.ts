import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf, UserError } from '../core/errors.ts'
import { firstIssue } from '../core/issues.ts'
import { readBody } from './body.ts'
import { listen } from './listen.ts'
import { RequestError } from './protocol.ts'
import { ServerSpec } from '../core/supervisor.ts'

export interface ControlActions {
  /** @throws UserError when the old release goes on serving */
  switchTo(spec: ServerSpec): Promise<void>
  status(): unknown
  /** Begins to stop; the answer is on its way before the end. */
  stop(): void
}

const MAX_BODY_BYTES = 64 << 10

/** The supervisor's own door, on this machine only and for the holder of the token only. */
export async function createControlServer(token: string, actions: ControlActions): Promise<{ port: number; close(): void }> {
  async function act(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (!isHolder(request.headers.authorization, token)) throw new RequestError(401, 'the token is missing or wrong')
    const route = `${request.method} ${request.url}`
    if (route === 'GET /status') return { status: 200, body: actions.status() }
    if (route === 'POST /stop') {
      actions.stop()
      return { status: 200, body: { stopping: true } }
    }
    if (route === 'POST /switch') {
      const spec = readSpec(await readBody(request, MAX_BODY_BYTES))
      try {
        await actions.switchTo(spec)
        return { status: 200, body: { releaseId: spec.releaseId } }
      } catch (error) {
        if (error instanceof UserError) return { status: 409, body: { error: error.message } }
        throw error
      }
    }
    throw new RequestError(404, `there is no ${route}`)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await act(request).catch((error: unknown) => ({
      status: error instanceof RequestError ? error.status : 500,
      body: { error: messageOf(error) },
    }))
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify(body))
  }

  const server = createServer((request, response) => void answer(request, response))
  await listen(server, 0, '127.0.0.1')
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

/** Compares digests, so that neither the length nor a common beginning shows in the time it takes. */
function isHolder(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

function readSpec(body: string): ServerSpec {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new RequestError(400, 'the body is not JSON')
  }
  const { success, data, error } = ServerSpec.safeParse(value)
  if (!success) throw new RequestError(400, `not a server specification: ${firstIssue(error)}`)
  return data
}
