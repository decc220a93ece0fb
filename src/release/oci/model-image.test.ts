import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../../core/digest.ts'
import type { Index } from './layout.ts'
import { MODEL_ARTIFACT_TYPE, writeModelImage, type ModelImage } from './model-image.ts'
import { verifyLayout } from './verify-layout.ts'

let dir: string
let image: ModelImage
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-image-'))
  await writeFile(join(dir, 'model.onnx'), 'weights')
  await writeFile(join(dir, 'input.json'), '{}')
  image = {
    name: 'mortgage',
    version: '3',
    modelDigest: sha256('weights'),
    model: { file: join(dir, 'model.onnx'), path: 'model.onnx' },
    files: [{ file: join(dir, 'input.json'), path: 'schemas/input.json' }],
    format: 'onnx',
    revision: '0123456789abcdef0123456789abcdef01234567',
    source: 'https://example.org/mortgage',
    createdEpoch: 0,
  }
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('the same input gives the same digest, whenever, wherever and over whatever it is built', async () => {
  const first = await writeModelImage(join(dir, 'one'), image)
  await utimes(join(dir, 'model.onnx'), 1_000_000, 1_000_000)
  const second = await writeModelImage(join(dir, 'deep', 'two'), image)
  const over = await writeModelImage(join(dir, 'one'), image)
  expect(second.descriptor).toEqual(first.descriptor)
  expect(over.descriptor).toEqual(first.descriptor)
  expect(await readFile(join(dir, 'one', 'index.json'))).toEqual(await readFile(join(dir, 'deep', 'two', 'index.json')))
  // Pinned, so that a change of what is written is a decision and not an accident.
  expect(first.descriptor.digest).toBe('sha256:490761490a00a1d8001aca3ca26c60f00b9b046b164c7aaf0a8bfa2547d6edf0')
  expect((await readdir(dir)).toSorted()).toEqual(['deep', 'input.json', 'model.onnx', 'one'])
})

test('every descriptor of the layout agrees with its bytes, and the artifact says what it is', async () => {
  const { descriptor } = await writeModelImage(join(dir, 'image'), image)
  const { digest, manifest } = await verifyLayout(join(dir, 'image'))
  expect(digest).toBe(descriptor.digest)
  expect(manifest.artifactType).toBe(MODEL_ARTIFACT_TYPE)
  expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual([
    'application/vnd.cncf.model.weight.v1.tar',
    'application/vnd.cncf.model.weight.config.v1.tar',
  ])
  expect(manifest.annotations).toMatchObject({
    'org.opencontainers.image.created': '1970-01-01T00:00:00Z',
    'org.opencontainers.image.revision': image.revision,
    'org.opencontainers.image.version': '3',
  })
  const blob = (name: string) => readFile(join(dir, 'image', 'blobs', 'sha256', name.slice('sha256:'.length)))
  const config = JSON.parse((await blob(manifest.config.digest)).toString()) as { modelfs: { diffIds: string[] } }
  expect(config.modelfs.diffIds).toEqual(manifest.layers.map((layer) => layer.digest))
  const weights = await blob(manifest.layers[0]!.digest)
  expect(weights.subarray(512, 519).toString()).toBe('weights')
  expect(await readdir(join(dir, 'image', 'blobs', 'sha256'))).toHaveLength(4)
  const index = JSON.parse(await readFile(join(dir, 'image', 'index.json'), 'utf8')) as Index
  expect(index.manifests[0]).toMatchObject({ ...descriptor, annotations: { 'org.opencontainers.image.ref.name': '3' } })
})

test('only the weights layer differs between two models of the same code', async () => {
  const before = await writeModelImage(join(dir, 'before'), image)
  await writeFile(join(dir, 'model.onnx'), 'retrained')
  const after = await writeModelImage(join(dir, 'after'), { ...image, modelDigest: sha256('retrained') })
  expect(after.manifest.layers[0]!.digest).not.toBe(before.manifest.layers[0]!.digest)
  expect(after.manifest.layers[1]).toEqual(before.manifest.layers[1])
  expect(after.descriptor.digest).not.toBe(before.descriptor.digest)
})

test('a changed blob, a missing blob and a folder that is no layout are noticed', async () => {
  const { manifest } = await writeModelImage(join(dir, 'image'), image)
  const weights = join(dir, 'image', 'blobs', 'sha256', manifest.layers[0]!.digest.slice('sha256:'.length))
  const bytes = await readFile(weights)
  bytes[512]! ^= 1
  await writeFile(weights, bytes)
  await expect(verifyLayout(join(dir, 'image'))).rejects.toMatchObject({ code: 'E_STATE' })
  await rm(weights)
  await expect(verifyLayout(join(dir, 'image'))).rejects.toMatchObject({ code: 'E_STATE' })
  await expect(verifyLayout(dir)).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
})

test("a folder of the user's own is not replaced", async () => {
  await mkdir(join(dir, 'mine'))
  await writeFile(join(dir, 'mine', 'thesis.txt'), 'years of work')
  await expect(writeModelImage(join(dir, 'mine'), image)).rejects.toMatchObject({ code: 'E_CONFLICT' })
  expect(await readFile(join(dir, 'mine', 'thesis.txt'), 'utf8')).toBe('years of work')
})
