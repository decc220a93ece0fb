import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linearModel } from '../fixtures/linear-model.ts'
import { cli, scratch } from './cli.ts'
import { processesLeft } from './support/processes.ts'

test('a stage that deploys and tells of it: nothing is told anew while nothing moved; a new model or a moved environment is', async () => {
  const folder = scratch({
    'plimsoll.yaml': `
name: demo
stages:
  release:
    steps:
      - approve: { environment: production, model: model.onnx }
      - deploy: { environment: production, model: model.onnx }
      - notify: { environment: production }
`,
  })
  const model = (intercept: number) => writeFileSync(join(folder, 'model.onnx'), linearModel(intercept))
  const run = async () => {
    const { stdout, stderr, code } = await cli(folder, ['run', '--yes'])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    return /✔ {2}release .* cached$/m.test(stdout) ? 'cached' : 'run'
  }
  model(1)
  expect([await run(), await run()]).toEqual(['run', 'cached'])
  model(2)
  expect([await run(), await run()]).toEqual(['run', 'cached'])
  expect((await cli(folder, ['rollback', '--environment', 'production'])).code).toBe(0)
  expect((await cli(folder, ['environments', 'stop', '--all'])).code).toBe(0)
  expect([await run(), await run()]).toEqual(['run', 'cached'])
  // Back to what was cached once: production is elsewhere now.
  model(1)
  expect([await run(), await run()]).toEqual(['run', 'cached'])
  expect(await processesLeft(folder)).toEqual([])
})
