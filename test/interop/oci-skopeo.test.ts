import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/core/digest.ts'
import type { Manifest } from '../../src/release/oci/layout.ts'
import { writeModelImage } from '../../src/release/oci/model-image.ts'
import { verifyLayout } from '../../src/release/oci/verify-layout.ts'
import { lacks } from './peers.ts'

const run = promisify(execFile)
let dir: string
let digest: string
let manifest: Manifest
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plimsoll-skopeo-'))
  await writeFile(join(dir, 'model.onnx'), Buffer.alloc(100_000, 'weights'))
  const written = await writeModelImage(join(dir, 'image'), {
    name: 'mortgage',
    version: '3',
    modelDigest: sha256(Buffer.alloc(100_000, 'weights')),
    model: { file: join(dir, 'model.onnx'), path: 'model.onnx' },
    files: [{ file: join(dir, 'model.onnx'), path: 'configs/a file with spaces.json' }],
    format: 'onnx',
    revision: null,
    source: null,
    createdEpoch: 0,
  })
  digest = written.descriptor.digest
  manifest = written.manifest
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe.skipIf(lacks('skopeo'))('skopeo', () => {
  test('reads the manifest under its tag', async () => {
    // Without --raw, inspect wants the configuration of a container image, which a model is not.
    const { stdout } = await run('skopeo', ['inspect', '--raw', `oci:${join(dir, 'image')}:3`])
    expect(sha256(stdout)).toBe(digest)
    expect(JSON.parse(stdout)).toEqual(manifest)
  })

  test('copies the image, and every byte of it arrives', async () => {
    await run('skopeo', ['copy', `oci:${join(dir, 'image')}:3`, `oci:${join(dir, 'copy')}:other`])
    expect((await verifyLayout(join(dir, 'copy'))).digest).toBe(digest)
  })
})

test('tar unpacks the weights', async () => {
  const layer = join(dir, 'image', 'blobs', 'sha256', manifest.layers[0]!.digest.slice('sha256:'.length))
  const { stdout } = await run('tar', ['-xOf', layer, 'model.onnx'], { encoding: 'buffer', maxBuffer: 1 << 20 })
  expect(stdout).toEqual(Buffer.alloc(100_000, 'weights'))
})
