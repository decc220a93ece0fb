import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { zip } from '../../../test/fixtures/zip-builder.ts'
import { scanBytes } from '../scan.ts'

const EVIL = Buffer.from(p.pickle(p.call('os', 'system', p.text('true'))))
const GOOD = Buffer.from(p.pickle(p.call('collections', 'OrderedDict')))
const END = 22

async function rules(bytes: Uint8Array, name = 'model.zip'): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, name)
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}
const archive = (content: Buffer, name = 'a.pkl') => Buffer.from(zip([{ name, content }]))
/** The bytes of an archive's table of contents. */
const tableOf = (bytes: Buffer) => bytes.subarray(bytes.indexOf('PK\x01\x02'), bytes.length - END)

describe('two tables of contents', () => {
  test('one where the record says, one before the record', async () => {
    const good = archive(GOOD)
    const evil = archive(EVIL)
    // The record gives the offset of the first table; readers that count back from the record find the second.
    const end = Buffer.from(good.subarray(-END))
    end.writeUInt32LE(evil.length - END - tableOf(evil).length, 16)
    const second = Buffer.from(tableOf(good))
    second.writeUInt32LE(evil.length - END, 42)
    const both = Buffer.concat([evil.subarray(0, -END), good.subarray(0, good.indexOf('PK\x01\x02')), second, end])
    const found = await rules(both)
    expect(found).toContain('container.disagrees')
    expect(found).toContain('pickle.dangerous-call')
  })

  test('one in the comment of the other', async () => {
    const outer = archive(GOOD)
    const inner = archive(EVIL)
    outer.writeUInt16LE(inner.length, outer.length - 2)
    const found = await rules(Buffer.concat([outer, inner]))
    expect(found).toContain('container.disagrees')
    expect(found).toContain('pickle.dangerous-call')
  })

  test('one in the ZIP64 record, one in the old record', async () => {
    const good = archive(GOOD)
    const evil = archive(EVIL)
    const evilTable = Buffer.from(tableOf(evil))
    evilTable.writeUInt32LE(good.indexOf('PK\x01\x02'), 42)
    const front = Buffer.concat([good.subarray(0, good.indexOf('PK\x01\x02')), evil.subarray(0, evil.indexOf('PK\x01\x02'))])
    const record = Buffer.alloc(56)
    record.write('PK\x06\x06', 'latin1')
    record.writeBigUInt64LE(44n, 4)
    record.writeBigUInt64LE(1n, 24)
    record.writeBigUInt64LE(1n, 32)
    record.writeBigUInt64LE(BigInt(evilTable.length), 40)
    record.writeBigUInt64LE(BigInt(front.length + tableOf(good).length), 48)
    const locator = Buffer.alloc(20)
    locator.write('PK\x06\x07', 'latin1')
    locator.writeBigUInt64LE(BigInt(front.length + tableOf(good).length + evilTable.length), 8)
    locator.writeUInt32LE(1, 16)
    const end = Buffer.from(good.subarray(-END))
    end.writeUInt32LE(front.length, 16)
    const found = await rules(Buffer.concat([front, tableOf(good), evilTable, record, locator, end]))
    expect(found).toContain('container.disagrees')
    expect(found).toContain('pickle.dangerous-call')
  })
})

