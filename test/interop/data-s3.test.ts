import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cli, scratch } from '../e2e/cli.ts'
import { lacks, PYPI_PYTHON } from './peers.ts'

const credentials = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY' }

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe.skipIf(lacks('moto'))('an object store (moto)', () => {
  let store: ChildProcess
  let endpoint: string
  const env = () => ({ ...credentials, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: endpoint })

  async function put(path: string, body = ''): Promise<void> {
    const given = { accessKeyId: credentials.AWS_ACCESS_KEY_ID, secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY }
    const signer = new AwsV4Signer({
      method: 'PUT',
      url: `${endpoint}/${path}`,
      body,
      service: 's3',
      region: 'us-east-1',
      ...given,
    })
    const { url, headers } = await signer.sign()
    const answer = await fetch(url, { method: 'PUT', headers, body })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  }

  beforeAll(async () => {
    const port = await freePort()
    endpoint = `http://127.0.0.1:${port}`
    store = spawn(PYPI_PYTHON, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', port.toString()], { stdio: 'ignore' })
    for (let waited = 0; waited < 60_000; waited += 200) {
      if (
        await fetch(endpoint).then(
          () => true,
          () => false,
        )
      )
        break
      await sleep(200)
    }
    await put('data')
    await put('data/one.csv', 'a,b\n1,x\n2,y\n')
    await put('data/with%20space%2Band%2Bplus.csv', 'a,b\n1,x\n')
    for (let i = 0; i < 12; i++) await put(`data/parts/day=2024-01-${(i + 1).toString().padStart(2, '0')}/part.csv`, `a\n${i}\n`)
    await put('data/parts/_SUCCESS')
  })
  afterAll(() => store.kill())

  const schema = { 'schema.json': JSON.stringify({ type: 'object', properties: { a: { type: 'number' } }, required: ['a'] }) }
  const check = (folder: string, input: string, given: Record<string, string>) =>
    cli(folder, ['validate-schema', '--input', input, '--schema', 'schema.json'], { env: given })

  test('an object, one whose key has to be escaped, a prefix with partitions, and a glob', async () => {
    const folder = scratch(schema)
    const cases: [string, RegExp][] = [
      ['s3://data/one.csv', /2 rows/],
      ['s3://data/with space+and+plus.csv', /1 row/],
      ['s3://data/parts/', /12 rows/],
      ['s3://data/parts/day=2024-01-1*/*.csv', /3 rows/],
    ]
    for (const [input, rows] of cases) {
      const { code, stdout, stderr } = await check(folder, input, env())
      expect(stderr).toBe('')
      expect(stdout).toMatch(rows)
      expect(code).toBe(0)
    }
  })

  test('what is not there', async () => {
    const folder = scratch(schema)
    for (const [input, message] of [
      ['s3://data/none.csv', 's3://data/none.csv: the store answers 404'],
      ['s3://nowhere/one.csv', 's3://nowhere/one.csv: the store answers 404'],
      ['s3://data/none/', 'There is no data at s3://data/none/'],
    ]) {
      const { code, stdout, stderr } = await check(folder, input!, env())
      expect(stderr).toContain(message)
      expect(`${stdout}${stderr}`).not.toMatch(/wJalr|AKIA/)
      expect(code).toBe(2)
    }
  })
})
