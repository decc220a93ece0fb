import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../core/digest.ts'
import { exec } from '../drivers/exec.ts'
import { builtModule } from '../drivers/self.ts'
import { openDatabase } from '../drivers/sqlite.ts'
import type { Lineage, Registration } from './model-version.ts'
import { openRegistry, type Registry } from './registry.ts'

let dir: string
let registry: Registry
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-registry-'))
  registry = openRegistry(dir)
})
afterEach(async () => {
  registry.close()
  await rm(dir, { recursive: true, force: true })
})

const lineage = (seed: number): Lineage => ({
  data: { path: 'data/raw', digest: sha256('data') },
  config: null,
  code: { commit: 'c0ffee', dirty: false },
  environment: { node: '20.19.0' },
  command: null,
  seed,
  parameters: { rate: 0.1 },
})

async function registration(weights: string, seed = 1): Promise<Registration> {
  const modelFile = join(dir, 'model.onnx')
  await writeFile(modelFile, weights)
  return {
    name: 'mortgage',
    modelFile,
    digest: sha256(weights),
    lineage: lineage(seed),
    metrics: { accuracy: 0.9 },
    reports: [{ name: 'validate-model', verdict: 'pass', summary: '5 of 5 tests passed' }],
    runId: 'r1',
    at: new Date('2026-01-02T03:04:05Z'),
  }
}

test('versions count from 1; the same weights and lineage are the same version; either differing makes a new one', async () => {
  const first = await registry.register(await registration('a'))
  const again = await registry.register({ ...(await registration('a')), runId: 'r2', at: new Date(), metrics: {} })
  const otherWeights = await registry.register(await registration('b'))
  const otherLineage = await registry.register(await registration('a', 2))
  expect([first, again, otherWeights, otherLineage].map(({ version, isNew }) => [version.version, isNew])).toEqual([
    [1, true],
    [1, false],
    [2, true],
    [3, true],
  ])
  expect(again.version).toEqual(first.version)
  expect(first.version).toMatchObject({
    name: 'mortgage',
    digest: sha256('a'),
    file: 'model.onnx',
    bytes: 1,
    lineage: lineage(1),
    metrics: { accuracy: 0.9 },
    reports: [{ name: 'validate-model' }],
    runId: 'r1',
    createdAt: '2026-01-02T03:04:05.000Z',
  })
  expect(registry.versions('mortgage').map(({ version }) => version)).toEqual([3, 2, 1])
})

test('references resolve to the newest, to a number and to an alias; a wrong one says what there is', async () => {
  await registry.register(await registration('a'))
  await registry.register(await registration('b'))
  registry.moveAlias({ name: 'mortgage', version: 1, alias: 'champion', by: 'ada', at: new Date() })
  expect(registry.resolve('mortgage').version).toBe(2)
  expect(registry.resolve('mortgage/1').version).toBe(1)
  expect(registry.resolve('mortgage@champion')).toMatchObject({ version: 1, aliases: ['champion'] })
  expect(() => registry.resolve('mortgage/3')).toThrow(
    expect.objectContaining({ code: 'E_NOT_FOUND', hint: 'mortgage has the versions 1 to 2.' }),
  )
  expect(() => registry.resolve('mortgage@champoin')).toThrow(
    expect.objectContaining({ code: 'E_NOT_FOUND', hint: 'Did you mean "champion"?' }),
  )
  expect(() => registry.resolve('mortgag')).toThrow(
    expect.objectContaining({ code: 'E_NOT_FOUND', hint: 'Did you mean "mortgage"?' }),
  )
  for (const bad of ['', 'a/0', 'a/b', 'a@', 'a@1', '../x', 'a/1@b']) {
    expect(() => registry.resolve(bad)).toThrow(expect.objectContaining({ code: 'E_VALUE' }))
  }
})

