import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { httpServer, send } from '../fixtures/http-server.ts'
import { linearModel } from '../fixtures/linear-model.ts'
import { cli, scratch, type CliResult } from './cli.ts'

/** Secrets as they come to a command: most without anything that says that they are. */
const PASSPHRASE = 'correct-h0rse battery/staple+"q"'
const KEY = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const LOCKED_KEY = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE },
})
const SECRETS = {
  MODEL_TOKEN: 'tr0ub4dor-and-3/ä+"x"',
  HOOK_SECRET: 'h00k-signing-s3cret',
  AWS_ACCESS_KEY_ID: `AKIA${'Q2ZXN7RT4WPL6MVB'}`,
  AWS_SECRET_ACCESS_KEY: ['zT9/kQ4+wLm2Xc7VbN1p', 'Rs8YdF3gHj6KaU0oEiTq'].join(''), // no secret stands in this file
  PLIMSOLL_KEY_PASSWORD: PASSPHRASE,
}
const DATABASE_PASSWORD = 'pg-Pa55w0rd!77'
const WEBHOOK_PATH = '/services/T0AAAAAAA/B0BBBBBBB/x7Kq9ZtR2mWv5NcL8bYpJd3f'

/** What must not be found anywhere: every secret, and the lines of keys. */
const FORBIDDEN: readonly string[] = [
  ...Object.values(SECRETS),
  DATABASE_PASSWORD,
  WEBHOOK_PATH.split('/').at(-1)!,
  ...[KEY.privateKey, LOCKED_KEY.privateKey].flatMap((pem) =>
    pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----')),
  ),
]

/** A secret as it is, in URLs, in JSON, in JSON within JSON, in hexadecimal, and in base64 at any place of a longer text. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before, 0x41), bytes]).toString('base64')
    return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3))
  })
  const json = JSON.stringify(secret).slice(1, -1)
  return [
    ...[secret, encodeURIComponent(secret), json, JSON.stringify(json).slice(1, -1), bytes.toString('hex')],
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
}

const NEEDLES = FORBIDDEN.flatMap((secret) =>
  spellings(secret).flatMap((spelling) =>
    [Buffer.from(spelling), Buffer.from(spelling, 'utf16le')].map((bytes) => ({ bytes, spelling })),
  ),
)

/** Where a secret stands: in which file below a folder, or in which output. Every byte is looked at: databases, their logs, blobs. */
function leaks(folder: string, outputs: Record<string, CliResult>): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name))] as const)
  const printed = Object.entries(outputs).flatMap(([name, { stdout, stderr }]) => [
    [`${name}, standard output`, Buffer.from(stdout)] as const,
    [`${name}, standard error`, Buffer.from(stderr)] as const,
  ])
  return [...files, ...printed].flatMap(([name, content]) => {
    const found = NEEDLES.find(({ bytes }) => content.includes(bytes))
    return found ? [`${name}: ${found.spelling}`] : []
  })
}

/** Prints each secret of the environment in all spellings, as a careless script, a stack trace or `set -x` does. */
const CARELESS = `
const spellings = ${spellings.toString()}
for (const value of [process.env.MODEL_TOKEN, process.env.AWS_SECRET_ACCESS_KEY, process.env.PLIMSOLL_KEY_PASSWORD, new URL(process.env.DATABASE_URL).password]) {
  for (const text of spellings(value)) {
    console.log('value=' + text)
    console.error(JSON.stringify({ message: 'failed with ' + text }))
  }
  console.log('Authorization: Basic ' + Buffer.from('user:' + value).toString('base64'))
}
console.log(process.env.PLIMSOLL_SIGNING_KEY)
console.log(JSON.stringify({ key: process.env.PLIMSOLL_SIGNING_KEY }))
`

/** A service that repeats what it was given in its answer, as many do in their errors. */
const echoing = (status: number) =>
  httpServer(({ headers, url, body }, response) =>
    send(response, status, JSON.stringify({ error: { headers, url, body: body.toString() } })),
  )

