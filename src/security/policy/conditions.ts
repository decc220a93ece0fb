import { Kind } from '../pickle/values.ts'
import type { CallView, Condition } from './judgement.ts'

/**
 * What calls of an allowed name must look like. `accepts` ends the sentence "it is allowed when …"; `objectionTo` says what is wrong
 * with a call, or undefined. An argument that is not known is wrong.
 */
export interface NamedCondition {
  readonly accepts: string
  readonly objectionTo: Condition
  /**
   * Whether an allowed function may be given the name: whoever is given a class, or a function that is only referred to, does
   * nothing with it that the list does not know.
   */
  readonly mayBeHandedOn?: true
}

/** Functions of NumPy and SciPy that `_ufunc_reconstruct` may look up; filled from the allow-list, which is judged with these conditions. */
const ufuncs = new Set<string>()
export const allowUfunc = (name: string): void => void ufuncs.add(name)

const plainBases = new Set(
  ['object', 'dict', 'list', 'set', 'frozenset', 'tuple', 'int', 'float', 'complex', 'str', 'bytes', 'bytearray'].map(
    (name) => `builtins ${name}`,
  ),
)

/** Plain types whose objects dill writes as calls of the type. */
const CONTAINER_TYPES = new Set(
  'bool bytearray bytes complex dict float frozenset int list object range set slice str tuple'.split(' '),
)

const RANGE = /^range\(-?\d{1,20}, -?\d{1,20}(?:, -?\d{1,20})?\)$/

const isCalledWithout = (call: CallView): boolean => call.opcode !== 'REDUCE' && call.count === 0

const isConstant = (name: string | undefined) => name === 'builtins Ellipsis' || name === 'builtins NotImplemented'

const isData = (call: CallView, index: number): boolean =>
  call.importedName(index) === undefined && call.kind(index) !== Kind.text && call.kind(index) !== Kind.bytes

function restoresBitGenerator(call: CallView): string | undefined {
  if (call.count === 0) return undefined
  const imported = call.importedName(0)
  const isClass = imported?.startsWith('numpy.random.') === true && call.isAllowedImport(0)
  return isClass || call.text(0) !== undefined ? undefined : 'it calls something that is not a bit generator'
}

const TEXT_METHODS = new Set([
  'capitalize',
  'casefold',
  'lower',
  'lstrip',
  'rstrip',
  'split',
  'strip',
  'swapcase',
  'title',
  'upper',
])
const BIT_GENERATOR = 'numpy.random._pickle __bit_generator_ctor'

