import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/drivers/self.ts'
import { Budget } from '../../src/security/budget.ts'
import { Examination } from '../../src/security/examination.ts'
import { judge } from '../../src/security/policy/policy.ts'
import { scanPickle } from '../../src/security/pickle/scan-pickle.ts'
import { scanPath } from '../../src/security/scan.ts'
import { memorySource } from '../../src/security/source.ts'
import { lacks, python } from './peers.ts'

describe.skipIf(lacks('python3-sklearn'))('models of scikit-learn, written by scikit-learn (python3-sklearn)', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-benign-'))
    execFileSync(python!, [join(packageRoot, 'test/interop/python/benign_models.py'), folder])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('pass without a finding: every protocol, joblib, compressed, npy and npz', async () => {
    const scans = (await scanPath(folder)).filter(({ path }) => !path.endsWith('.names'))
    expect(scans.length).toBeGreaterThan(270)
    expect(scans.filter(({ verdict }) => verdict !== 'pass').map(({ path, findings }) => [path, findings])).toEqual([])
  })

  test('import what the scanner says: every name that CPython looks up is in its table', async () => {
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.names'))) {
      const names = (await readFile(join(folder, file), 'utf8')).split('\n')
      const examination = new Examination({
        budget: new Budget(),
        examine: () => Promise.resolve(),
        level: 'framework',
        judge,
        neighbours: new Set(),
      })
      const bytes = await readFile(join(folder, file.replace('.names', '.pkl')))
      const scan = await scanPickle(memorySource(bytes), { examination, name: file, depth: 0, base: 0, stream: undefined })
      const seen = new Set(scan.imports.map(({ module, name }) => `${module} ${name}`))
      expect(names.filter((name) => !seen.has(name))).toEqual([])
    }
  })
})
