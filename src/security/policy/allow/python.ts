// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const python: AllowList = {
  framework: 'Python',
  versions: ['Python 3.11.2', 'Python 3.11.7'],
  groups: [
    {
      condition: 'anyCall',
      reason: 'a date, a time or a duration',
      names: nameTable(`
datetime: date datetime time timedelta timezone
`),
    },
    {
      condition: 'anyCall',
      reason: 'a logger by its name, as an object that logs keeps it',
      names: nameTable(`
logging: getLogger
`),
    },
    {
      condition: 'anyCall',
      reason: 'a number',
      names: nameTable(`
decimal: Decimal
fractions: Fraction
`),
    },
    {
      condition: 'anyCall',
      reason: 'a path, which is not looked at',
      names: nameTable(`
pathlib: Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath
pathlib._local: Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath
`),
    },
    {
      condition: 'anyCall',
      reason: 'a plain container',
      names: nameTable(`
types: MappingProxyType SimpleNamespace
`),
    },
    {
      condition: 'anyCall',
      reason: 'a plain container: its constructor only copies its arguments',
      names: nameTable(`
collections: Counter OrderedDict UserString defaultdict deque
`),
    },
    {
      condition: 'anyCall',
      reason: 'a plain value, an error as a value, or an iterator over a container: its constructor only copies its arguments',
      names: nameTable(`
builtins: ArithmeticError AssertionError AttributeError DeprecationWarning Exception FutureWarning IndexError KeyError
    KeyboardInterrupt LookupError NotImplementedError OverflowError RuntimeError RuntimeWarning StopIteration TypeError
    UserWarning ValueError ZeroDivisionError bytearray bytes complex enumerate frozenset range reversed set slice zip
`),
    },
    {
      condition: 'anyCall',
      reason: 'a regular expression',
      names: nameTable(`
re: _compile
`),
    },
    {
      condition: 'anyCall',
      reason: 'a time zone by its key, of those that Python knows',
      names: nameTable(`
zoneinfo: ZoneInfo._unpickle
`),
    },
    {
      condition: 'anyCall',
      reason: 'an address',
      names: nameTable(`
ipaddress: IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Network
`),
    },
    {
      condition: 'anyCall',
      reason: 'an array of numbers',
      names: nameTable(`
array: array
`),
    },
    {
      condition: 'anyCall',
      reason: 'an object that picks members by their place or key',
      names: nameTable(`
_operator: itemgetter
operator: itemgetter
`),
    },
    {
      condition: 'asksTypeOfConstant',
      reason: 'the type of a constant',
      names: nameTable(`
builtins: type
`),
    },
    {
      condition: 'dataArguments',
      reason: 'a random generator',
      names: nameTable(`
random: Random
`),
    },
    {
      condition: 'encodesLatin1',
      reason: 'bytes, as they are written for Python 2',
      names: nameTable(`
_codecs: encode
`),
    },
    {
      condition: 'evaluatesRange',
      reason: 'a range, as dill writes it',
      names: nameTable(`
dill._dill: _eval_repr
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'an array of numbers from bytes',
      names: nameTable(`
array: _array_reconstructor
`),
    },
    {
      condition: 'iteratesContainer',
      reason: 'an iterator over a container; with two arguments it would call the first',
      names: nameTable(`
builtins: iter
`),
    },
    {
      condition: 'looksUpMember',
      reason: 'a member of an enumeration',
      names: nameTable(`
re: RegexFlag
uuid: SafeUUID
`),
    },
    {
      condition: 'namesPlainType',
      reason: 'a type of Python by its name, as dill writes it',
      names: nameTable(`
dill._dill: _load_type
`),
    },
    {
      condition: 'neverCalled',
      reason: 'a function on values that a transformer refers to',
      names: nameTable(`
_operator: abs add and_ concat contains countOf eq floordiv ge getitem gt iand ifloordiv ilshift imatmul imod imul index
    indexOf inv invert ior ipow irshift is_ is_not isub itruediv ixor le length_hint lshift lt matmul mod mul ne neg not_ or_
    pos pow rshift sub truediv truth xor
builtins: Ellipsis NotImplemented abs all any bool chr dict divmod float hash int len list max min ord pow repr round sorted
    str sum tuple
math: acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist erf erfc exp exp2 expm1 fabs
    factorial floor fmod frexp fsum gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10 log1p log2
    modf nextafter perm pow prod radians remainder sin sinh sqrt tan tanh trunc ulp
operator: add eq ge gt le lt mul ne neg sub truediv
types: EllipsisType NoneType
zoneinfo: ZoneInfo
`),
    },
    {
      condition: 'newObjectOfAllowedClass',
      reason: 'a new object of a class',
      names: nameTable(`
copyreg: __newobj__
`),
    },
    {
      condition: 'readsKnownAttribute',
      reason: 'a member of an enumeration or a method, by its name; with other arguments it reaches everything',
      names: nameTable(`
builtins: getattr
`),
    },
    {
      condition: 'rebuildsNumPyArray',
      reason: 'an array, as dill writes it',
      names: nameTable(`
dill._dill: _create_array
`),
    },
    {
      condition: 'reconstructsAllowedClass',
      reason: 'a new object of a class, as protocols 0 and 1 write it',
      names: nameTable(`
copyreg: _reconstructor
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a container, a date, a number or another plain value: restoring it copies its content',
      names: nameTable(`
argparse: Namespace
builtins: object
collections: ChainMap UserDict UserList
statistics: NormalDist
uuid: UUID
`),
    },
    {
      condition: 'wrapsAllowedFunction',
      reason: 'a function with some of its arguments',
      names: nameTable(`
functools: partial
`),
    },
  ],
}
