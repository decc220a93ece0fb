"""SciPy: sparse matrices of all formats, distributions, interpolators, trees, functions of scipy.special."""

import numpy as np
import scipy
from scipy import interpolate, optimize, sparse, spatial, special, stats

from objects.walk import bare, classes


def objects():
    dense = np.eye(4)
    for form in ("csr", "csc", "coo", "lil", "dok", "bsr", "dia"):
        for kind in ("matrix", "array"):
            make = getattr(sparse, f"{form}_{kind}", None)
            if make:
                yield form, make(dense)
    for name in sorted(dir(stats)):
        found = getattr(stats, name)
        if isinstance(found, (stats.rv_continuous, stats.rv_discrete)):
            yield name, found
            shapes = (found.shapes or "").count(",") + 1 if found.shapes else 0
            try:
                yield name, found(*SHAPES.get(name, [0.7 + 0.4 * i for i in range(shapes)]))
            except Exception:
                pass
            yield name, found._pdf if hasattr(found, "_pdf") else found._pmf
            yield name, found.rvs
    for frozen in (
        lambda: stats.multivariate_normal([0, 0], np.eye(2)), lambda: stats.dirichlet([1, 1]), lambda: stats.wishart(3, np.eye(2)),
        lambda: stats.invwishart(3, np.eye(2)), lambda: stats.multinomial(3, [0.5, 0.5]), lambda: stats.matrix_normal(np.eye(2)),
        lambda: stats.multivariate_t([0, 0], np.eye(2)), lambda: stats.multivariate_hypergeom([3, 4], 2), lambda: stats.ortho_group,
        lambda: stats.special_ortho_group, lambda: stats.random_correlation, lambda: stats.unitary_group, lambda: stats.random_table([1, 2], [1, 2]),
        lambda: stats.uniform_direction(3), lambda: stats.vonmises_fisher([1, 0], 1), lambda: stats.Covariance.from_diagonal([1, 2]),
        lambda: stats.gaussian_kde(np.random.rand(2, 20)), lambda: stats.rv_histogram(np.histogram([1, 2, 3])),
        lambda: stats.ecdf([1, 2, 3]), lambda: stats.qmc.Sobol(2), lambda: stats.qmc.Halton(2), lambda: stats.qmc.LatinHypercube(2),
        lambda: stats.ttest_ind([1, 2, 3], [2, 3, 5]), lambda: stats.linregress([1, 2, 3], [2, 3, 5]), lambda: stats.pearsonr([1, 2, 3], [2, 3, 5]),
        lambda: stats.rv_discrete(values=([1, 2], [0.5, 0.5])), lambda: stats.kstest([0.1, 0.2], "norm"), lambda: stats.mode([1, 1]),
        lambda: stats.describe([1, 2, 3]), lambda: stats.boxcox_llf, lambda: stats.Normal(mu=0.0, sigma=1.0), lambda: stats.bootstrap(([1, 2, 3, 4],), np.mean),
    ):
        try:
            yield "frozen", frozen()
        except Exception:
            pass
    x = np.linspace(0, 1, 12)
    grid = np.random.rand(12, 2)
    for make in (
        lambda: interpolate.interp1d(x, x), lambda: interpolate.interp1d(x, x, kind="cubic"), lambda: interpolate.CubicSpline(x, x),
        lambda: interpolate.PchipInterpolator(x, x), lambda: interpolate.Akima1DInterpolator(x, x), lambda: interpolate.UnivariateSpline(x, x),
        lambda: interpolate.InterpolatedUnivariateSpline(x, x), lambda: interpolate.LSQUnivariateSpline(x, x, [0.5]),
        lambda: interpolate.make_interp_spline(x, x), lambda: interpolate.BSpline.basis_element([0, 1, 2, 3]), lambda: interpolate.PPoly(np.ones((2, 2)), [0, 1, 2]),
        lambda: interpolate.BPoly(np.ones((2, 2)), [0, 1, 2]), lambda: interpolate.RBFInterpolator(grid, x), lambda: interpolate.Rbf(x, x),
        lambda: interpolate.RegularGridInterpolator((x, x), np.ones((12, 12))), lambda: interpolate.RectBivariateSpline(x, x, np.ones((12, 12))),
        lambda: interpolate.LinearNDInterpolator(grid, x), lambda: interpolate.NearestNDInterpolator(grid, x), lambda: interpolate.CloughTocher2DInterpolator(grid, x),
        lambda: interpolate.KroghInterpolator(x, x), lambda: interpolate.BarycentricInterpolator(x, x), lambda: interpolate.SmoothBivariateSpline(grid[:, 0], grid[:, 1], x, kx=1, ky=1),
        lambda: interpolate.RectSphereBivariateSpline(x[1:], x[1:], np.ones((11, 11))), lambda: interpolate.NdBSpline(([0, 1, 2, 3],), np.ones(2), 1),
        lambda: interpolate.CubicHermiteSpline(x, x, x), lambda: interpolate.AAA(x, x), lambda: interpolate.NdPPoly(np.ones((2, 2)), ([0, 1, 2],)),
        lambda: spatial.cKDTree(grid), lambda: spatial.KDTree(grid), lambda: spatial.ConvexHull(grid), lambda: spatial.Delaunay(grid), lambda: spatial.Voronoi(grid),
        lambda: spatial.transform.Rotation.identity(), lambda: spatial.transform.Slerp([0, 1], spatial.transform.Rotation.identity(2)), lambda: spatial.Rectangle([0], [1]),
        lambda: optimize.minimize(np.sum, [0.0]), lambda: optimize.root_scalar(np.sin, bracket=[-1, 1]), lambda: optimize.linprog([1.0]), lambda: optimize.Bounds([0], [1]),
        lambda: optimize.LinearConstraint(np.eye(2)), lambda: optimize.NonlinearConstraint(np.sum, 0, 1), lambda: optimize.curve_fit, lambda: optimize.minimize(np.sum, [0.0], method="L-BFGS-B"),
        lambda: scipy.signal.lti([1.0], [1.0, 1.0]), lambda: scipy.signal.StateSpace(1.0, 1.0, 1.0, 1.0), lambda: scipy.signal.ZerosPolesGain([1], [2], 1), lambda: scipy.signal.TransferFunction([1.0], [1.0, 1.0]),
        lambda: sparse.linalg.aslinearoperator(dense), lambda: scipy.integrate.solve_ivp(lambda t, y: y, (0, 1), [1.0], dense_output=True),
    ):
        try:
            yield "object", make()
        except Exception:
            pass
    for name in dir(special):
        found = getattr(special, name)
        if isinstance(found, np.ufunc) or name in ("softmax", "log_softmax", "logsumexp", "comb", "perm", "factorial", "expit", "logit"):
            yield name, found
    for base in (stats.rv_continuous, stats.rv_discrete):
        for found in classes("scipy.stats", base):
            yield found.__name__, bare(found)
    for name in dir(spatial.distance):
        found = getattr(spatial.distance, name)
        if callable(found) and getattr(found, "__module__", "") == "scipy.spatial.distance" and not name.startswith("_"):
            yield name, found
    for name in "pearsonr spearmanr kendalltau ttest_ind ks_2samp zscore entropy iqr skew kurtosis gmean hmean boxcox yeojohnson f_oneway chisquare rankdata trim_mean mode median_abs_deviation".split():
        yield name, getattr(stats, name)
    for name in "norm inv det svd eigh solve pinv expm".split():
        yield name, getattr(scipy.linalg, name)
    for name in "detrend savgol_filter medfilt resample hilbert convolve".split():
        yield name, getattr(scipy.signal, name)


SHAPES = {"binom": [5, 0.5], "nbinom": [5, 0.5], "randint": [1, 5], "hypergeom": [10, 4, 3], "truncnorm": [-1, 1], "betabinom": [5, 1, 1], "bernoulli": [0.5], "geom": [0.5]}
