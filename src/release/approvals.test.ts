import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../core/digest.ts'
import { recordApproval, validApproval } from './approvals.ts'
import { openReleaseRecords, type DeploymentKind, type ReleaseRecords } from './records.ts'
import { releaseOf } from './release.ts'

let dir: string
let records: ReleaseRecords
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-approvals-'))
  records = openReleaseRecords(dir)
})
afterEach(async () => {
  records.close()
  await rm(dir, { recursive: true, force: true })
})

const release = (version: number) =>
  releaseOf({
    modelName: 'mortgage',
    modelVersion: String(version),
    modelDigest: sha256(`model ${version}`),
    modelExtension: '.onnx',
    imageDigest: null,
    configDigest: null,
    python: null,
  })

function moved(environment: string, version: number, kind: DeploymentKind = 'deploy'): void {
  records.saveRelease(release(version))
  const id = records.begin({
    environment,
    releaseId: release(version).id,
    previousReleaseId: null,
    kind,
    by: null,
    reason: null,
    runId: null,
    startedAt: '2026-01-01T00:00:00.000Z',
  })
  records.end(id, 'succeeded')
}

const approve = (environment: string, version: number) =>
  recordApproval(records, {
    environment,
    releaseId: release(version).id,
    approver: 'ada',
    reason: null,
    via: 'recorded',
    runId: null,
    at: new Date(),
  })

const approved = (environment: string, version: number): boolean =>
  validApproval(records, environment, release(version).id) !== undefined

test('an approval is for one release in one environment', () => {
  approve('production', 2)
  expect(approved('production', 2)).toBe(true)
  expect(approved('production', 3)).toBe(false)
  expect(approved('staging', 2)).toBe(false)
})

test('it holds while the release is being deployed and after it, for a run that is repeated', () => {
  moved('production', 1)
  approve('production', 2)
  moved('production', 2)
  expect(approved('production', 2)).toBe(true)
})

test('it does not hold after a rollback, although the environment is again where it was', () => {
  moved('production', 1)
  approve('production', 2)
  moved('production', 2)
  moved('production', 1, 'rollback')
  expect(approved('production', 2)).toBe(false)
})

test("it does not hold after somebody else's release", () => {
  moved('production', 1)
  approve('production', 2)
  moved('production', 3)
  expect(approved('production', 2)).toBe(false)
})

test('a move of another environment leaves it alone', () => {
  approve('production', 2)
  moved('staging', 3)
  expect(approved('production', 2)).toBe(true)
})
