import type { AllowGroup } from '../allow-group.ts'
import { firstIsAllowedClass, resolvesUfunc, restoresBitGenerator, restoresGenerator } from '../conditions.ts'
import { words } from '../name-table.ts'

/** Functions of the module `numpy` that compute element by element. */
const UFUNCS: readonly string[] = words(`
  absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_count bitwise_or bitwise_xor cbrt ceil
  conjugate copysign cos cosh deg2rad degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin
  fmod frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan isnat lcm ldexp left_shift less less_equal
  log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor matmul matvec maximum minimum modf
  multiply negative nextafter not_equal positive power rad2deg radians reciprocal remainder right_shift rint sign signbit sin
  sinh spacing sqrt square subtract tan tanh trunc vecdot vecmat
`)

const SCALARS = words(`
  bool bool_ bytes_ clongdouble complex128 complex64 datetime64 float16 float32 float64 generic half inexact floating integer
  int16 int32 int64 int8 intc intp longdouble longlong number object_ signedinteger str_ timedelta64 uint16 uint32 uint64
  uint8 uintc uintp ulonglong unsignedinteger void
`)
/** Functions on whole arrays. */
const FUNCTIONS = words(`
  abs all any amax amin argmax argmin around asarray array ascontiguousarray average clip concatenate cumprod cumsum diff full
  hstack identity mean median nan_to_num nanmax nanmean nanmedian nanmin nanstd nansum nanvar ones percentile prod ptp
  quantile ravel reshape round squeeze stack std sum transpose unique var vstack where zeros
`)
const RESTORES = ['_reconstruct', 'scalar']

export const numpy: readonly AllowGroup[] = [
  {
    framework: 'NumPy',
    reason: 'an array, a scalar or its type: restoring it copies numbers',
    names: {
      numpy: [...SCALARS, 'dtype', 'ndarray', 'matrix', 'recarray', 'record', 'poly1d', 'vectorize'],
      'numpy.core.multiarray': [...RESTORES, 'ndarray', 'dtype'],
      'numpy._core.multiarray': [...RESTORES, 'ndarray', 'dtype'],
      'numpy.core.numeric': ['_frombuffer'],
      'numpy._core.numeric': ['_frombuffer'],
      'numpy.core': ['_ufunc_reconstruct'],
      'numpy._core': ['_ufunc_reconstruct'],
      'numpy.core.records': ['recarray', 'record'],
      'numpy._core.records': ['recarray', 'record'],
      'numpy.rec': ['recarray', 'record'],
      'numpy.ma': ['MaskedArray'],
      'numpy.ma.core': ['MaskedArray', 'MaskedConstant', '_mareconstruct'],
      'numpy.matrixlib.defmatrix': ['matrix'],
      'numpy.dtypes': words(
        'Bool Int8 UInt8 Int16 UInt16 Int32 UInt32 Int64 UInt64 Float16 Float32 Float64 LongDouble Complex64 Complex128 CLongDouble Object Bytes Str Void DateTime64 TimeDelta64 String Int UInt LongLong ULongLong Short UShort Byte UByte',
      ).map((type) => `${type}DType`),
      'numpy.lib.polynomial': ['poly1d'],
      'numpy.lib._polynomial_impl': ['poly1d'],
      'numpy.polynomial.polynomial': ['Polynomial'],
      'numpy.polynomial.chebyshev': ['Chebyshev'],
      'numpy.polynomial.legendre': ['Legendre'],
      'numpy.random': ['RandomState', 'Generator'],
      'numpy.random.mtrand': ['RandomState'],
      'numpy.random._generator': ['Generator'],
      'numpy.random._mt19937': ['MT19937'],
      'numpy.random._pcg64': ['PCG64', 'PCG64DXSM'],
      'numpy.random._philox': ['Philox'],
      'numpy.random._sfc64': ['SFC64'],
      'numpy.random.bit_generator': ['SeedSequence', '__pyx_unpickle_SeedSequence'],
      'numpy.random._pickle': ['__bit_generator_ctor', '__generator_ctor', '__randomstate_ctor'],
    },
    conditions: {
      'numpy.core.multiarray _reconstruct': firstIsAllowedClass,
      'numpy._core.multiarray _reconstruct': firstIsAllowedClass,
      'numpy.ma.core _mareconstruct': firstIsAllowedClass,
      'numpy.core _ufunc_reconstruct': resolvesUfunc(UFUNCS),
      'numpy._core _ufunc_reconstruct': resolvesUfunc(UFUNCS),
      'numpy.random.bit_generator __pyx_unpickle_SeedSequence': firstIsAllowedClass,
      'numpy.random._pickle __bit_generator_ctor': restoresBitGenerator,
      'numpy.random._pickle __generator_ctor': restoresGenerator,
      'numpy.random._pickle __randomstate_ctor': restoresGenerator,
    },
  },
  {
    framework: 'NumPy',
    reason: 'a function on arrays that a transformer refers to',
    use: 'value',
    names: {
      numpy: [...UFUNCS, ...FUNCTIONS],
      'numpy.core._multiarray_umath': UFUNCS,
      'numpy._core._multiarray_umath': UFUNCS,
    },
  },
]
