import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as p from '../../../test/fixtures/pickle-assembler.ts'
import { scanBytes, scanPath } from '../scan.ts'

async function rules(bytes: Uint8Array, name = 'model.pkl'): Promise<string[]> {
  const { verdict, findings } = await scanBytes(bytes, name)
  return [verdict, ...findings.map(({ rule }) => rule ?? '')]
}

test('a reviewed function is no loader, although its name is that of one', async () => {
  const zone = p.call('zoneinfo', 'ZoneInfo._unpickle', p.text('Europe/Berlin'), p.NEWTRUE)
  expect(await rules(p.pickle(zone))).toEqual(['pass'])
})

describe('types as dill writes them', () => {
  const type = (name: string) => p.call('dill._dill', '_load_type', p.text(name))
  const made = (name: string, ...args: p.Bytes[]) => [...type(name), ...p.tuple(...args), ...p.REDUCE]

  test.each([
    ['slice', made('slice', p.int(0), p.int(1), p.int(1))],
    ['bytearray', made('bytearray', p.bytes([1, 2]))],
    ['a type by itself', type('int')],
    ['range', p.call('dill._dill', '_eval_repr', p.text('range(0, 5)'))],
  ])('pass: %s', async (_, opcodes) => {
    expect(await rules(p.pickle(opcodes))).toEqual(['pass'])
  })

  test.each([
    ['functions', made('FunctionType', p.NONE)],
    ['code', made('CodeType', p.int(0))],
    ['classes', made('type', p.text('X'), p.EMPTY_TUPLE, p.EMPTY_DICT)],
    ['modules', type('ModuleType')],
    ['Python as a text', p.call('dill._dill', '_eval_repr', p.text('__import__("os").system("true")'))],
    ['a range that is more', p.call('dill._dill', '_eval_repr', p.text('range(0, 5)\n'))],
    [
      'an array by another function',
      p.call('dill._dill', '_create_array', p.global('os', 'system'), p.tuple(p.text('true')), p.NONE),
    ],
  ])('fail: %s', async (_, opcodes) => {
    expect((await rules(p.pickle(opcodes)))[0]).toBe('fail')
  })
})

describe('classes of TorchScript programs', () => {
  const layer = [...p.global('__torch__.torch.nn.modules.linear', 'Linear'), ...p.EMPTY_TUPLE, ...p.NEWOBJ]

  test('are restored by its interpreter, and pass', async () => {
    expect(await rules(p.pickle(layer))).toEqual(['pass'])
  })

  test.each([
    ['a call', p.call('__torch__', 'Net', p.text('x'))],
    ['a dotted name', [...p.global('__torch__', 'os.system'), ...p.EMPTY_TUPLE, ...p.NEWOBJ]],
    ['a class of a library in C++', [...p.global('__torch__.torch.classes.tensorrt', 'Engine'), ...p.EMPTY_TUPLE, ...p.NEWOBJ]],
    ['a module that only begins so', [...p.global('__torch__x', 'Net'), ...p.EMPTY_TUPLE, ...p.NEWOBJ]],
  ])('fail: %s', async (_, opcodes) => {
    expect((await rules(p.pickle(opcodes)))[0]).toBe('fail')
  })

  test('are code that came with the model where a file of that name does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-torchscript-'))
    try {
      writeFileSync(join(folder, '__torch__.py'), '')
      writeFileSync(join(folder, 'model.pkl'), p.pickle([...p.global('__torch__', 'Net'), ...p.EMPTY_TUPLE, ...p.NEWOBJ]))
      const model = (await scanPath(folder)).find(({ path }) => path.endsWith('.pkl'))
      expect(model!.findings.map(({ rule }) => rule)).toEqual(['pickle.dangerous-call'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a pickle that is all text, longer than what is looked at to tell it', () => {
  const numbers = Array.from({ length: 20_000 }, (_, i) => `I${i}\na`).join('')
  const long = (end: string) => Buffer.from(`(lp0\n${numbers}${end}`)

  test('is followed to its end', async () => {
    expect(await rules(long('.'))).toEqual(['pass'])
    expect((await rules(long("cos\nsystem\n(S'true'\ntRa.")))[0]).toBe('fail')
  })

  test('is text where nothing says that it is a pickle, and lines of text stay text', async () => {
    expect((await scanBytes(long('.'), 'notes.txt')).formats).toContain('text')
    expect((await scanBytes(Buffer.from('No list of words is a pickle.\n'.repeat(9000)), 'words.dat')).formats).toEqual(['text'])
  })
})

describe("CatBoost's own format", () => {
  const model = (size: number, held: number) =>
    Buffer.concat([Buffer.from('CBM1'), Buffer.from([size, 0, 0, 0]), Buffer.alloc(held)])

  test('is data when all of its trees are there', async () => {
    expect(await rules(model(64, 64), 'model.cbm')).toEqual(['pass'])
  })

  test('is not known when they are not', async () => {
    expect((await rules(model(64, 63), 'model.cbm'))[0]).not.toBe('pass')
    expect((await rules(Buffer.from('CBM1'), 'model.cbm'))[0]).not.toBe('pass')
  })
})
