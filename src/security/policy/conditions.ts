import { Kind } from '../pickle/values.ts'
import type { CallView, Condition } from './judgement.ts'

/** What calls of an allowed name must look like. Each condition is named for what it accepts. */

export const anyCall: Condition = () => undefined

export const neverCalled: Condition = () => 'models only refer to it, but here it is called while loading'

/** The first argument is a class that is allowed without conditions of its own. */
export const firstIsAllowedClass: Condition = (call) =>
  call.isAllowedImport(0) ? undefined : 'its first argument is not an allowed class'

/** `_codecs.encode(text, 'latin1')`: how bytes are written in a pickle that Python 2 can read. */
export const encodesLatin1: Condition = (call) => {
  const encoding = call.count === 1 ? 'utf-8' : call.text(1)
  return encoding !== undefined && /^(latin-?1|utf-?8|ascii)$/.test(encoding)
    ? undefined
    : 'it is called with another codec than pickles use for bytes'
}

/** `copyreg._reconstructor(cls, object, None)`: a new object of a class, without its constructor. */
export const reconstructsAllowedClass: Condition = (call) =>
  call.isAllowedImport(0) && call.isAllowedImport(1) ? undefined : 'it makes an object of a class that is not allowed'

/** `type(None)`, `type(...)`, `type(NotImplemented)`: with three arguments, `type` would make a new class. */
export const asksTypeOfConstant: Condition = (call) =>
  call.count === 1 && (call.kind(0) === Kind.none || isConstant(call.importedName(0)))
    ? undefined
    : 'it is called on something other than a plain constant'

const isConstant = (name: string | undefined) => name === 'builtins Ellipsis' || name === 'builtins NotImplemented'

/**
 * `getattr(object, name)`, as pickle writes a member of an enumeration, a method `forward`, or a method of a SciPy
 * distribution. Any other attribute could be a method that reads or writes files.
 */
export const readsKnownAttribute: Condition = (call) => {
  const name = call.text(1)
  if (call.count !== 2 || name === undefined) return 'it reads an attribute whose name is computed'
  if (call.isAllowedImport(0) && (name === 'forward' || /^[A-Z][A-Z0-9_]*$/.test(name))) return undefined
  const isDistribution = call.producer(0)?.startsWith('scipy.stats._') === true
  if (isDistribution && /^_?[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) return undefined
  return 'it reads an attribute that models do not need'
}

/** `functools.partial(function)` of a function that is allowed as a value, or a class. */
export const wrapsAllowedFunction: Condition = (call) =>
  call.isAllowedImport(0) ? undefined : 'it wraps a function that is not on the allow-list'

/** `_ufunc_reconstruct('numpy', 'log1p')`: with other arguments it imports any module and answers any name of it. */
export const resolvesUfunc =
  (names: readonly string[]): Condition =>
  (call) => {
    const known = /^(numpy|scipy\.special)(\._ufuncs|\.core\._multiarray_umath|\._core\._multiarray_umath)?$/.test(
      call.text(0) ?? '',
    )
    return known && names.includes(call.text(1) ?? '') ? undefined : 'it looks up a name that is not a NumPy function'
  }

const BIT_GENERATOR = 'numpy.random._pickle __bit_generator_ctor'

/** The bit generator is named by a string or by an allowed class of `numpy.random`. */
export const restoresBitGenerator: Condition = (call) => {
  if (call.count === 0) return undefined
  const imported = call.importedName(0)
  const isClass = imported?.startsWith('numpy.random.') === true && call.isAllowedImport(0)
  return isClass || call.text(0) !== undefined ? undefined : 'it calls something that is not a bit generator'
}

/** `__generator_ctor(bit_generator, constructor)` calls its second argument. */
export const restoresGenerator: Condition = (call: CallView) => {
  if (call.count === undefined || call.count > 2) return 'it is called with unknown arguments'
  if (call.count === 2 && call.importedName(1) !== BIT_GENERATOR)
    return 'it calls its second argument, which is not the one of NumPy'
  const isObject = call.producer(0)?.startsWith('numpy.random.') === true
  return isObject ? undefined : restoresBitGenerator(call)
}

/** `_rebuild_from_type_v2(function, class, arguments, state)` calls its first argument. */
export const rebuildsFromType: Condition = (call) => {
  const rebuilds = call.importedName(0)?.startsWith('torch._utils _rebuild_') === true
  return rebuilds && call.isAllowedImport(1) ? undefined : 'it calls its first argument, which does not rebuild a tensor'
}
