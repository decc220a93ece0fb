import { describe, expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { zip, type ZipMember } from '../../../test/fixtures/zip-builder.ts'
import { scanBytes } from '../scan.ts'

const EVIL = p.pickle(p.call('os', 'system', p.text('true')))
const GOOD = p.pickle(p.call('collections', 'OrderedDict'))

async function rules(members: readonly ZipMember[], options?: Parameters<typeof zip>[1]): Promise<string[]> {
  const { verdict, findings } = await scanBytes(zip(members, options), 'model.pt')
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

describe('a PyTorch archive', () => {
  const weights = Uint8Array.from({ length: 64 }, (_, i) => 255 - i)
  const torch = (pickle: Uint8Array, name = 'archive/data.pkl'): ZipMember[] => [
    { name, content: pickle },
    { name: 'archive/version', content: Buffer.from('3\n') },
    { name: 'archive/data/0', content: weights },
  ]

  test('passes, its numbers stepped over', async () => {
    const { verdict, formats } = await scanBytes(zip(torch(GOOD)), 'model.pt')
    expect(verdict).toBe('pass')
    expect(formats).toContain('torch')
  })

  test('has its pickle examined, whatever the case of its name', async () => {
    for (const name of ['archive/data.pkl', 'archive/DATA.PKL', 'archive/Data.pkl']) {
      expect(await rules(torch(EVIL, name))).toEqual(['fail', 'pickle.dangerous-call'])
    }
  })

  test('says in which member a finding is', async () => {
    const { findings } = await scanBytes(zip(torch(EVIL)), 'model.pt')
    expect(findings[0]?.location?.file).toBe('model.pt!archive/data.pkl')
  })
})

describe('headers that contradict each other', () => {
  const deflated = { content: EVIL, deflate: true }
  test.each<[string, ZipMember, string]>([
    ['name', { name: 'a.pkl', content: EVIL, local: { name: 'b.txt' } }, 'container.disagrees'],
    ['checksum', { name: 'a.pkl', content: EVIL, central: { crc: 1 } }, 'container.disagrees'],
    ['checksum in the local header', { name: 'a.pkl', content: EVIL, local: { crc: 1 } }, 'container.disagrees'],
    ['size', { name: 'a.pkl', content: EVIL, local: { size: 3 } }, 'container.disagrees'],
    ['size in the directory', { name: 'a.pkl', ...deflated, central: { size: 3 } }, 'container.disagrees'],
    ['compressed size', { name: 'a.pkl', content: EVIL, central: { compressedSize: 3 } }, 'container.disagrees'],
    ['method', { name: 'a.pkl', content: EVIL, local: { method: 99 } }, 'container.disagrees'],
    ['method in the directory', { name: 'a.pkl', content: EVIL, central: { method: 99 } }, 'container.disagrees'],
    ['method in both', { name: 'a.pkl', content: EVIL, central: { method: 97 }, local: { method: 97 } }, 'container.unopened'],
    ['AES', { name: 'a.pkl', content: EVIL, central: { method: 99 }, local: { method: 99 } }, 'container.encrypted'],
    ['a mark of encryption', { name: 'a.pkl', content: EVIL, central: { flags: 1 } }, 'container.disagrees'],
    ['the mark in both', { name: 'a.pkl', content: EVIL, central: { flags: 1 }, local: { flags: 1 } }, 'container.disagrees'],
    ['strong encryption', { name: 'a.pkl', content: EVIL, central: { flags: 64 } }, 'container.disagrees'],
    ['a flag for patches', { name: 'a.pkl', content: EVIL, central: { flags: 32 }, local: { flags: 32 } }, 'container.disagrees'],
  ])('%s', async (_name, member, rule) => {
    const found = await rules([member])
    expect(found[0]).toBe('fail')
    expect(found).toContain(rule)
    expect(found).toContain('pickle.dangerous-call')
  })

  test('names twice, in any case', async () => {
    const found = await rules([
      { name: 'a/data.pkl', content: GOOD },
      { name: 'a/DATA.pkl', content: EVIL },
    ])
    expect(found).toContain('container.disagrees')
    expect(found).toContain('pickle.dangerous-call')
  })

  test('an encrypted member is not clean', async () => {
    const secret = Uint8Array.from({ length: 40 }, (_, i) => (i * 97 + 200) % 256)
    const marked = { flags: 1, crc: 1 }
    expect(await rules([{ name: 'a.bin', content: secret, central: marked, local: marked }])).toEqual([
      'error',
      'container.encrypted',
    ])
  })
})

describe('bytes that the directory does not account for', () => {
  test.each<[string, Parameters<typeof zip>[1]]>([
    ['before the archive', { prefix: EVIL }],
    ['behind the archive', { suffix: EVIL }],
    ['an archive before the archive', { prefix: zip([{ name: 'x', content: EVIL }]) }],
    ['an archive behind the archive', { suffix: zip([{ name: 'x', content: EVIL, deflate: true }]) }],
  ])('%s', async (_name, options) => {
    const found = await rules([{ name: 'a.pkl', content: GOOD }], options)
    expect(found[0]).toBe('fail')
    expect(found).toContain('pickle.dangerous-call')
  })

  test('members that the directory leaves out', async () => {
    const whole = Buffer.from(
      zip([
        { name: 'hidden', content: EVIL },
        { name: 'shown', content: GOOD },
      ]),
    )
    const alone = Buffer.from(zip([{ name: 'shown', content: GOOD }], { prefix: whole.subarray(0, whole.indexOf('shown') - 30) }))
    const { verdict, findings } = await scanBytes(alone, 'model.pt')
    expect(verdict).toBe('fail')
    expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['container.hidden-data', 'pickle.dangerous-call']))
  })
})

test.each(['../../x', '/etc/x', 'C:/x', 'a\\..\\..\\x'])('the name %s leads out of the folder', async (name) => {
  expect(await rules([{ name, content: GOOD }])).toContain('container.unsafe-name')
})

test('an archive without a table of contents is not clean', async () => {
  const whole = zip([{ name: 'a', content: EVIL }])
  const { verdict, findings } = await scanBytes(whole.subarray(0, whole.length - 60), 'model.pt')
  expect(verdict).toBe('fail')
  expect(findings.map(({ rule }) => rule)).toContain('container.damaged')
  expect(findings.map(({ rule }) => rule)).toContain('pickle.dangerous-call')
})
