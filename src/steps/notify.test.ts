import { createHmac } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sampleReport } from '../../test/fixtures/sample-report.ts'
import { systemClock } from '../core/clock.ts'
import type { StepContext } from '../core/step.ts'
import { notify } from './notify.ts'

interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}
const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

async function receiver(status = 200): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ path: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(status).end(status === 200 ? 'ok' : 'no_such_hook')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/T0/SECRETPATH`, received }
}

function contextIn(cwd: string, said: string[] = []): StepContext {
  return {
    cwd,
    stateDir: join(cwd, '.plimsoll'),
    env: {},
    signal: new AbortController().signal,
    clock: systemClock,
    git: { commit: '3f2a1c9d8e7b6a5f4e3d2c1b0a9f8e7d6c5b4a39', branch: 'main', dirty: false },
    run: { id: 'r-1', pipeline: 'mortgage', stage: 'deploy-production', event: 'push' },
    assumeYes: false,
    ask: null,
    say: (line) => void said.push(line),
  }
}
const scratch = () => mkdtempSync(join(tmpdir(), 'notify-'))
const run = (context: StepContext, given: Record<string, unknown>) => notify.run(context, notify.params.parse(given))

test('Slack gets blocks that say pipeline, stage and commit, and nothing in them is a mention', async () => {
  const { url, received } = await receiver()
  const report = await run(contextIn(scratch()), { to: 'slack', url, message: 'Live now <!channel> & well' })
  expect(report.verdict).toBe('pass')
  expect(received).toHaveLength(1)
  const { blocks, text } = JSON.parse(received[0]!.body) as { blocks: { type: string }[]; text: string }
  expect(text).toBe('mortgage')
  expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context'])
  expect(received[0]!.body).toContain('Live now &lt;!channel&gt; &amp; well')
  expect(received[0]!.body).toContain('3f2a1c9d8e7b on main')
  expect(received[0]!.body).toContain('deploy-production')
})

test('a webhook is signed over time and body, and carries the report', async () => {
  const cwd = scratch()
  writeFileSync(join(cwd, 'report.json'), JSON.stringify(sampleReport))
  const { url, received } = await receiver()
  const report = await run(contextIn(cwd), { to: 'webhook', url, secret: 'k3y', report: 'report.json' })
  expect(report.verdict).toBe('pass')
  const { headers, body } = received[0]!
  const timestamp = headers['x-plimsoll-timestamp'] as string
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60)
  const expected = createHmac('sha256', 'k3y').update(`${timestamp}.${body}`).digest('hex')
  expect(headers['x-plimsoll-signature']).toBe(`sha256=${expected}`)
  expect(JSON.parse(body)).toMatchObject({
    schemaVersion: 1,
    verdict: 'fail',
    report: { name: 'mortgage' },
    facts: { Run: 'r-1' },
  })
})

test('a refused message is an error that does not show the address; with `optional` a warning', async () => {
  const { url } = await receiver(404)
  const report = await run(contextIn(scratch()), { to: 'slack', url })
  expect(report.verdict).toBe('error')
  expect(report.results[0]!.message).toBe('The Slack webhook answered 404: no_such_hook')
  expect(JSON.stringify(report)).not.toContain('SECRETPATH')
  expect((await run(contextIn(scratch()), { to: 'slack', url, optional: true })).verdict).toBe('warn')
})

test('an endpoint that is down is an error that does not show the address', async () => {
  const report = await run(contextIn(scratch()), { to: 'webhook', url: 'http://127.0.0.1:1/SECRETPATH' })
  expect(report.verdict).toBe('error')
  expect(JSON.stringify(report)).not.toContain('SECRETPATH')
})

test('an address that is missing or no URL is a mistake of the user, without the address in it', async () => {
  await expect(run(contextIn(scratch()), { to: 'slack' })).rejects.toMatchObject({ code: 'E_VALUE' })
  const wrong = run(contextIn(scratch()), { to: 'slack', url: 'SECRETPATH' })
  await expect(wrong).rejects.toMatchObject({ code: 'E_VALUE', message: expect.not.stringContaining('SECRETPATH') as string })
})

test('the terminal shows the message as lines', async () => {
  const said: string[] = []
  const report = await run(contextIn(scratch(), said), { message: 'Done.', environment: 'production' })
  expect(report.verdict).toBe('pass')
  expect(said.slice(0, 3)).toEqual(['mortgage: nothing is deployed to production', 'Done.', '  Pipeline: mortgage'])
})
