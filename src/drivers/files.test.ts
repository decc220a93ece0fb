import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, readJsonFile, requireFile, writeAtomic, writeFileAtomic } from './files.ts'

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-files-'))
  mkdirSync(join(folder, 'folder/inner'), { recursive: true })
  writeFileSync(join(folder, 'file'), 'old')
  return folder
}

test('a file is written whole, with its folders', async () => {
  const folder = scratch()
  await writeFileAtomic(join(folder, 'a/b/c.txt'), 'text')
  expect(readFileSync(join(folder, 'a/b/c.txt'), 'utf8')).toBe('text')
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['c.txt'])
})

test('a write that breaks off leaves what was there, and nothing else', async () => {
  const folder = scratch()
  const broken = writeAtomic(join(folder, 'file'), async (temporary) => {
    writeFileSync(temporary, 'half')
    throw new Error('broke')
  })
  await expect(broken).rejects.toThrow('broke')
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old')
  expect(readdirSync(folder).toSorted()).toEqual(['file', 'folder'])
})

test.each([
  ['a folder stands there', 'folder'],
  ['a file stands where a folder should be', 'file/new'],
  ['a file stands where a folder should be', 'file/new/er'],
  ['the name is too long', 'x'.repeat(300)],
])('what the system refuses is told: %s', async (reason, path) => {
  const folder = scratch()
  await expect(writeFileAtomic(join(folder, path), 'new')).rejects.toMatchObject({
    code: 'E_FILE_WRITE',
    message: expect.stringMatching(` cannot be written: ${reason}$`) as string,
  })
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old')
})

test('a folder cannot be made inside a file', async () => {
  await expect(makeFolder(join(scratch(), 'file/inner'))).rejects.toMatchObject({ code: 'E_FILE_WRITE' })
})

test('a file that must be there, and be no folder', async () => {
  const folder = scratch()
  expect(await requireFile(folder, 'file', 'The schema')).toBe(join(folder, 'file'))
  await expect(requireFile(folder, 'none', 'The schema')).rejects.toMatchObject({ code: 'E_FILE_MISSING' })
  await expect(requireFile(folder, 'folder', 'The schema')).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    message: 'The schema is a folder: folder',
  })
})

test('JSON that is none is named with its file', async () => {
  const folder = scratch()
  await expect(readJsonFile(folder, 'file', 'The report')).rejects.toMatchObject({
    code: 'E_FILE_FORMAT',
    message: expect.stringMatching(/^The report is not JSON: file: /) as string,
    location: { file: 'file' },
  })
})
