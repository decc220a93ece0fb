// Writes pickles that are valid programs, as picklers write them or as somebody would write them by hand, of every protocol: a
// generator that knows what each opcode takes from the stack. What it writes is never loaded by anything.
// In the manner of pickle-fuzzer (Cisco AI Defense), written anew.

const ascii = (text) => [...Buffer.from(text, 'latin1')]
const little = (value, length) => Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) % 256)
const pick = (random, list) => list[random.integer(list.length)]
const chance = (random, percent) => random.integer(100) < percent

/** Calls that frameworks make, with arguments as they make them. */
const HARMLESS_CALLS = [
  ['collections', 'OrderedDict', () => []],
  ['collections', 'Counter', () => []],
  ['datetime', 'timedelta', (writer) => [writer.int(1), writer.int(2)]],
  ['datetime', 'date', (writer) => [writer.bytes([7, 228, 1, 1])]],
  ['collections', 'defaultdict', (writer) => [writer.name('builtins', 'list')]],
  ['numpy', 'dtype', (writer) => [writer.text('f8')]],
]
const WORDS = ['a', 'weights', 'bias', '__version__', 'coef_', 'é', 'x'.repeat(40), '', 'n_features_in_', '名前', '__init__']
export const CALLS = ['REDUCE', 'INST', 'OBJ', 'NEWOBJ', 'NEWOBJ_EX']
export const NAMINGS = ['GLOBAL', 'STACK_GLOBAL', 'memo', 'text memo', 'overwritten memo', 'DUP', 'escapes']

/** Opcodes of a protocol, each function pushing one value. */
class Writer {
  constructor(random, { protocol, memo }) {
    this.random = random
    this.protocol = protocol
    /** `none`, `python` (every container), `sparse` (slots with gaps). */
    this.memo = memo
    this.slots = []
    this.next = 0
  }

  none = () => ascii('N')

  bool() {
    const yes = chance(this.random, 50)
    return this.protocol >= 2 ? [yes ? 0x88 : 0x89] : ascii(yes ? 'I01\n' : 'I00\n')
  }

  int(value) {
    if (this.protocol === 0) return ascii(`I${value}\n`)
    if (value >= 0 && value < 256) return [...ascii('K'), value]
    if (value >= 0 && value < 65536) return [...ascii('M'), ...little(value, 2)]
    return [...ascii('J'), ...little(value < 0 ? value + 2 ** 32 : value, 4)]
  }

  long() {
    if (this.protocol < 2) return ascii(`L${this.random.integer(2 ** 32)}${this.random.integer(2 ** 32)}L\n`)
    const length = 1 + this.random.integer(12)
    return [0x8a, length, ...Array.from({ length }, () => this.random.integer(256))]
  }

  float() {
    return this.protocol === 0
      ? ascii(`F${pick(this.random, ['1.5', '-0', 'nan', 'inf', '1e-07'])}\n`)
      : [...ascii('G'), ...Array.from({ length: 8 }, () => this.random.integer(256))]
  }

  text(value) {
    const bytes = [...Buffer.from(value, 'utf8')]
    if (this.protocol === 0) {
      const escaped = [...value].map((c) =>
        c > '~' || c < ' ' || c === '\\' ? `\\u${c.codePointAt(0).toString(16).padStart(4, '0')}` : c,
      )
      return ascii(`V${escaped.join('')}\n`)
    }
    if (this.protocol >= 4 && bytes.length < 256) return [0x8c, bytes.length, ...bytes]
    if (this.protocol >= 4 && chance(this.random, 10)) return [0x8d, ...little(bytes.length, 8), ...bytes]
    if (this.protocol < 3 && /^[ -~]*$/.test(value) && chance(this.random, 30)) return [...ascii('U'), bytes.length, ...bytes]
    return [...ascii('X'), ...little(bytes.length, 4), ...bytes]
  }

