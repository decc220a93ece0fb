import { mkdtemp, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as p from '../../test/fixtures/pickle-assembler.ts'
import { zip } from '../../test/fixtures/zip-builder.ts'
import { explainFile } from './explain.ts'

const EVIL = p.pickle(p.NONE, p.POP, p.call('os', 'system', p.text('true')))

async function explain(name: string, content: Uint8Array, options = {}) {
  const path = join(await mkdtemp(join(tmpdir(), 'plimsoll-explain-')), name)
  await writeFile(path, content)
  return explainFile(path, { display: () => name, ...options })
}

test('the opcodes around a finding in a member, at the bytes where they stand in the file', async () => {
  const archive = zip([{ name: 'archive/data.pkl', content: EVIL }])
  const { scan, parts } = await explain('model.pt', archive)
  const [part] = parts
  expect(part).toMatchObject({ name: 'model.pt!archive/data.pkl', format: 'pickle', stream: undefined, bytes: [] })
  const [finding] = scan.findings
  const call = part!.opcodes.flat().find(({ offset }) => offset === finding!.location!.byteOffset)
  expect(call).toMatchObject({ opcode: 'REDUCE', note: 'calls os.system("true")' })
  expect(archive[call!.offset]).toBe(0x52)
})

test('as many opcodes as are asked for', async () => {
  const { parts } = await explain('model.pkl', EVIL, { before: 1, after: 0 })
  expect(parts[0]!.opcodes.map((lines) => lines.map(({ opcode }) => opcode))).toEqual([['TUPLE', 'REDUCE']])
})

test('what had to be unfolded says in which stream its bytes count', async () => {
  const { parts } = await explain('model.pkl.gz', gzipSync(EVIL))
  expect(parts).toMatchObject([{ name: 'model.pkl.gz!gzip', stream: 'model.pkl.gz!gzip', format: 'pickle' }])
})

test('bytes where there are no opcodes, and nothing where nothing was found', async () => {
  const header = Buffer.from('{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,4]}}')
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const { parts } = await explain('m.safetensors', Buffer.concat([length, header, Buffer.alloc(4)]))
  expect(parts[0]).toMatchObject({ format: 'safetensors', opcodes: [] })
  expect(parts[0]!.bytes[0]).toMatchObject({ offset: 0, text: expect.stringContaining('{"a":{"d') as string })
  expect((await explain('model.pkl', p.pickle(p.NONE))).parts).toEqual([])
})
