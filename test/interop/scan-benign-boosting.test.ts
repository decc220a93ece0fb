import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/drivers/self.ts'
import { scanPath } from '../../src/security/scan.ts'
import { lacks, PYPI_PYTHON } from './peers.ts'

describe.each([
  ['xgboost', 'xgboost-cpu', 200],
  ['lightgbm', 'lightgbm', 100],
  ['catboost', 'catboost', 80],
] as const)('models of %s, written by itself (%s)', (framework, peer, count) => {
  describe.skipIf(lacks(peer) || lacks('scikit-learn'))(`${peer} and scikit-learn`, () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'plimsoll-benign-'))
      execFileSync(PYPI_PYTHON, [join(packageRoot, 'test/interop/python/benign_boosting.py'), folder, framework])
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))

    test('pass without a finding: every protocol, and joblib in every compression', async () => {
      const scans = await scanPath(folder)
      expect(scans.length).toBeGreaterThan(count)
      expect(scans.filter(({ verdict }) => verdict !== 'pass').map(({ path, findings }) => [path, findings])).toEqual([])
    })

    test.skipIf(lacks('mlflow-skinny'))('are saved as a folder by MLflow too (mlflow-skinny)', async () => {
      const saved = (await readdir(folder)).filter((name) => name.startsWith('mlflow-'))
      expect(saved.length).toBe(1)
      expect(await readdir(join(folder, saved[0]!))).toContain('MLmodel')
    })
  })
})
