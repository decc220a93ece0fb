import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/drivers/self.ts'
import { scanPath } from '../../src/security/scan.ts'
import { lacks, TORCH_PYTHON } from './peers.ts'

describe.skipIf(lacks('python3-torch'))('networks of PyTorch, written by PyTorch (python3-torch)', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-benign-'))
    execFileSync(TORCH_PYTHON!, [join(packageRoot, 'test/interop/python/benign_networks.py'), folder])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('pass without a finding: whole, as state, as checkpoints, traced and scripted, in both formats of torch.save', async () => {
    const scans = await scanPath(folder)
    expect(scans.length).toBeGreaterThan(110)
    expect(scans.filter(({ verdict }) => verdict !== 'pass').map(({ path, findings }) => [path, findings])).toEqual([])
  })
})
