import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linearModel } from '../fixtures/linear-model.ts'
import { cli, scratch } from './cli.ts'

const PASSWORD = 'tr0ub4dor-and-the-harbour'

/** Every spelling in which a secret could be found again. */
const spellings = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
]

/** Files below a folder, but for the key's own, that hold one of the secrets. */
function leaks(folder: string, secrets: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name)
    if (!statSync(path).isFile() || name.endsWith('.key')) return false
    const content = readFileSync(path, 'latin1')
    return secrets.flatMap(spellings).some((spelling) => content.includes(spelling))
  })
}

/** The lines of a PEM file that are its key. */
const bodyOf = (pem: string): string[] => pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'))

const PIPELINE = `name: signed
stages:
  train:
    steps:
      # Prints all that it is given, and keeps it.
      - run: env | tee artifacts/environment.txt
  register:
    needs: [train]
    steps:
      - register-model: { name: mortgage, model: artifacts/model.onnx }
      - verify: { model: mortgage/1, trust: trust.yaml }
`

test.each(['the path of the key', 'the key itself'])(
  'a run that signs with %s leaves nothing of it anywhere',
  async (how) => {
    const folder = scratch({ 'plimsoll.yaml': PIPELINE, 'trust.yaml': 'keys: [ci.pub]\nrequire: [signature, security-scan]\n' })
    mkdirSync(join(folder, 'artifacts'))
    writeFileSync(join(folder, 'artifacts/model.onnx'), linearModel(1))
    const locked = how === 'the path of the key'
    const made = await cli(folder, ['keys', 'generate', '--name', 'ci'], {
      env: locked ? { PLIMSOLL_KEY_PASSWORD: PASSWORD } : {},
    })
    expect(made.code).toBe(0)
    expect(statSync(join(folder, 'ci.key')).mode & 0o777).toBe(0o600)
    const pem = readFileSync(join(folder, 'ci.key'), 'utf8')
    expect(pem.includes('ENCRYPTED')).toBe(locked)
    const env = locked ? { PLIMSOLL_SIGNING_KEY: 'ci.key', PLIMSOLL_KEY_PASSWORD: PASSWORD } : { PLIMSOLL_SIGNING_KEY: pem }
    const outputs = [
      made,
      await cli(folder, ['run', '--verbose'], { env }),
      await cli(folder, ['sign', 'mortgage/1', '--json', '--verbose'], { env }),
      await cli(folder, ['verify', 'mortgage/1', '--verbose'], { env }),
      await cli(folder, ['deploy', '--environment', 'production', '--version', 'mortgage/1', '--json'], { env }),
      await cli(folder, ['environments', 'show', 'production'], { env }),
      await cli(folder, ['keys', 'show', 'ci.key'], { env }),
      await cli(folder, ['sign', 'mortgage/1'], { env: { ...env, PLIMSOLL_KEY_PASSWORD: 'wrong', PLIMSOLL_DEBUG: '1' } }),
      await cli(folder, ['environments', 'stop', '--all'], { env }),
    ]
    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 0, locked ? 2 : 0, 0])
    const secrets = [...bodyOf(pem), PASSWORD]
    for (const secret of secrets) expect(JSON.stringify(outputs)).not.toContain(secret)
    expect(leaks(folder, secrets)).toEqual([])
    // What was looked for could have been found: the attestations and the database are there, and the script saw its environment.
    expect(readdirSync(join(folder, 'results/attestations'))).toContain('model.sig')
    expect(readFileSync(join(folder, 'artifacts/environment.txt'), 'utf8')).toContain('PLIMSOLL_RUN=')
    expect(readFileSync(join(folder, 'artifacts/environment.txt'), 'utf8')).not.toContain('PLIMSOLL_SIGNING_KEY')
  },
  120_000,
)

test('a key is not made where git would commit it, nor over another one', async () => {
  const folder = scratch({ 'plimsoll.yaml': 'name: p\nstages: { s: { steps: [{ run: "true" }] } }\n' })
  const { execFileSync } = await import('node:child_process')
  execFileSync('git', ['init', '-q'], { cwd: folder })
  const refused = await cli(folder, ['keys', 'generate'])
  expect({ code: refused.code, told: refused.stderr }).toMatchObject({
    code: 2,
    told: expect.stringContaining('does not ignore it') as string,
  })
  expect(readdirSync(folder)).not.toContain('plimsoll.key')
  writeFileSync(join(folder, '.gitignore'), '*.key\n')
  expect((await cli(folder, ['keys', 'generate'])).code).toBe(0)
  const again = await cli(folder, ['keys', 'generate'])
  expect({ code: again.code, told: again.stderr }).toMatchObject({
    code: 2,
    told: expect.stringContaining('exists already') as string,
  })
  const shown = await cli(folder, ['keys', 'show', 'plimsoll.pub', '--json'])
  expect(JSON.parse(shown.stdout)).toMatchObject({
    type: 'ecdsa-p256',
    id: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    secret: false,
  })
})