const CSV = `a,b,y\n${Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5},${2 * (i % 7) > i % 5 ? 'yes' : 'no'}`).join('\n')}\n`

function project(pipeline = ''): string {
  const folder = scratch({
    'careless.cjs': CARELESS,
    'data.csv': CSV,
    'schema.json': '{"type": "object", "properties": {"a": {"type": "integer"}}}',
    ...(pipeline !== '' && { 'plimsoll.yaml': pipeline }),
  })
  writeFileSync(join(folder, 'model.onnx'), linearModel(0))
  return folder
}

test('the search finds a secret in each spelling, in files of any kind and in output', () => {
  const nothing: CliResult = { stdout: '', stderr: '', code: 0 }
  const folder = scratch({ 'clean.txt': 'nothing' })
  expect(leaks(folder, { clean: nothing })).toEqual([])
  for (const [index, spelling] of spellings(SECRETS.MODEL_TOKEN).entries()) {
    const planted = scratch({ [`deep/${index}.bin`]: `\u0000before${spelling}after` })
    expect(leaks(planted, {})).toHaveLength(1)
    expect(leaks(folder, { command: { ...nothing, stderr: `… ${spelling} …` } })).toHaveLength(1)
  }
  const basic = Buffer.from(`user:${SECRETS.MODEL_TOKEN}`).toString('base64')
  expect(leaks(folder, { command: { ...nothing, stdout: basic } })).toHaveLength(1)
})

test('a pipeline whose scripts and services tell their secrets leaves none of them anywhere', async () => {
  const [slack, model, store] = await Promise.all([echoing(500), echoing(403), echoing(403)])
  const folder = project(`name: leaky
stages:
  careless:
    services: { postgres: {} }
    env: { TOKEN: '\${secrets.MODEL_TOKEN}' }
    steps:
      - run: { command: node careless.cjs }
      - run: { command: 'node careless.cjs; exit 3' }
  network:
    steps:
      - evaluate: { model: ${model.url}/invocations, test-data: data.csv, label: y, header: ['Authorization: Bearer \${secrets.MODEL_TOKEN}'] }
      - validate-schema: { input: 's3://bucket/data.parquet', schema: schema.json }
      - notify: { to: slack, url: '\${secrets.SLACK_WEBHOOK}' }
      - notify: { to: webhook, url: '${slack.url}/hook?token=\${secrets.MODEL_TOKEN}', secret: '\${secrets.HOOK_SECRET}', optional: true }
  model:
    steps:
      - security-scan: { model: model.onnx }
      - register-model: { name: churn, model: model.onnx }
`)
  const database = await httpServer((_, response) => send(response, 200, ''))
  const env = {
    ...SECRETS,
    PLIMSOLL_SIGNING_KEY: LOCKED_KEY.privateKey,
    SLACK_WEBHOOK: `${slack.url}${WEBHOOK_PATH}`,
    DATABASE_URL: `postgres://app:${encodeURIComponent(DATABASE_PASSWORD)}@127.0.0.1:${new URL(database.url).port}/main`,
    AWS_ENDPOINT_URL: store.url,
    AWS_REGION: 'eu-central-1',
  }
  const run = await cli(folder, ['run', '--keep-going', '--verbose', '--sarif', 'results/run.sarif'], { env })
  const outputs = {
    run,
    'run as JSON': await cli(folder, ['run', '--keep-going', '--json'], { env }),
    'on GitHub': await cli(folder, ['run', '--keep-going'], {
      env: {
        ...env,
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        GITHUB_OUTPUT: join(folder, 'output'),
      },
    }),
    runs: await cli(folder, ['runs', 'show', '--verbose'], { env }),
    why: await cli(folder, ['why', 'careless'], { env }),
    log: await cli(folder, ['log', '--json'], { env }),
    models: await cli(folder, ['models', 'show', 'churn/1', '--json'], { env }),
  }
  // The scripts did run, and what they said is there, with the secrets taken out.
  expect(run.stdout + run.stderr).toContain('value=***')
  expect(run.stdout + run.stderr).toContain('403')
  expect(readdirSync(join(folder, 'results'))).toEqual(expect.arrayContaining(['report.json', 'run.sarif']))
  expect(leaks(folder, outputs)).toEqual([])
})

