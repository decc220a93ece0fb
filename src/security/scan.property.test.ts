import { deflateSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as p from '../../test/fixtures/pickle-assembler.ts'
import { zip } from '../../test/fixtures/zip-builder.ts'
import { CALLS, NAMINGS, payload as callOf, program } from '../../bench/fuzz/pickle-grammar.mjs'
import { WRAPS } from '../../bench/fuzz/seeds.mjs'
import { seededRandom } from '../stats/random.ts'
import { CRITICAL } from './policy/critical.ts'
import { scanBytes } from './scan.ts'

/** Opcodes that push exactly one harmless value, as picklers write them. */
const value: fc.Arbitrary<p.Bytes> = fc.letrec<{ value: p.Bytes }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(p.NONE, p.NEWFALSE, p.EMPTY_LIST, p.EMPTY_DICT, p.EMPTY_TUPLE),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map(p.int),
    fc.string({ maxLength: 12 }).map(p.text),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => p.bytes([...bytes])),
    fc.array(tie('value'), { maxLength: 4 }).map((members) => p.tuple(...members)),
    fc.array(tie('value'), { maxLength: 4 }).map((members) => [...p.EMPTY_LIST, ...p.MARK, ...members.flat(), ...p.APPENDS]),
    fc.array(fc.tuple(fc.string({ maxLength: 6 }).map(p.text), tie('value')), { maxLength: 3 }).map((pairs) => p.dict(...pairs)),
    tie('value').map((inner) => [...inner, ...p.MEMOIZE]),
    fc.constant(p.call('collections', 'OrderedDict')),
    fc.constant(p.call('datetime', 'timedelta', p.int(1))),
  ),
})).value

/** A call that does harm, in each of the ways that a pickle can say it. */
const payload: fc.Arbitrary<p.Bytes> = fc
  .tuple(
    fc.constantFrom(
      ['os', 'system'],
      ['builtins', 'eval'],
      ['subprocess', 'Popen'],
      ['pip', 'main'],
      ['pkgutil', 'resolve_name'],
      ['unheard', 'of'] as const,
    ),
    fc.constantFrom('global', 'stack', 'memo', 'inst', 'obj', 'newobj'),
  )
  .map(([[module, name], how]) => {
    const end = [...p.tuple(p.text('true')), ...p.REDUCE]
    switch (how) {
      case 'stack':
        return [...p.shortText(module), ...p.shortText(name), ...p.STACK_GLOBAL, ...end]
      case 'memo': {
        const kept = [...p.text(module), ...p.longBinput(70_000), ...p.POP, ...p.text(name), ...p.longBinput(70_001), ...p.POP]
        return [...kept, ...p.longBinget(70_000), ...p.longBinget(70_001), ...p.STACK_GLOBAL, ...end]
      }
      case 'inst':
        return [...p.MARK, ...p.text('true'), ...p.inst(module, name)]
      case 'obj':
        return [...p.MARK, ...p.global(module, name), ...p.text('true'), ...p.OBJ]
      case 'newobj':
        return [...p.global(module, name), ...p.tuple(p.text('true')), ...p.NEWOBJ]
      default:
        return p.call(module, name, p.text('true'))
    }
  })

const wrap = fc.constantFrom<(bytes: Uint8Array) => Uint8Array>(
  (bytes) => bytes,
  (bytes) => deflateSync(bytes),
  (bytes) => gzipSync(bytes),
  (bytes) =>
    zip([
      { name: 'archive/data.pkl', content: bytes },
      { name: 'archive/version', content: Buffer.from('3\n') },
    ]),
  (bytes) => zip([{ name: 'member', content: bytes, deflate: true }]),
  (bytes) => p.pickle(p.call('torch.storage', '_load_from_bytes', p.bytes([...bytes]))),
)

