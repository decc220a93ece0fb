import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exec } from '../../drivers/exec.ts'
import { openReleaseRecords, type ReleaseRecords } from '../records.ts'
import { withLease } from './lease.ts'

let dir: string
let one: ReleaseRecords
let two: ReleaseRecords
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-lease-'))
  one = openReleaseRecords(dir)
  two = openReleaseRecords(dir)
})
afterEach(async () => {
  one.close()
  two.close()
  await rm(dir, { recursive: true, force: true })
})

test('work under one name is done one after the other, under two names side by side', async () => {
  const log: string[] = []
  const work = (who: string, name: string, records: ReleaseRecords) =>
    withLease(records.database, name, { waitMs: 10_000 }, async () => {
      log.push(`${who} begins`)
      await sleep(150)
      log.push(`${who} ends`)
    })
  await Promise.all([work('a', 'staging', one), work('b', 'staging', two), work('c', 'production', one)])
  expect(log.indexOf('c begins')).toBeLessThan(log.indexOf('a ends'))
  const staging = log.filter((line) => !line.startsWith('c'))
  expect(staging).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})

test('the lease is let go of when the work throws', async () => {
  const failing = withLease(one.database, 'staging', { waitMs: 1000 }, () => Promise.reject(new Error('broken')))
  await expect(failing).rejects.toThrow('broken')
  expect(await withLease(two.database, 'staging', { waitMs: 1000 }, () => Promise.resolve('done'))).toBe('done')
})

test('waiting ends in a clear error that names the other process', async () => {
  await withLease(one.database, 'staging', { waitMs: 1000 }, async () => {
    const second = withLease(two.database, 'staging', { waitMs: 0 }, () => Promise.resolve())
    await expect(second).rejects.toMatchObject({
      code: 'E_CONFLICT',
      message: expect.stringContaining(String(process.pid)) as string,
    })
  })
})

test('a holder whose process has ended is succeeded at once', async () => {
  let ended = 0
  await exec([process.execPath, '-e', 'console.log(process.pid)'], {
    cwd: dir,
    env: {},
    onLine: (line) => (ended = Number(line)),
  })
  one.database.run('INSERT INTO lease VALUES (?, ?, ?, ?)', 'staging', 'gone', ended, Date.now() + 60_000)
  expect(await withLease(two.database, 'staging', { waitMs: 0 }, () => Promise.resolve('done'))).toBe('done')
})