test('every move of an alias is kept, a move to where it points already is none, and only versions that exist can be named', async () => {
  await registry.register(await registration('a'))
  await registry.register(await registration('b'))
  const move = (version: number, day: number) =>
    registry.moveAlias({ name: 'mortgage', version, alias: 'champion', by: 'ada', at: new Date(Date.UTC(2026, 0, day)) })
  expect([move(1, 1), move(2, 2), move(2, 3), move(1, 4)]).toEqual([
    { previousVersion: null },
    { previousVersion: 1 },
    { previousVersion: 2 },
    { previousVersion: 2 },
  ])
  expect(registry.aliasHistory('mortgage').map(({ version, previousVersion, at }) => [version, previousVersion, at])).toEqual([
    [1, 2, '2026-01-04T00:00:00.000Z'],
    [2, 1, '2026-01-02T00:00:00.000Z'],
    [1, null, '2026-01-01T00:00:00.000Z'],
  ])
  expect(() => move(9, 5)).toThrow(expect.objectContaining({ code: 'E_NOT_FOUND' }))
  expect(registry.resolve('mortgage@champion').version).toBe(1)
})

test('a version in the database cannot be changed', async () => {
  await registry.register(await registration('a'))
  const database = openDatabase(join(dir, 'plimsoll.db'), 'registry', ['', ''])
  expect(() => database.run("UPDATE model_version SET digest = 'x'")).toThrow('a model version never changes')
  database.close()
})

test('a model file that is not what was admitted is refused', async () => {
  const honest = await registration('a')
  await writeFile(honest.modelFile, 'swapped')
  await expect(registry.register(honest)).rejects.toMatchObject({ code: 'E_CONFLICT' })
  expect(registry.models()).toEqual([])
})

test('a damaged blob is noticed before it is used', async () => {
  const { version } = await registry.register(await registration('a'))
  const path = await registry.modelBlob(version)
  await chmod(path, 0o644)
  await writeFile(path, 'x')
  await expect(registry.modelBlob(version)).rejects.toMatchObject({ code: 'E_STATE' })
  await expect(registry.copyModel(version, join(dir, 'out.onnx'))).rejects.toMatchObject({ code: 'E_STATE' })
})

test('the state of a model changes with a version and with an alias, and with nothing else', async () => {
  const empty = registry.stateOf('mortgage')
  await registry.register(await registration('a'))
  const one = registry.stateOf('mortgage')
  await registry.register(await registration('a'))
  expect(registry.stateOf('mortgage')).toBe(one)
  registry.moveAlias({ name: 'mortgage', version: 1, alias: 'staging', by: null, at: new Date() })
  const aliased = registry.stateOf('mortgage')
  await registry.register({ ...(await registration('a')), name: 'other' })
  expect(registry.stateOf('mortgage')).toBe(aliased)
  expect(new Set([empty, one, aliased]).size).toBe(3)
})

test('processes that register at once get numbers without a gap, and one number for the same content', async () => {
  const script = `
    import { writeFile } from 'node:fs/promises'
    import { createHash } from 'node:crypto'
    const { openRegistry } = await import(process.argv[1])
    const [dir, who] = process.argv.slice(2)
    const registry = openRegistry(dir)
    for (const weights of ['shared', who + '-1', 'also shared', who + '-2', 'shared']) {
      const modelFile = dir + '/' + who + '.onnx'
      await writeFile(modelFile, weights)
      const digest = 'sha256:' + createHash('sha256').update(weights).digest('hex')
      const lineage = { data: null, config: null, code: { commit: null, dirty: false }, environment: {}, command: null, seed: null, parameters: {} }
      await registry.register({ name: 'm', modelFile, digest, lineage, metrics: {}, reports: [], runId: null, at: new Date() })
    }`
  const module = new URL(`file://${builtModule('registry/registry')}`).href
  const run = (who: string) =>
    exec([process.execPath, '--input-type=module', '-e', script, module, dir, who], {
      cwd: dir,
      env: { PATH: process.env['PATH'] ?? '' },
    })
  const results = await Promise.all(['ada', 'bea', 'cyn', 'dot'].map(run))
  for (const result of results) expect(result.tail.join('\n')).toBe('')
  expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0, 0])
  const versions = registry.versions('m').toReversed()
  expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(new Set(versions.map(({ digest }) => digest)).size).toBe(10)
})
