import { expect, test } from 'vitest'
import { sha256 } from '../../core/digest.ts'
import { tar, type TarFile } from './tar.ts'

async function bytes(files: readonly TarFile[]): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of tar(files)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
const text = (path: string, content: string): TarFile => ({ path, source: { content: Buffer.from(content) } })

test('writes what GNU tar writes', async () => {
  // tar 1.34: printf weights > model.onnx; mkdir schemas; printf '{}' > schemas/input.json; chmod 755 schemas; chmod 644 *.onnx */*
  // tar --format=ustar -b 1 --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - model.onnx schemas | sha256sum
  const archive = await bytes([text('schemas/input.json', '{}'), text('model.onnx', 'weights')])
  expect(sha256(archive)).toBe('sha256:ba83f12dc774a13accc5a5b8145900180bf9e674f03df279a88a1d81abb3e141')
})

test('an empty file, a file of exactly one block, and the end of the archive are whole blocks', async () => {
  expect((await bytes([])).length).toBe(1024)
  expect((await bytes([text('empty', '')])).length).toBe(512 + 1024)
  expect((await bytes([text('full', 'x'.repeat(512))])).length).toBe(512 + 512 + 1024)
  expect((await bytes([text('more', 'x'.repeat(513))])).length).toBe(512 + 1024 + 1024)
})

test('paths that leave the archive or do not fit are refused', async () => {
  for (const path of ['/etc/passwd', '../up', 'a/../b', './a', 'n\0ul', 'x'.repeat(101)]) {
    await expect(bytes([text(path, '')])).rejects.toThrow(/A path in an archive/)
  }
})
