// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const numpy: AllowList = {
  framework: 'NumPy',
  versions: ['numpy 1.23.5', 'numpy 1.24.2', 'numpy 1.24.4', 'numpy 1.26.4', 'numpy 2.0.2', 'numpy 2.1.3', 'numpy 2.2.6', 'numpy 2.4.6'],
  groups: [
    {
      condition: 'anyCall',
      reason: 'a type of array elements, from its code',
      names: nameTable(`
numpy: dtype
`),
    },
    {
      condition: 'anyCall',
      reason: 'a type of texts in arrays',
      names: nameTable(`
numpy._core._internal: _convert_to_stringdtype_kwargs
`),
    },
    {
      condition: 'anyCall',
      reason: 'an array over bytes that are in the pickle',
      names: nameTable(`
numpy._core.numeric: _frombuffer
numpy.core.numeric: _frombuffer
`),
    },
    {
      condition: 'anyCall',
      reason: 'an error as a value',
      names: nameTable(`
numpy.linalg: LinAlgError
`),
    },
    {
      condition: 'anyCall',
      reason: 'one number, from its type and bytes',
      names: nameTable(`
numpy._core.multiarray: scalar
numpy.core.multiarray: scalar
`),
    },
    {
      condition: 'dataArguments',
      reason: 'the masked constant',
      names: nameTable(`
numpy.ma.core: MaskedConstant
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'an empty array of a class, which its state fills',
      names: nameTable(`
numpy._core.multiarray: _reconstruct
numpy.core.multiarray: _reconstruct
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'an empty masked array of a class, which its state fills',
      names: nameTable(`
numpy.ma.core: _mareconstruct
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'restores an object of compiled code; it makes one of the class that it is given and copies its state',
      names: nameTable(`
numpy.random.bit_generator: __pyx_unpickle_SeedSequence
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'the class of a type of array elements',
      names: nameTable(`
numpy.core: _DType_reconstruct
`),
    },
    {
      condition: 'neverCalled',
      reason: 'a type, or a function on arrays, that an array or a transformer refers to',
      names: nameTable(`
numpy: abs absolute add all allclose amax amin angle any append arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh
    argmax argmin argpartition argsort argwhere around array array_equal asarray ascontiguousarray asfortranarray atleast_1d
    atleast_2d atleast_3d average bartlett bincount bitwise_and bitwise_count bitwise_or bitwise_xor blackman block bool bool_
    broadcast_to bytes_ cbrt ceil chararray clip clongdouble column_stack complex128 complex256 complex64 concatenate
    conjugate convolve copy copysign corrcoef correlate cos cosh count_nonzero cov cross cumprod cumsum cumulative_prod
    cumulative_sum datetime64 deg2rad degrees delete diag diagonal diff digitize divide divmod dot dstack ediff1d einsum empty
    empty_like equal exp exp2 expand_dims expm1 eye fabs flatnonzero flip fliplr flipud float128 float16 float32 float64
    float_power floating floor floor_divide fmax fmin fmod frexp full full_like gcd generic geomspace gradient greater
    greater_equal half hamming hanning heaviside histogram histogram2d hsplit hstack hypot identity imag in1d inexact inner
    insert int16 int32 int64 int8 intc integer interp intersect1d intp invert isclose iscomplex isfinite isin isinf isnan
    isnat isreal kaiser kron lcm ldexp left_shift less less_equal lexsort linspace log log10 log1p log2 logaddexp logaddexp2
    logical_and logical_not logical_or logical_xor logspace longdouble longlong matmul matrix matvec max maximum mean median
    meshgrid min minimum modf moveaxis multiply nan_to_num nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian
    nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar ndarray ndim negative nextafter nonzero not_equal number
    object_ ones ones_like outer pad partition percentile polyfit polyval positive power prod ptp quantile rad2deg radians
    ravel real real_if_close recarray reciprocal record remainder repeat reshape resize right_shift rint roll rollaxis rot90
    round round_ searchsorted select setdiff1d setxor1d shape sign signbit signedinteger sin sinc sinh size sort spacing split
    sqrt square squeeze stack std str_ subtract sum swapaxes take take_along_axis tan tanh tensordot tile timedelta64 trace
    transpose trapezoid trapz tri tril triu trunc uint16 uint32 uint64 uint8 uintc uintp ulonglong union1d unique
    unsignedinteger unwrap vander var vdot vecdot vecmat void vsplit vstack where zeros zeros_like
numpy._core._multiarray_umath: absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_count
    bitwise_or bitwise_xor cbrt ceil conjugate copysign cos cosh deg2rad degrees divide divmod equal exp exp2 expm1 fabs
    float_power floor floor_divide fmax fmin fmod frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan
    isnat lcm ldexp left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or
    logical_xor matmul matvec maximum minimum modf multiply negative nextafter not_equal positive power rad2deg radians
    reciprocal remainder right_shift rint sign signbit sin sinh spacing sqrt square subtract tan tanh trunc vecdot vecmat
numpy.char: chararray
numpy.core._multiarray_umath: absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_count
    bitwise_or bitwise_xor cbrt ceil conjugate copysign cos cosh deg2rad degrees divide divmod equal exp exp2 expm1 fabs
    float_power floor floor_divide fmax fmin fmod frexp gcd greater greater_equal heaviside hypot invert isfinite isinf isnan
    isnat lcm ldexp left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or
    logical_xor matmul matvec maximum minimum modf multiply negative nextafter not_equal positive power rad2deg radians
    reciprocal remainder right_shift rint sign signbit sin sinh spacing sqrt square subtract tan tanh trunc vecdot vecmat
numpy.dtypes: BoolDType BytesDType CLongDoubleDType Complex128DType Complex64DType DateTime64DType Float16DType Float32DType
    Float64DType Int16DType Int32DType Int64DType Int8DType LongDoubleDType LongLongDType ObjectDType StrDType
    TimeDelta64DType UInt16DType UInt32DType UInt64DType UInt8DType ULongLongDType VoidDType
numpy.fft: fft fft2 fftfreq ifft irfft rfft
numpy.linalg: cholesky det eig eigh inv lstsq matrix_rank norm pinv qr solve svd
numpy.ma: MaskedArray
numpy.ma.core: MaskedArray
numpy.random._mt19937: MT19937
numpy.random._pcg64: PCG64 PCG64DXSM
numpy.random._philox: Philox
numpy.random._sfc64: SFC64
numpy.random.bit_generator: SeedSequence
numpy.rec: recarray
`),
    },
    {
      condition: 'resolvesUfunc',
      reason: 'an element-wise function by its name; with other arguments it imports any module and answers any name of it',
      names: nameTable(`
numpy._core: _ufunc_reconstruct
numpy.core: _ufunc_reconstruct
`),
    },
    {
      condition: 'restoresBitGenerator',
      reason: 'a bit generator; it calls the class that it is given',
      names: nameTable(`
numpy.random._pickle: __bit_generator_ctor
`),
    },
    {
      condition: 'restoresGenerator',
      reason: 'a random generator; it calls its second argument',
      names: nameTable(`
numpy.random._pickle: __generator_ctor __randomstate_ctor
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'an array, a scalar, a generator or a type of one: restoring it copies numbers',
      names: nameTable(`
numpy: poly1d vectorize
numpy._core.multiarray: dtype ndarray
numpy._core.records: recarray record
numpy.core.multiarray: dtype ndarray
numpy.core.records: recarray record
numpy.dtypes: ByteDType IntDType ShortDType StringDType UByteDType UIntDType UShortDType
numpy.lib._polynomial_impl: poly1d
numpy.lib.function_base: vectorize
numpy.lib.polynomial: poly1d
numpy.matrixlib.defmatrix: matrix
numpy.polynomial.chebyshev: Chebyshev
numpy.polynomial.hermite: Hermite
numpy.polynomial.hermite_e: HermiteE
numpy.polynomial.laguerre: Laguerre
numpy.polynomial.legendre: Legendre
numpy.polynomial.polynomial: Polynomial
numpy.random: Generator RandomState
numpy.random._generator: Generator
numpy.random.mtrand: RandomState
numpy.rec: record
`),
    },
  ],
}
