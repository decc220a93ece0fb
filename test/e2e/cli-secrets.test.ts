import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { httpServer, send } from '../fixtures/http-server.ts'
import { mlflowServer } from '../fixtures/mlflow-server.ts'
import { cli, scratch } from './cli.ts'

const SECRET = 'tr0ub4dor-and-3'
const env = { MODEL_TOKEN: SECRET }
const DATA = `x,y\n${Array.from({ length: 60 }, (_, i) => `${i},${i % 2 === 0 ? 'no' : 'yes'}`).join('\n')}\n`
const HEADER = 'Authorization: Bearer ${secrets.MODEL_TOKEN}'

/** Files below a folder that hold the secret in any of the spellings in which it could be found. */
function leaks(folder: string): string[] {
  const spellings = [SECRET, Buffer.from(SECRET).toString('base64').replace(/=+$/, ''), encodeURIComponent(SECRET)]
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name)
    if (!statSync(path).isFile()) return false
    const content = readFileSync(path, 'latin1')
    return spellings.some((spelling) => content.includes(spelling))
  })
}

const guarded = () =>
  mlflowServer(
    ({ data }) => data.map(([x]) => (Number(x) % 2 === 0 ? 'no' : 'yes')),
    ({ headers }, response) => {
      if (headers.authorization !== `Bearer ${SECRET}`)
        send(response, 401, `{"message": "not for ${headers.authorization ?? 'nobody'}"}`)
    },
  )

test('the token of an endpoint goes to the endpoint, and to no report, record, log or error', async () => {
  const { url, requests } = await guarded()
  const folder = scratch({
    'data.csv': DATA,
    'plimsoll.yaml': `name: guarded\nstages:\n  test:\n    steps:\n      - evaluate:\n          model: ${url}/invocations\n          test-data: data.csv\n          header: ['${HEADER}']\n`,
  })
  const line = ['evaluate', '--model', `${url}/invocations`, '--test-data', 'data.csv', '--header', HEADER]
  const alone = await cli(folder, [...line, '--json', '--verbose'], { env })
  expect(alone.code).toBe(0)
  const run = await cli(folder, ['run', '--verbose'], { env })
  expect(run.code).toBe(0)
  expect(requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${SECRET}`, `Bearer ${SECRET}`])
  expect(JSON.stringify([alone, run])).not.toContain(SECRET)
  expect(leaks(folder)).toEqual([])
  // The comparison finds what is there: the record of the run holds the reference.
  expect(readdirSync(join(folder, '.plimsoll'))).toContain('plimsoll.db')
})

test('a server that repeats the token, a wrong header and a secret that is not set say nothing of it', async () => {
  const echo = await httpServer(({ headers }, response) =>
    send(response, 500, `{"message": "bad token ${headers.authorization}"}`),
  )
  const folder = scratch({ 'data.csv': DATA })
  const line = ['evaluate', '--model', `${echo.url}/invocations`, '--test-data', 'data.csv']
  const told = await cli(folder, [...line, '--header', HEADER], { env: { ...env, PLIMSOLL_DEBUG: '1' } })
  expect(told.stderr).toContain('answered 500: bad token ***')
  const wrong = await cli(folder, [...line, '--header', 'Authorization=Bearer ${secrets.MODEL_TOKEN}'], { env })
  expect(wrong.stderr).toContain('--header: Write a header as "Name: value"')
  const unset = await cli(folder, [...line, '--header', HEADER])
  expect(unset.stderr).toContain('The secret MODEL_TOKEN is not set')
  const missing = await cli(folder, [
    'evaluate',
    '--model',
    `http://user:${SECRET}@127.0.0.1:9/invocations?sig=${SECRET}`,
    '--test-data',
    'data.csv',
  ])
  expect(missing.stderr).toContain('http://127.0.0.1:9/invocations cannot be reached')
  expect([told.code, wrong.code, unset.code, missing.code]).toEqual([2, 2, 2, 2])
  expect(JSON.stringify([told, wrong, unset, missing])).not.toContain(SECRET)
  expect(leaks(folder)).toEqual([])
})
