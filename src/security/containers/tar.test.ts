import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { tar } from '../../../test/fixtures/tar-builder.ts'
import { scanBytes } from '../scan.ts'

const EVIL = Buffer.from(p.pickle(p.call('os', 'system', p.text('true'))))
const GOOD = Buffer.from(p.pickle(p.call('collections', 'OrderedDict')))

async function rules(bytes: Uint8Array, name = 'model.tar'): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, name)
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

test('members are examined, in compressed archives too', async () => {
  const bytes = tar([
    { name: 'a.pkl', content: GOOD },
    { name: 'b/c.pkl', content: EVIL },
  ])
  expect(await rules(bytes)).toEqual(['fail', 'pickle.dangerous-call'])
  expect(await rules(gzipSync(bytes), 'model.tar.gz')).toEqual(['fail', 'pickle.dangerous-call'])
  expect(await rules(tar([{ name: 'a.pkl', content: GOOD }]), 'm.tar')).toEqual(['pass'])
})

test('names and links that leave the folder, by all ways of writing them, and devices', async () => {
  const pax = (key: string, value: string) => {
    const body = ` ${key}=${value}\n`
    const length = body.length + String(body.length + 2).length
    return { name: 'pax', type: 'x', content: Buffer.from(`${length}${body}`) }
  }
  const file = { name: 'a.pkl', content: GOOD }
  for (const members of [
    [{ name: '../a.pkl', content: GOOD }],
    [{ name: '/etc/a.pkl', content: GOOD }],
    [{ name: '././@LongLink', type: 'L', content: Buffer.from('../../x\0') }, file],
    [pax('path', '../../x'), file],
    [{ name: 'l', type: '2', link: '../x' }],
    [{ name: 'l', type: '1', link: '/etc/passwd' }],
    [pax('linkpath', '/etc/passwd'), { name: 'l', type: '2', link: 'x' }],
    [{ name: 'pipe', type: '6' }],
    [{ name: 'dev', type: '4' }],
  ]) {
    expect([members[0]!.name, ...(await rules(tar(members)))]).toEqual([members[0]!.name, 'fail', 'container.unsafe-name'])
  }
  expect(await rules(tar([file, { name: 'd/l', type: '2', link: '../a.pkl' }]))).toEqual(['pass'])
})

test('an extended header that gives another size', async () => {
  const members = [
    { name: 'pax', type: 'x', content: Buffer.from('12 size=1024\n'.replace('12', '13')) },
    { name: 'a.bin', content: Buffer.concat([GOOD, Buffer.alloc(512 - GOOD.length), EVIL]), size: GOOD.length },
  ]
  const found = await rules(tar(members))
  expect(found[0]).toBe('fail')
  expect(found).toContain('container.disagrees')
})

test('what stands behind the end is a finding, and examined', async () => {
  const found = await rules(Buffer.concat([tar([{ name: 'a.pkl', content: GOOD }]), tar([{ name: 'b.pkl', content: EVIL }])]))
  expect(found).toContain('container.hidden-data')
  expect(found).toContain('pickle.dangerous-call')
  expect(await rules(Buffer.concat([tar([{ name: 'a.pkl', content: GOOD }]), Buffer.alloc(8192)]))).toEqual(['pass'])
})

test('a header whose checksum is wrong, and one that is cut', async () => {
  const bytes = tar([
    { name: 'a.pkl', content: GOOD },
    { name: 'b.pkl', content: EVIL },
  ])
  const wrong = Buffer.from(bytes)
  wrong[1024 + 5]! ^= 1
  expect((await rules(wrong))[0]).toBe('fail')
  expect((await rules(bytes.subarray(0, 600)))[0]).not.toBe('pass')
})
