"""NumPy: arrays of all types, scalars, generators, polynomials, functions."""

import numpy as np


def objects():
    for code in np.typecodes["All"]:
        dtype = np.dtype(code)
        yield code, dtype
        yield code, np.zeros(3, dtype)
        yield code, np.zeros((2, 2), dtype, order="F")
        yield code, np.zeros((), dtype)
        yield code, np.zeros(1, dtype)[0]
        yield code, dtype.type
        yield code, type(dtype)
        if code not in "OV":
            yield code, np.zeros((2, 3), dtype).newbyteorder() if hasattr(np.ndarray, "newbyteorder") else np.zeros((2, 3), dtype.newbyteorder())
    rows = np.array([(1, 2.0, "a")], dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")])
    yield "structured", rows
    yield "structured", rows[0]
    yield "record", rows.view(np.recarray)
    yield "record", rows.view(np.recarray)[0]
    yield "record", np.rec.array([(1, 2.0)], dtype=[("a", int), ("b", float)])
    yield "matrix", np.matrix([[1, 2]])
    yield "masked", np.ma.array([1, 2], mask=[True, False])
    yield "masked", np.ma.masked
    yield "masked", np.ma.array(rows)
    yield "masked", np.ma.mrecords.fromarrays([[1], [2]]) if hasattr(np.ma, "mrecords") else np.ma.array(1.0)
    yield "nested", np.array([np.zeros(2), {"a": 1}, None, "text"], dtype=object)
    yield "aligned", np.dtype([("a", "i1"), ("b", "f8")], align=True)
    yield "subarray", np.dtype([("a", "f8", (2, 2))])
    yield "date", np.array(["2020-01-01", "2021-01-01"], "datetime64[D]")
    yield "date", np.datetime64("2020-01-01T00:00", "ns")
    if hasattr(np.dtypes if hasattr(np, "dtypes") else np, "StringDType"):
        yield "text", np.array(["a", "bcd"], dtype=np.dtypes.StringDType())
        yield "text", np.dtypes.StringDType(na_object=np.nan)
    yield "chararray", np.char.array(["a", "b"])
    for generator in (np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64):
        yield "generator", np.random.Generator(generator(1))
        yield "generator", generator(1)
        yield "generator", np.random.RandomState(generator(1))
    yield "generator", np.random.RandomState(0)
    yield "generator", np.random.default_rng(0)
    yield "seed", np.random.SeedSequence(1)
    yield "seed", np.random.SeedSequence(1).spawn(1)[0]
    yield "polynomial", np.poly1d([1, 2])
    for kind in ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre"):
        yield kind, getattr(np.polynomial, kind)([1, 2])
    yield "vectorize", np.vectorize(np.log1p)
    for name in sorted(dir(np)):
        found = getattr(np, name, None)
        if isinstance(found, np.ufunc):
            yield name, found
    for name in FUNCTIONS.split():
        found = getattr(np, name, None)
        if found is not None:
            yield name, found
    for name in ("norm", "det", "inv", "solve", "eig", "eigh", "svd", "pinv", "qr", "cholesky", "matrix_rank", "lstsq"):
        yield name, getattr(np.linalg, name)
    for name in ("fft", "ifft", "rfft", "irfft", "fft2", "fftfreq"):
        yield name, getattr(np.fft, name)
    yield "constants", [np.nan, np.inf, np.pi, np.newaxis]
    yield "errors", np.linalg.LinAlgError("a")
    yield "finfo", [np.finfo(np.float32).eps]


# Functions on arrays that do nothing but compute: what a FunctionTransformer or a metric may hold.
FUNCTIONS = """
abs all allclose amax amin angle any append arange argmax argmin argpartition argsort argwhere around array array_equal asarray
ascontiguousarray asfortranarray atleast_1d atleast_2d atleast_3d average bartlett bincount blackman block broadcast_to clip
column_stack concatenate convolve copy corrcoef correlate count_nonzero cov cross cumprod cumsum cumulative_prod cumulative_sum
delete diag diagonal diff digitize dot dstack ediff1d einsum empty empty_like expand_dims eye flatnonzero flip fliplr flipud full
full_like geomspace gradient hamming hanning histogram histogram2d hsplit hstack identity imag in1d inner insert interp
intersect1d isclose iscomplex isin isreal kaiser kron lexsort linspace logspace max mean median meshgrid min moveaxis nan_to_num
nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar
ndim nonzero ones ones_like outer pad partition percentile permute_dims polyfit polyval prod ptp quantile ravel real real_if_close
repeat reshape resize roll rollaxis rot90 round searchsorted select setdiff1d setxor1d shape sinc size sort split squeeze stack std
sum swapaxes take take_along_axis tensordot tile trace transpose trapezoid trapz tri tril triu union1d unique unwrap vander var
vdot vsplit vstack where zeros zeros_like
"""