test('harmless values pass, whatever they are wrapped in', async () => {
  await fc.assert(
    fc.asyncProperty(value, wrap, async (opcodes, wrapped) => {
      const scan = await scanBytes(wrapped(p.pickle(opcodes)), 'model')
      expect(scan.findings).toEqual([])
      expect(scan.verdict).toBe('pass')
    }),
  )
})

test('a payload is found wherever it stands between harmless values, and whatever they are wrapped in', async () => {
  const place = fc.tuple(value, payload, value, fc.constantFrom('between', 'inside', 'dropped', 'second', 'before the break'))
  await fc.assert(
    fc.asyncProperty(place, wrap, async ([before, evil, after, where], wrapped) => {
      const scan = await scanBytes(wrapped(withPayload(before, evil, after, where)), 'model')
      expect(scan.verdict).toBe('fail')
      expect(scan.findings.some(({ rule }) => rule === 'pickle.dangerous-call' || rule === 'pickle.unknown-call')).toBe(true)
    }),
    { numRuns: 200 },
  )
})

function withPayload(before: p.Bytes, evil: p.Bytes, after: p.Bytes, where: string): Uint8Array {
  switch (where) {
    case 'inside':
      return p.pickle(p.tuple(before, p.tuple(evil, after)))
    case 'dropped':
      return p.pickle(before, p.POP, evil, p.POP, after)
    case 'second':
      return p.raw([...p.pickle(before)], [...p.pickle(evil)], [...p.pickle(after)])
    case 'before the break':
      return p.raw(p.proto(4), before, evil, [0xff, 0xff, 0xff])
    default:
      return p.pickle(p.tuple(before, evil, after))
  }
}

// The grammar writes pickles of every protocol, with every kind of memo, framed or not, with or without PROTO.
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const wrappings = fc.constantFrom(...Object.keys(WRAPS))

test('whatever the grammar writes of a model passes, in every wrapping', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, wrappings, async (number, wrapping) => {
      const scan = await scanBytes(WRAPS[wrapping]!(program(seededRandom(number))), 'model')
      expect(scan.findings).toEqual([])
      expect(scan.verdict).toBe('pass')
    }),
    { numRuns: 600 },
  )
})

test('each way to name and to call is found, at any place in a model of any protocol and in every wrapping', async () => {
  const ways = NAMINGS.flatMap((naming) => CALLS.map((call) => ({ naming, call })))
  const names = [
    ['os', 'system'],
    ['builtins', 'exec'],
    ['torch.hub', 'load'],
    ['unheard.of', 'thing'],
  ] as const
  await fc.assert(
    fc.asyncProperty(
      seeds,
      fc.constantFrom(...ways),
      fc.constantFrom(...names),
      wrappings,
      async (number, way, [module, name], wrapping) => {
        const random = seededRandom(number)
        const bytes = WRAPS[wrapping]!(program(random, { place: callOf(random, { module, name, ...way }) }))
        const { verdict, findings } = await scanBytes(bytes, 'model')
        expect(verdict).toBe('fail')
        const messages = findings.map(({ message }) => message).join('\n')
        expect(messages).toContain(`calls ${module}.${name}("true")`)
      },
    ),
    { numRuns: 1000 },
  )
})

test('every name that is known to do harm is found', async () => {
  const names = CRITICAL.flatMap(({ modules, names: single }) => [
    ...modules.map((module) => [module, 'anything'] as const),
    ...(single ?? []).map((name) => name.split(' ') as [string, string]),
  ])
  expect(names.length).toBeGreaterThan(300)
  for (const [index, [module, name]] of names.entries()) {
    const random = seededRandom(index)
    const way = { naming: NAMINGS[index % NAMINGS.length]!, call: CALLS[index % CALLS.length]! }
    const { findings } = await scanBytes(program(random, { place: callOf(random, { module, name, ...way }) }), 'model')
    const dangerous = findings.filter(({ rule }) => rule === 'pickle.dangerous-call').map(({ evidence }) => evidence)
    expect(dangerous, `${module}.${name}`).toContainEqual(expect.objectContaining({ module, name, arguments: '("true")' }))
  }
})
