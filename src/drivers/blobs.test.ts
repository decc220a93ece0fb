import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../core/digest.ts'
import { openBlobs } from './blobs.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-blobs-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const blobPath = (digest: string): string => join(dir, 'blobs', 'sha256', digest.slice('sha256:'.length))

test('a blob is found under the digest of its content, and putting it twice keeps one file and nothing temporary', async () => {
  const file = join(dir, 'model.onnx')
  await writeFile(file, 'weights')
  const blobs = openBlobs(dir)
  const put = await Promise.all(Array.from({ length: 8 }, () => blobs.putFile(file)))
  expect(new Set(put.map((blob) => blob.digest))).toEqual(new Set([sha256('weights')]))
  expect(put[0]!.bytes).toBe(7)
  expect(await readdir(join(dir, 'blobs', 'sha256'))).toEqual([sha256('weights').slice(7)])
  expect(await readFile(await blobs.verified(sha256('weights')), 'utf8')).toBe('weights')
})

test('a damaged blob is noticed when it is read, and healed when the same content is put again', async () => {
  const file = join(dir, 'model.onnx')
  await writeFile(file, 'weights')
  const blobs = openBlobs(dir)
  const { digest } = await blobs.putFile(file)
  await chmod(blobPath(digest), 0o644)
  await writeFile(blobPath(digest), 'weighty')
  await expect(blobs.verified(digest)).rejects.toMatchObject({ code: 'E_STATE' })
  await expect(blobs.copyTo(digest, join(dir, 'copy'))).rejects.toMatchObject({ code: 'E_STATE' })
  await blobs.putFile(file)
  expect(await readFile(await blobs.verified(digest), 'utf8')).toBe('weights')
})

test('a copy is a file of its own: changing it leaves the blob whole', async () => {
  const file = join(dir, 'model.onnx')
  await writeFile(file, 'weights')
  const blobs = openBlobs(dir)
  const { digest } = await blobs.putFile(file)
  const copy = join(dir, 'deep', 'copy.onnx')
  await blobs.copyTo(digest, copy)
  expect((await stat(copy)).ino).not.toBe((await stat(blobPath(digest))).ino)
  await chmod(copy, 0o644)
  await writeFile(copy, 'other')
  expect(await readFile(await blobs.verified(digest), 'utf8')).toBe('weights')
})

test('a missing blob and a name that is no digest are told apart', async () => {
  const blobs = openBlobs(dir)
  await expect(blobs.verified(sha256('nothing'))).rejects.toMatchObject({ code: 'E_NOT_FOUND' })
  await expect(blobs.verified('sha256:../../etc/passwd')).rejects.toMatchObject({ code: 'E_VALUE' })
})
