import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { packageRoot } from '../../src/drivers/self.ts'
import { lacks, python } from './peers.ts'

test.skipIf(lacks('python3-sklearn'))(
  'examples/mortgage-sklearn, from data to production (python3-sklearn, python3-pandas)',
  async () => {
    const project = join(await mkdtemp(join(tmpdir(), 'plimsoll-mortgage-sklearn-')), 'project')
    await cp(join(packageRoot, 'examples/mortgage-sklearn'), project, {
      recursive: true,
      filter: (path) => !/[\\/](artifacts|results|\.plimsoll|__pycache__)$/.test(path),
    })
    const env = { ...process.env, PLIMSOLL_PYTHON: python!, LOAD_TEST_DURATION: '6s' }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(packageRoot, 'bin/plimsoll.js'), 'run', '--branch', 'main', '--yes'],
      { cwd: project, env, encoding: 'utf8' },
    )
    expect(status, `${stdout}\n${stderr}`).toBe(0)
    const report = JSON.parse(await readFile(join(project, 'results/report.json'), 'utf8')) as Report
    expect(report.children.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['data-validation', 'pass'],
      ['unit-tests', 'pass'],
      ['integration-tests', 'pass'],
      ['model-training', 'pass'],
      ['model-validation', 'pass'],
      ['build-and-push', 'pass'],
      ['deploy-staging', 'pass'],
      ['deploy-production', 'pass'],
    ])
  },
)
