import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stepContext } from '../../test/fixtures/step-context.ts'
import { sha256 } from '../core/digest.ts'
import { train } from './train.ts'

function project(files: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'plimsoll-train-'))
  for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text)
  const context = stepContext(cwd, { git: { commit: 'abc', branch: 'main', dirty: true } })
  return { cwd, train: (given: Record<string, unknown>) => train.run(context, train.params.parse(given)) }
}

test('what went into the model is recorded', async () => {
  const { cwd, train } = project({
    'it config.json': '{"rate":0.1,"layers":[4,2]}',
    'rows.csv': 'a\n1\n',
    'train.js': `const fs = require('fs'); const [config, seed] = process.argv.slice(2)
      fs.writeFileSync(process.env.PLIMSOLL_MODEL, JSON.stringify([JSON.parse(fs.readFileSync(config)).rate, seed, process.env.PYTHONHASHSEED, process.env.PLIMSOLL_DATA]))
      fs.writeFileSync(process.env.PLIMSOLL_METRICS, JSON.stringify({ train: { auc: 0.9 }, rounds: 7 }))`,
  })
  const report = await train({
    command: 'node train.js {config} {seed} {other}',
    config: 'it config.json',
    data: 'rows.csv',
    model: 'artifacts/model.bin',
    metrics: 'out/metrics.json',
    seed: 42,
  })
  expect(report.verdict).toBe('pass')
  const model = '[0.1,"42","42","rows.csv"]'
  expect(readFileSync(join(cwd, 'artifacts/model.bin'), 'utf8')).toBe(model)
  const record = JSON.parse(readFileSync(join(cwd, 'results/training.json'), 'utf8')) as Record<string, unknown>
  expect(record).toMatchObject({
    schemaVersion: 1,
    command: 'node train.js {config} {seed} {other}',
    seed: 42,
    parameters: { rate: 0.1, layers: [4, 2] },
    config: { path: 'it config.json', digest: sha256('{"rate":0.1,"layers":[4,2]}') },
    data: { path: 'rows.csv', digest: sha256('a\n1\n') },
    model: { path: 'artifacts/model.bin', digest: sha256(model), bytes: model.length },
    metrics: { train: { auc: 0.9 }, rounds: 7 },
    git: { commit: 'abc', branch: 'main', dirty: true },
    tools: { node: process.version },
  })
  expect(report.artifacts.map(({ path }) => path)).toEqual(['artifacts/model.bin', 'results/training.json'])
  expect(report.results.flatMap(({ measurements }) => measurements)).toEqual([
    { name: 'train.auc', value: 0.9 },
    { name: 'rounds', value: 7 },
  ])
  expect(report.summary).toContain('train.auc 0.9, rounds 7')
})

test.each([
  ['a model of an earlier run', { command: 'true', model: 'old.bin' }, 'old.bin is from an earlier run'],
  ['no model', { command: 'true', model: 'new.bin' }, 'did not write new.bin'],
  ['an empty model', { command: ': > new.bin', model: 'new.bin' }, 'new.bin is empty'],
  ['no metrics', { command: 'echo x > m', model: 'm', metrics: 'old.json' }, 'old.json is from an earlier run'],
  ['metrics that are none', { command: 'echo x > m; echo NaN > n.json', model: 'm', metrics: 'n.json' }, 'n.json is not JSON'],
  [
    'metrics without a number',
    { command: 'echo x > m; echo {} > n.json', model: 'm', metrics: 'n.json' },
    'n.json holds no number',
  ],
])('%s: an error, and no record', async (_title, given, message) => {
  const { cwd, train } = project({ 'old.bin': 'old', 'old.json': '{"a":1}' })
  const report = await train(given)
  expect(report.verdict).toBe('error')
  expect(report.summary).toContain(message)
  expect(() => readFileSync(join(cwd, 'results/training.json'))).toThrow('ENOENT')
})

test('a command that fails is a failure; a configuration or data that is not there is said before anything runs', async () => {
  const { train } = project()
  expect(await train({ command: 'exit 2', model: 'm' })).toMatchObject({
    verdict: 'fail',
    results: [{ check: 'train.exit-code' }],
  })
  await expect(train({ command: 'true', model: 'm', config: 'none.json' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  await expect(train({ command: 'true', model: 'm', data: 'none/*.csv' })).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})

test('a model that is a folder has one digest for all of it', async () => {
  const { train } = project()
  const given = { command: 'mkdir -p m/v; echo a > m/a; echo b > m/v/b', model: 'm' }
  const [first, second] = [await train(given), await train(given)]
  expect(first.artifacts[0]).toMatchObject({ path: 'm', bytes: 4 })
  expect(second.artifacts[0]!.digest).toBe(first.artifacts[0]!.digest)
})