describe('what honest writers do', () => {
  /** A member whose sizes follow its data, as writers to a pipe do it. */
  const streamed = (signed: boolean, wide: boolean, deflate = true) => {
    const data = deflate ? deflateRawSync(GOOD) : GOOD
    const whole = Buffer.from(zip([{ name: 'a.pkl', content: GOOD, deflate, local: { flags: 8, crc: 0, size: 0, compressedSize: 0 }, central: { flags: 8 } }])) // prettier-ignore
    const central = whole.indexOf('PK\x01\x02')
    const descriptor = Buffer.alloc(wide ? 20 : 12)
    descriptor.writeUInt32LE(whole.readUInt32LE(central + 16), 0)
    if (wide) {
      descriptor.writeBigUInt64LE(BigInt(data.length), 4)
      descriptor.writeBigUInt64LE(BigInt(GOOD.length), 12)
    } else {
      descriptor.writeUInt32LE(data.length, 4)
      descriptor.writeUInt32LE(GOOD.length, 8)
    }
    const parts = [whole.subarray(0, central), Buffer.from(signed ? 'PK\x07\x08' : '', 'latin1'), descriptor]
    const end = Buffer.from(whole.subarray(-END))
    end.writeUInt32LE(Buffer.concat(parts).length, 16)
    return { bytes: Buffer.concat([...parts, whole.subarray(central, -END), end]), descriptor: central + (signed ? 4 : 0) }
  }

  test.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])('sizes behind the data, signed %s, of 64 bits %s', async (signed, wide) => {
    const { bytes, descriptor } = streamed(signed, wide)
    expect(await rules(bytes)).toEqual(['pass'])
    bytes[descriptor + 4]! ^= 1
    expect(await rules(bytes)).toContain('container.disagrees')
  })

  test('zeros around the archive, a comment, an empty folder', async () => {
    expect(await rules(Buffer.concat([archive(GOOD), Buffer.alloc(70_000)]))).toEqual(['pass'])
    const commented = archive(GOOD)
    commented.writeUInt16LE(12, commented.length - 2)
    expect(await rules(Buffer.concat([commented, Buffer.from('made by hand')]))).toEqual(['pass'])
    expect(
      await rules(
        zip([
          { name: 'folder/', content: Buffer.alloc(0) },
          { name: 'folder/a.pkl', content: GOOD },
        ]),
      ),
    ).toEqual(['pass'])
    expect(await rules(zip([]))).toEqual(['pass'])
  })
})

test('bytes behind the archive that PyTorch does not mind are a finding all the same', async () => {
  const torch = [
    { name: 'archive/data.pkl', content: GOOD },
    { name: 'archive/version', content: Buffer.from('3\n') },
  ]
  for (const length of [1, 100, 70_000, 200_000]) {
    expect((await rules(zip(torch, { suffix: Buffer.alloc(length, 1) })))[0]).toBe('fail')
  }
})

test('a pickle in the comment', async () => {
  const commented = archive(GOOD)
  commented.writeUInt16LE(EVIL.length, commented.length - 2)
  expect(await rules(Buffer.concat([commented, EVIL]))).toEqual(['fail', 'pickle.dangerous-call'])
})

test('members that share their data, as bombs do', async () => {
  const bytes = archive(GOOD)
  const table = Buffer.from(tableOf(bytes))
  const again = Buffer.from(table)
  again.write('b.pkl', 46)
  const end = Buffer.from(bytes.subarray(-END))
  end.writeUInt16LE(2, 8)
  end.writeUInt16LE(2, 10)
  end.writeUInt32LE(table.length * 2, 12)
  const found = await rules(Buffer.concat([bytes.subarray(0, bytes.indexOf('PK\x01\x02')), table, again, end]))
  expect(found[0]).toBe('fail')
  expect(found).toContain('container.disagrees')
})

test('links that leave the folder, and devices', async () => {
  const linked = (name: string, target: string, mode: number) => {
    const bytes = archive(Buffer.from(target), name)
    const central = bytes.indexOf('PK\x01\x02')
    bytes[central + 5] = 3
    bytes.writeUInt16LE(mode, central + 40)
    return rules(bytes)
  }
  expect(await linked('a/b', '../c', 0o120777)).toEqual(['pass'])
  expect(await linked('a/b', '../../c', 0o120777)).toEqual(['fail', 'container.unsafe-name'])
  expect(await linked('a', '/etc/passwd', 0o120777)).toEqual(['fail', 'container.unsafe-name'])
  expect(await linked('a', 'x', 0o060644)).toEqual(['fail', 'container.unsafe-name'])
})

test('a storage that NumPy would load is not stepped over', async () => {
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
  const array = Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]),
    Buffer.from(header),
    EVIL,
  ])
  const found = await rules(
    zip([
      { name: 'x/data.pkl', content: GOOD },
      { name: 'x/data/0', content: array },
    ]),
    'model.npz',
  )
  expect(found).toEqual(['fail', 'pickle.dangerous-call'])
})