test('steps that are run alone do not either', async () => {
  const [hook, model] = await Promise.all([echoing(500), echoing(500)])
  const folder = project()
  const env = {
    ...SECRETS,
    PLIMSOLL_SIGNING_KEY: LOCKED_KEY.privateKey,
    DATABASE_URL: `postgres://app:${encodeURIComponent(DATABASE_PASSWORD)}@127.0.0.1:9/main`,
    SLACK_WEBHOOK: `${hook.url}${WEBHOOK_PATH}`,
  }
  const secretUrl = `http://user:${encodeURIComponent(SECRETS.MODEL_TOKEN)}@127.0.0.1:9/data.csv?sig=${encodeURIComponent(SECRETS.HOOK_SECRET)}`
  const lines: readonly (readonly string[])[] = [
    ['shell', 'node careless.cjs', '--verbose', '--sarif', 'results/shell.sarif'],
    ['shell', 'node careless.cjs; exit 1', '--json'],
    [
      'evaluate',
      '--model',
      `${model.url}/invocations`,
      '--test-data',
      'data.csv',
      '--label',
      'y',
      '--header',
      'X: ${secrets.MODEL_TOKEN}',
      '--json',
    ],
    ['notify', '--to', 'slack', '--url', '${secrets.SLACK_WEBHOOK}', '--message', 'the token is ${secrets.MODEL_TOKEN}'],
    ['notify', '--to', 'webhook', '--url', `${hook.url}/x`, '--secret', '${secrets.HOOK_SECRET}', '--json'],
    ['validate-schema', '--input', secretUrl, '--schema', 'schema.json'],
    ['data', 'profile', '--input', secretUrl],
    ['smoke-test', '--endpoint', secretUrl],
  ]
  const outputs: Record<string, CliResult> = {}
  for (const line of lines) outputs[line.slice(0, 4).join(' ')] = await cli(folder, line, { env })
  expect(outputs['shell node careless.cjs --verbose --sarif']!.code).toBe(0)
  expect(leaks(folder, outputs)).toEqual([])
})

test('keys and their passwords stay where they are', async () => {
  const folder = project()
  const keys = scratch({
    'ci.key': KEY.privateKey,
    'ci.pub': KEY.publicKey,
    'locked.key': LOCKED_KEY.privateKey,
    'locked.pub': LOCKED_KEY.publicKey,
  })
  const key = (name: string) => join(keys, name)
  const outputs: Record<string, CliResult> = {}
  const run = async (name: string, line: readonly string[], env: Record<string, string> = {}) =>
    (outputs[name] = await cli(folder, line, { env: { PLIMSOLL_KEY_PASSWORD: PASSPHRASE, ...env } }))

  await run('sign', ['sign', 'model.onnx', '--key', key('ci.key'), '--json'])
  await run('verify', ['verify', 'model.onnx', '--key', key('ci.pub')])
  await run('register', ['register-model', '--name', 'churn', '--model', 'model.onnx', '--key', key('locked.key')])
  await run('sign a version', ['sign', 'churn/1', '--verbose'], { PLIMSOLL_SIGNING_KEY: LOCKED_KEY.privateKey })
  await run('verify a version', ['verify', 'churn/1', '--key', key('locked.pub'), '--json'])
  expect(Object.entries(outputs).map(([name, { code }]) => [name, code])).toEqual(Object.keys(outputs).map((name) => [name, 0]))

  // Mistakes: a wrong password, a key that is damaged, the secret half where the public one belongs.
  await run('wrong password', ['sign', 'model.onnx', '--key', key('locked.key')], { PLIMSOLL_KEY_PASSWORD: SECRETS.HOOK_SECRET })
  await run('damaged key', ['sign', 'model.onnx'], { PLIMSOLL_SIGNING_KEY: LOCKED_KEY.privateKey.replace('\n', '\nAAAA') })
  await run('no key at all', ['sign', 'model.onnx'], { PLIMSOLL_SIGNING_KEY: SECRETS.MODEL_TOKEN })
  await run('secret half', ['verify', 'model.onnx', '--key', key('ci.key')])
  await run('shown', ['keys', 'show', key('locked.key')])
  await run('log', ['log'])
  await run('fsck', ['fsck'])
  for (const name of ['wrong password', 'damaged key', 'no key at all']) expect([name, outputs[name]!.code]).toEqual([name, 2])
  expect(leaks(folder, outputs)).toEqual([])

  // A key that is made is in its file alone, which only its owner may read.
  const made = await run('generate', ['keys', 'generate', '--name', 'new', '--output', keys, '--json'])
  expect(made.code).toBe(0)
  expect(statSync(key('new.key')).mode & 0o077).toBe(0)
  const body = readFileSync(key('new.key'), 'utf8')
    .split('\n')
    .filter((line) => line.length > 20 && !line.startsWith('-----'))
  for (const line of body) expect(made.stdout + made.stderr).not.toContain(line)
  expect(leaks(folder, outputs)).toEqual([])
})
