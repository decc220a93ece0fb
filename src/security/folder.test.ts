import { chmodSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as p from '../../test/fixtures/pickle-assembler.ts'
import { sha256 } from '../core/digest.ts'
import { scan, scanFile, scanPath, type ScanOptions } from './scan.ts'

const EVIL = p.pickle(p.call('os', 'system', p.text('true')))
const GOOD = p.pickle(p.call('collections', 'OrderedDict'))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function found(options: ScanOptions = {}): Promise<[string, string, ...string[]][]> {
  const scans = await scanPath(folder, { display: (path) => path.slice(folder.length + 1), ...options })
  return scans.map(({ path, verdict, findings }) => [path, verdict, ...findings.map(({ rule }) => rule ?? '')])
}

test('links that stay in the folder lead to what is scanned anyway; those that leave it are not examined', async () => {
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'sub', 'm.pkl'), GOOD)
  symlinkSync('m.pkl', join(folder, 'sub', 'inside'))
  symlinkSync('..', join(folder, 'sub', 'up'))
  symlinkSync('/etc/passwd', join(folder, 'outside'))
  symlinkSync('/nowhere/at/all', join(folder, 'broken'))
  symlinkSync(tmpdir(), join(folder, 'elsewhere'))
  expect(await found()).toEqual([
    ['broken', 'error', 'scan.link'],
    ['elsewhere', 'error', 'scan.link'],
    ['outside', 'error', 'scan.link'],
    [join('sub', 'm.pkl'), 'pass'],
  ])
})

test('a socket among the files is a finding, and is not opened', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(folder, 'model.pkl'), resolve))
  expect(await found()).toEqual([['model.pkl', 'fail', 'scan.special-file']])
  server.close()
})

test('what may not be read is not examined', async () => {
  if (process.getuid?.() === 0) return
  writeFileSync(join(folder, 'a.pkl'), GOOD)
  chmodSync(join(folder, 'a.pkl'), 0)
  mkdirSync(join(folder, 'b'), { mode: 0 })
  expect(await found()).toEqual([
    ['a.pkl', 'error', 'scan.unreadable'],
    ['b', 'error', 'scan.unreadable'],
  ])
})

test('hidden files are scanned, and the history of a repository is named', async () => {
  writeFileSync(join(folder, '.hidden'), EVIL)
  mkdirSync(join(folder, '.git', 'objects'), { recursive: true })
  writeFileSync(join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n')
  mkdirSync(join(folder, 'sub', '.git'), { recursive: true })
  writeFileSync(join(folder, 'sub', '.git', 'x'), EVIL)
  expect(await found()).toEqual([
    ['.git', 'pass', 'scan.skipped'],
    ['.hidden', 'fail', 'pickle.dangerous-call'],
    [join('sub', '.git', 'x'), 'fail', 'pickle.dangerous-call'],
  ])
})

test('an empty file among others is no model; an empty model is not clean', async () => {
  writeFileSync(join(folder, '__init__.py'), '')
  writeFileSync(join(folder, 'log.txt'), '')
  writeFileSync(join(folder, 'model.onnx'), '')
  expect(await found()).toEqual([
    ['__init__.py', 'pass'],
    ['log.txt', 'pass'],
    ['model.onnx', 'error', 'format.unknown'],
  ])
  expect((await scanFile(join(folder, 'log.txt'))).verdict).toBe('error')
})

test('a second name of a file is worth a note', async () => {
  writeFileSync(join(folder, 'a.pkl'), GOOD)
  linkSync(join(folder, 'a.pkl'), join(folder, 'b.pkl'))
  expect(await found()).toEqual([
    ['a.pkl', 'pass', 'scan.hard-links'],
    ['b.pkl', 'pass', 'scan.hard-links'],
  ])
})

test.each<[string, (path: string) => void]>([
  ['written to', (path) => writeFileSync(path, GOOD, { flag: 'r+' })],
  ['cut', (path) => writeFileSync(path, '')],
  ['exchanged', (path) => (writeFileSync(`${path}.new`, EVIL), renameSync(`${path}.new`, path))],
  ['touched', (path) => utimesSync(path, 1, 1)],
  ['removed', (path) => rmSync(path)],
])('a file that is %s while it is scanned is not clean', async (_how, change) => {
  const path = join(folder, 'model.pkl')
  // Long enough that the scan lets others run in the middle of it.
  writeFileSync(
    path,
    Buffer.concat([Buffer.from([0x80, 4, 0x8e, 0, 0, 0x40, 0, 0, 0, 0, 0]), Buffer.alloc(0x400000), Buffer.from('.')]),
  )
  const scanning = scanFile(path)
  setImmediate(() => change(path))
  const { verdict, findings } = await scanning
  expect(verdict).toBe('error')
  expect(findings.map(({ rule }) => rule)).toContain('scan.changed')
})

test('a file that is exchanged after the scan has another digest', async () => {
  const path = join(folder, 'model.pkl')
  writeFileSync(path, GOOD)
  const { digest, verdict } = await scanFile(path)
  writeFileSync(path, EVIL)
  expect(verdict).toBe('pass')
  expect([sha256(GOOD), sha256(EVIL)].indexOf(digest)).toBe(0)
})

test('one way in for bytes, a file and a folder', async () => {
  const path = join(folder, 'model.pkl')
  writeFileSync(path, EVIL)
  for (const input of [EVIL, path, folder]) expect((await scan(input)).map(({ verdict }) => verdict)).toEqual(['fail'])
  const undigested = await scanFile(path, { digest: false })
  expect(undigested).toMatchObject({ verdict: 'fail' })
  expect(undigested).not.toHaveProperty('digest')
  await expect(scan(join(folder, 'none'))).rejects.toThrow('ENOENT')
})
