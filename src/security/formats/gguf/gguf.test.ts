import { expect, test } from 'vitest'
import { scanBytes } from '../../scan.ts'

async function rules(bytes: Uint8Array): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, 'model.gguf')
  return [verdict, ...new Set(findings.map(({ rule }) => rule ?? ''))]
}

const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
const u64 = (value: bigint | number) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer)
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])
const pair = (key: string, type: number, ...value: Buffer[]) => Buffer.concat([text(key), u32(type), ...value])
const tensor = (name: string, shape: (number | bigint)[], type: number, offset: number | bigint) =>
  Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)])

function gguf(pairs: Buffer[], tensors: Buffer[] = [], data = 0, version = 3): Buffer {
  const header = Buffer.concat([Buffer.from('GGUF'), u32(version), u64(tensors.length), u64(pairs.length), ...pairs, ...tensors])
  const padding = tensors.length === 0 ? 0 : (32 - (header.length % 32)) % 32
  return Buffer.concat([header, Buffer.alloc(padding + data)])
}

const GOOD =
  "{% set ns = namespace(a=1) %}{% for message in messages %}{{ '<|im_start|>' ~ message['role'] ~ message.content|trim }}{% endfor %}"
const EVIL = "{{ ''.__class__.__mro__ }}"

test('a model passes with numbers, texts, lists and aligned tensors', async () => {
  const list = pair('tokens', 9, u32(8), u64(2), text('a'), text('b'))
  const pairs = [pair('general.alignment', 4, u32(32)), list, pair('tokenizer.chat_template', 8, text(GOOD))]
  expect(await rules(gguf(pairs, [tensor('a', [32], 0, 0), tensor('b', [32, 2], 8, 128)], 128 + 96))).toEqual(['pass'])
})

test('templates are examined under every name', async () => {
  expect(await rules(gguf([pair('tokenizer.chat_template', 8, text(EVIL))]))).toEqual(['fail', 'template.internals'])
  expect(await rules(gguf([pair('tokenizer.chat_template.tool_use', 8, text(EVIL))]))).toEqual(['fail', 'template.internals'])
  // Also before the place where the file breaks off.
  const cut = gguf([pair('tokenizer.chat_template', 8, text(EVIL)), pair('x', 8, text('more'))]).subarray(0, -3)
  expect(await rules(cut)).toEqual(['fail', 'template.internals', 'gguf.header'])
})

test.each<[string, Buffer]>([
  ['more metadata than there is room for', Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(2n ** 60n)])],
  ['a text that is longer than the file', gguf([Buffer.concat([u64(2n ** 62n), Buffer.from('x')])])],
  ['a list that is longer than the file', gguf([pair('a', 9, u32(0), u64(2n ** 63n))])],
  [
    'lists in lists in lists',
    gguf([pair('a', 9, ...Array.from({ length: 20 }, () => Buffer.concat([u32(9), u64(1)])), u32(0), u64(0))]),
  ],
  ['a type that does not exist', gguf([pair('a', 77, u32(0))])],
  ['a key twice', gguf([pair('a', 4, u32(0)), pair('a', 4, u32(1))])],
  ['no alignment', gguf([pair('general.alignment', 4, u32(0))])],
  ['an alignment that is no power of two', gguf([pair('general.alignment', 4, u32(33))])],
  ['dimensions that overflow', gguf([], [tensor('a', [2n ** 33n, 2n ** 33n], 0, 0)], 64)],
  ['too many dimensions', gguf([], [tensor('a', [1, 1, 1, 1, 1], 0, 0)], 64)],
  ['a tensor behind the end', gguf([], [tensor('a', [32], 0, 64)], 64)],
  ['tensors that overlap', gguf([], [tensor('a', [32], 0, 0), tensor('b', [32], 0, 32)], 256)],
  ['a tensor twice', gguf([], [tensor('a', [8], 0, 0), tensor('a', [8], 0, 32)], 64)],
  ['a name that is too long', gguf([], [tensor('a'.repeat(65), [8], 0, 0)], 32)],
  ['a version from the future', gguf([], [], 0, 9)],
])('%s is not as the format says', async (_name, bytes) => {
  expect(await rules(bytes)).toEqual(['fail', 'gguf.header'])
})

test('what follows the tensors is a finding, and is examined', async () => {
  const bytes = gguf([], [tensor('a', [8], 0, 0)], 32)
  expect(await rules(Buffer.concat([bytes, Buffer.from("cos\nsystem\n(S'true'\ntR.")]))).toEqual([
    'fail',
    'gguf.trailing-data',
    'pickle.dangerous-call',
  ])
})