export const CONDITIONS = {
  anyCall: { accepts: 'it is called in any way', objectionTo: () => undefined },

  loadsExamined: {
    accepts: 'the bytes that it loads are examined as a file of their own, and it is not kept where others could call it',
    objectionTo: () => undefined,
  },

  neverCalled: {
    accepts: 'it is referred to, and not called while loading',
    objectionTo: () => 'models only refer to it, but here it is called while loading',
    mayBeHandedOn: true,
  },

  withoutConstructor: {
    accepts: 'an object of it is made without its constructor, or it is referred to',
    objectionTo: (call) =>
      isCalledWithout(call) ? undefined : 'its constructor is called, where models only restore what was constructed before',
    mayBeHandedOn: true,
  },

  dataArguments: {
    accepts: 'it is called with numbers, arrays and containers: no text, no bytes, and nothing that could be called',
    objectionTo: (call) => {
      if (call.count === undefined) return 'it is called with keywords or with unknown arguments'
      for (let i = 0; i < call.count; i++) if (!isData(call, i)) return 'it is given a text or a name, where models give numbers'
      return undefined
    },
    mayBeHandedOn: true,
  },

  newFromData: {
    accepts: 'an object of it is made without its constructor, from numbers, texts and containers: nothing that could be called',
    objectionTo: (call) => {
      if (call.opcode === 'REDUCE') return 'its constructor is called, where models only restore what was constructed before'
      if (call.count === undefined) return 'it is made with keywords or with unknown arguments'
      for (let i = 0; i < call.count; i++)
        if (call.importedName(i) !== undefined) return 'it is given a name that could be called'
      return undefined
    },
    mayBeHandedOn: true,
  },

  iteratesContainer: {
    accepts: 'it is called with one container',
    objectionTo: (call) =>
      call.count === 1 && call.importedName(0) === undefined
        ? undefined
        : 'with a function and a last value, it calls the function',
  },

  looksUpMember: {
    accepts: 'it is called with one constant, the value of a member',
    objectionTo: (call) =>
      call.count === 1 || isCalledWithout(call) ? undefined : 'with more than a value, an enumeration makes a new class',
    mayBeHandedOn: true,
  },

  firstIsAllowedClass: {
    accepts: 'its first argument is an allowed class',
    objectionTo: (call) => (call.isAllowedImport(0) ? undefined : 'its first argument is not an allowed class'),
  },

  firstIsPandasClass: {
    accepts: 'its first argument is an allowed class of pandas',
    objectionTo: (call) =>
      call.isAllowedImport(0) && call.importedName(0)?.startsWith('pandas') === true
        ? undefined
        : 'its first argument is not an allowed class of pandas',
  },

  encodesLatin1: {
    accepts: 'it encodes a text as Latin-1, UTF-8 or ASCII, which is how bytes are written for Python 2',
    objectionTo: (call) => {
      const encoding = call.count === 1 ? 'utf-8' : call.text(1)
      return encoding !== undefined && /^(latin-?1|utf-?8|ascii)$/.test(encoding)
        ? undefined
        : 'it is called with another codec than pickles use for bytes'
    },
  },

  reconstructsAllowedClass: {
    accepts: 'it makes an object of an allowed class from a plain type, without its constructor',
    objectionTo: (call) => {
      if (!call.isAllowedImport(0)) return 'it makes an object of a class that is not allowed'
      const base = call.importedName(1)
      const plain = base !== undefined && (plainBases.has(base) || base === call.importedName(0))
      return plain && call.count === 3 ? undefined : 'it makes an object from something other than a plain type'
    },
  },

  newObjectOfAllowedClass: {
    accepts: 'it makes an object of an allowed class without its constructor',
    objectionTo: (call) =>
      call.isAllowedImport(0) && call.count === 1 ? undefined : 'it makes an object of a class that is not allowed',
  },

  asksTypeOfConstant: {
    accepts: 'it asks the type of a constant; with three arguments it would make a new class',
    objectionTo: (call) =>
      call.count === 1 && (call.kind(0) === Kind.none || isConstant(call.importedName(0)))
        ? undefined
        : 'it is called on something other than a plain constant',
  },

  readsKnownAttribute: {
    accepts:
      'it reads a member of an enumeration, `forward` of a layer, a method of a text, or a method of a distribution or an interpolator of SciPy',
    objectionTo: (call) => {
      const name = call.text(1)
      if (call.count !== 2 || name === undefined) return 'it reads an attribute whose name is computed'
      if (call.isAllowedImport(0) && (name === 'forward' || name === 'no_default' || /^[A-Z][A-Z0-9_]*$/.test(name)))
        return undefined
      if (call.importedName(0) === 'builtins str' && TEXT_METHODS.has(name)) return undefined
      const isOfSciPy = /^scipy\.(stats|interpolate)\._/.test(call.producer(0) ?? '')
      if (isOfSciPy && /^_?[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) return undefined
      return 'it reads an attribute that models do not need'
    },
  },

  wrapsAllowedFunction: {
    accepts: 'it wraps an allowed function or class',
    objectionTo: (call) => (call.isAllowedImport(0) ? undefined : 'it wraps a function that is not on the allow-list'),
  },

  resolvesUfunc: {
    accepts: 'it looks up an element-wise function of NumPy or SciPy by its name',
    objectionTo: (call) => {
      const known = /^(numpy|scipy\.special)(\._ufuncs|\.core\._multiarray_umath|\._core\._multiarray_umath)?$/.test(
        call.text(0) ?? '',
      )
      return known && ufuncs.has(call.text(1) ?? '') ? undefined : 'it looks up a name that is not a NumPy function'
    },
  },

  restoresBitGenerator: {
    accepts: 'it names a bit generator, or is given an allowed class of numpy.random',
    objectionTo: restoresBitGenerator,
  },

  restoresGenerator: {
    accepts: 'it is given a bit generator, and at most the constructor that NumPy itself gives',
    objectionTo: (call) => {
      if (call.count === undefined || call.count > 2) return 'it is called with unknown arguments'
      if (call.count === 2 && call.importedName(1) !== BIT_GENERATOR)
        return 'it calls its second argument, which is not the one of NumPy'
      const isObject = call.producer(0)?.startsWith('numpy.random.') === true
      return isObject ? undefined : restoresBitGenerator(call)
    },
  },

  namesPlainType: {
    accepts: 'it names a number, a text, a container, a slice or a range',
    objectionTo: (call) =>
      call.count === 1 && CONTAINER_TYPES.has(call.text(0) ?? '')
        ? undefined
        : 'it answers a type that can do more than hold values, such as the one of functions',
  },

  evaluatesRange: {
    accepts: 'the text that it evaluates is a range of whole numbers, as dill writes one',
    objectionTo: (call) =>
      call.count === 1 && RANGE.test(call.text(0) ?? '')
        ? undefined
        : 'it evaluates a text as Python that is no range of numbers',
  },

  rebuildsNumPyArray: {
    accepts: 'its first argument, which it calls, is the function that makes an empty array of NumPy',
    objectionTo: (call) =>
      /^numpy\.(_core|core)\.multiarray _reconstruct$/.test(call.importedName(0) ?? '') && (call.count === 3 || call.count === 4)
        ? undefined
        : 'it calls its first argument, which does not make an array',
  },

  rebuildsFromType: {
    accepts: 'its first argument, which it calls, rebuilds a tensor, and its second is an allowed class',
    objectionTo: (call) => {
      const rebuilds = call.importedName(0)?.startsWith('torch._utils _rebuild_') === true
      return rebuilds && call.isAllowedImport(1) ? undefined : 'it calls its first argument, which does not rebuild a tensor'
    },
  },
} as const satisfies Record<string, NamedCondition>

export type ConditionName = keyof typeof CONDITIONS