  bytes(value) {
    if (this.protocol < 3) {
      const text = Buffer.from(value).toString('latin1')
      return this.call('_codecs', 'encode', [this.text(text), this.text('latin1')])
    }
    if (this.protocol >= 4 && chance(this.random, 20)) return [0x8e, ...little(value.length, 8), ...value]
    if (this.protocol >= 5 && chance(this.random, 20)) return [0x96, ...little(value.length, 8), ...value]
    return value.length < 256 ? [...ascii('C'), value.length, ...value] : [...ascii('B'), ...little(value.length, 4), ...value]
  }

  /** Follows a value that was just pushed with the opcode that keeps it. */
  kept(opcodes) {
    if (this.memo === 'none') return opcodes
    const slot = this.memo === 'sparse' ? (this.next += 1 + this.random.integer(400)) : this.next++
    this.slots.push(slot)
    if (this.protocol >= 4 && this.memo === 'python') return [...opcodes, 0x94]
    return [...opcodes, ...this.put(slot)]
  }

  put(slot) {
    if (this.protocol === 0) return ascii(`p${slot}\n`)
    return slot < 256 ? [...ascii('q'), slot] : [...ascii('r'), ...little(slot, 4)]
  }

  get(slot) {
    if (this.protocol === 0) return ascii(`g${slot}\n`)
    return slot < 256 ? [...ascii('h'), slot] : [...ascii('j'), ...little(slot, 4)]
  }

  tuple(members) {
    if (members.length === 0 && this.protocol >= 1) return ascii(')')
    if (members.length <= 3 && this.protocol >= 2 && members.length > 0) return [...members.flat(), 0x84 + members.length]
    return [...ascii('('), ...members.flat(), ...ascii('t')]
  }

  list(members) {
    if (this.protocol === 0) return [...ascii('(l'), ...members.flatMap((member) => [...member, ...ascii('a')])]
    const empty = this.kept(ascii(']'))
    return members.length === 0 ? empty : [...empty, ...ascii('('), ...members.flat(), ...ascii('e')]
  }

  dict(pairs) {
    if (this.protocol === 0) return [...ascii('(d'), ...pairs.flatMap(([key, value]) => [...key, ...value, ...ascii('s')])]
    const empty = this.kept(ascii('}'))
    return pairs.length === 0 ? empty : [...empty, ...ascii('('), ...pairs.flat(2), ...ascii('u')]
  }

  set(members) {
    if (this.protocol < 4) return this.call('builtins', 'set', [this.list(members)])
    return chance(this.random, 50) ? [0x8f, ...ascii('('), ...members.flat(), 0x90] : [...ascii('('), ...members.flat(), 0x91]
  }

  name(module, name) {
    return this.protocol >= 4
      ? [...this.text(module), ...this.text(name), 0x93]
      : [...ascii('c'), ...Buffer.from(module), 10, ...Buffer.from(name), 10]
  }

  call(module, name, args) {
    return [...this.name(module, name), ...this.tuple(args), ...ascii('R')]
  }
}

/** Opcodes that push one value of a model: nothing that a scan may object to. */
function value(writer, depth, extra) {
  const { random } = writer
  if (extra && chance(random, 12)) return extra(writer)
  const inner = () => value(writer, depth - 1, extra)
  const several = () => Array.from({ length: random.integer(5) }, inner)
  const choice = random.integer(depth > 0 ? 16 : 8)
  switch (choice) {
    case 0:
      return writer.none()
    case 1:
      return writer.bool()
    case 2:
      return writer.int(random.integer(2 ** 31) - (chance(random, 50) ? 2 ** 30 : 0))
    case 3:
      return writer.long()
    case 4:
      return writer.float()
    case 5:
      return writer.kept(writer.text(pick(random, WORDS)))
    case 6:
      return writer.kept(writer.bytes(Array.from({ length: random.integer(30) }, () => random.integer(256))))
    case 7: {
      const [module, name, args] = pick(random, HARMLESS_CALLS)
      return writer.kept(writer.call(module, name, args(writer)))
    }
    case 8:
    case 9:
      return writer.kept(writer.tuple(several()))
    case 10:
      return writer.set([writer.int(1), writer.text('a')])
    case 11:
      // The same value twice, the second time from the memo.
      return writer.memo === 'none' ? writer.none() : repeated(writer, inner())
    case 12:
    case 13:
      return writer.list(several())
    default:
      return writer.dict(several().map((member) => [writer.text(pick(random, WORDS)), member]))
  }
}

function repeated(writer, opcodes) {
  const slot = (writer.next += 1)
  writer.next++
  return writer.tuple([[...opcodes, ...writer.put(slot)], writer.get(slot)])
}

/** Opcodes that push what a call of a name answers, named and called in one of the ways that a pickle has. */
export function payload(random, { module, name, naming, call, argument = 'true' }) {
  const text = [...ascii('X'), ...little(Buffer.byteLength(argument), 4), ...Buffer.from(argument)]
  if (call === 'INST') return [...ascii('('), ...text, ...ascii('i'), ...Buffer.from(module), 10, ...Buffer.from(name), 10]
  const named = namedBy(random, module, name, naming)
  const args = [...ascii('('), ...text, ...ascii('t')]
  switch (call) {
    case 'OBJ':
      return [...ascii('('), ...named, ...text, ...ascii('o')]
    case 'NEWOBJ':
      return [...named, ...args, 0x81]
    case 'NEWOBJ_EX':
      return [...named, ...args, ...ascii('}'), 0x92]
    default:
      return [...named, ...args, ...ascii('R')]
  }
}

function namedBy(random, module, name, naming) {
  const text = (value) => [...ascii('X'), ...little(Buffer.byteLength(value), 4), ...Buffer.from(value)]
  const [first, second] = [900_000 + random.integer(1000), 902_000 + random.integer(1000)]
  const put = (slot) => [...ascii('r'), ...little(slot, 4)]
  const get = (slot) => [...ascii('j'), ...little(slot, 4)]
  /** Puts a text into the memo, and takes it off the stack. */
  const keep = (value, slot) => [...text(value), ...put(slot), ...ascii('0')]
  switch (naming) {
    case 'STACK_GLOBAL':
      return [...text(module), ...text(name), 0x93]
    case 'memo':
      return [...keep(name, first), ...keep(module, second), ...get(second), ...get(first), 0x93]
    case 'text memo':
      return [...text(module), ...ascii(`p${first}\n0`), ...text(name), ...ascii(`p${second}\n0g${first}\ng${second}\n`), 0x93]
    case 'overwritten memo':
      return [...keep('json', first), ...keep(module, first), ...get(first), ...text(name), 0x93]
    case 'DUP':
      return [...text(module), ...ascii('2'), ...ascii('0'), ...text(name), ...ascii('20'), 0x93]
    case 'escapes': {
      const hex = (value, prefix, digits) =>
        [...value].map((c) => `${prefix}${c.codePointAt(0).toString(16).padStart(digits, '0')}`).join('')
      return [...ascii(`V${hex(module, '\\u', 4)}\n`), ...ascii(`S'${hex(name, '\\x', 2)}'\n`), 0x93]
    }
    default:
      return [...ascii('c'), ...Buffer.from(module), 10, ...Buffer.from(name), 10]
  }
}

/** One pickle. `extra` may push a value of its own wherever a value stands; with `place`, it is pushed exactly once, there. */
export function program(random, { extra, depth = 4, protocol = random.integer(6), place } = {}) {
  const writer = new Writer(random, { protocol, memo: pick(random, ['none', 'python', 'sparse']) })
  let body = value(writer, depth, extra)
  if (place !== undefined) body = placed(writer, body, place)
  const proto = protocol >= 2 && chance(random, 90) ? [0x80, protocol] : []
  const whole = [...body, ...ascii('.')]
  return Uint8Array.from([...proto, ...(protocol >= 4 && chance(random, 60) ? framed(random, whole) : whole)])
}

/** A value with another one beside it, inside of it, or dropped before it. */
function placed(writer, body, opcodes) {
  const { random } = writer
  switch (random.integer(6)) {
    case 0:
      return [...opcodes, ...ascii('0'), ...body]
    case 1:
      return [...body, ...ascii('0'), ...opcodes]
    case 2:
      return writer.tuple([body, opcodes])
    case 3:
      return writer.list([opcodes, body])
    case 4:
      return writer.dict([
        [writer.text('a'), body],
        [writer.text('b'), opcodes],
      ])
    default:
      return [...ascii('('), ...opcodes, ...ascii('1'), ...body]
  }
}

/** One frame around everything, as the C pickler writes for what is small. */
const framed = (_random, opcodes) => [0x95, ...little(opcodes.length, 8), ...opcodes]

const ODD_NAMES = [
  ['os', 'system'],
  ['builtins', 'getattr'],
  ['builtins', 'eval'],
  ['mine', 'Thing'],
  ['numpy', 'os.system'],
  ['', ''],
  ['a'.repeat(300), 'b.'.repeat(200)],
  ['torch.storage', '_load_from_bytes'],
  ['joblib.numpy_pickle', 'NumpyArrayWrapper'],
  ['functools', 'partial'],
  ['torch._utils', '_rebuild_tensor_v2'],
  ['copyreg', '_reconstructor'],
]

/** A pickle with whatever opcodes have: calls of any name, extension codes, persistent ids, wild memo slots, stack tricks, wrong types. */
export function wildProgram(random) {
  const odd = (writer) => {
    const [module, name] = pick(random, ODD_NAMES)
    switch (random.integer(12)) {
      case 0:
        return [...ascii('(('), ...value(writer, 1), ...ascii('1N1'), ...value(writer, 0)]
      case 1:
        return [0x82, random.integer(256)]
      case 2:
        return ascii(`Pid${random.integer(9)}\n`)
      case 3:
        return [...value(writer, 1), ...ascii('Q')]
      case 4:
        return [...value(writer, 1), ...value(writer, 1), ...ascii('b')]
      case 5:
        return [...value(writer, 1), ...ascii('('), ...value(writer, 0), ...value(writer, 0), ...ascii('u')]
      case 6:
        return [...value(writer, 1), ...ascii(`p${pick(random, ['-1', '1_0', ' 7', '9'.repeat(20), '0'])}\n`)]
      case 7:
        return [0x97, ...(chance(random, 50) ? [0x98] : [])]
      case 8:
        return joblibArray(writer)
      case 9:
        return [...value(writer, 0), 0x95, ...little(random.integer(40), 8)]
      case 10:
        return writer.name(module, name)
      default:
        return payload(random, { module, name, naming: pick(random, NAMINGS), call: pick(random, CALLS) })
    }
  }
  return program(random, { extra: odd })
}

/** A joblib array with its raw numbers, of a size that is right or not. */
export function joblibArray(writer, { items = writer.random.integer(8), honest = chance(writer.random, 70) } = {}) {
  const numbers = Array.from({ length: (honest ? items : writer.random.integer(12)) * 8 }, () => writer.random.integer(256))
  const state = writer.dict([
    [writer.text('subclass'), writer.name('numpy', 'ndarray')],
    [writer.text('shape'), writer.tuple([writer.int(items)])],
    [writer.text('dtype'), writer.call('numpy', 'dtype', [writer.text('f8')])],
  ])
  const made = [...writer.name('joblib.numpy_pickle', 'NumpyArrayWrapper'), ...writer.tuple([]), 0x81]
  return [...made, ...state, ...ascii('b'), ...numbers]
}
