"""Golden values for the two-sample statistics of src/stats, from SciPy and statsmodels.

    python -m venv venv && venv/bin/pip install scipy statsmodels
    venv/bin/python test/golden/make-drift-statistics.py > test/golden/drift-statistics.json
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from scipy.spatial.distance import jensenshannon
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

rng = np.random.default_rng(19970229)


def chi_squared():
    cases = [(x, k) for k in (1, 2, 5, 30, 200, 5000) for x in (1e-3, 0.5 * k, k, 1.5 * k + 3, 3 * k + 40)]
    return [[x, k, stats.chi2.cdf(x, k), stats.chi2.sf(x, k)] for x, k in cases]


def noncentral():
    cases = [(x, k, l) for k in (1, 4, 30) for l in (0.5, 8, 60, 190, 400, 5000) for x in (0.5 * (k + l), k + l, 1.3 * (k + l))]
    return [[x, k, l, stats.ncx2.cdf(x, k, l)] for x, k, l in cases]


def kolmogorov_smirnov():
    cases = []
    for n, m, shift, digits in [(5, 7, 1.0, 6), (30, 30, 0.3, 6), (40, 60, 0.8, 1), (200, 150, 0.0, 6), (900, 1100, 0.1, 2), (12, 300, 1.5, 6)]:
        a, b = np.round(rng.normal(size=n), digits), np.round(rng.normal(shift, 1, m), digits)
        exact = stats.ks_2samp(a, b, method="exact")
        cases.append({"a": a.tolist(), "b": b.tolist(), "statistic": exact.statistic, "p": exact.pvalue, "at": exact.statistic_location,
                      "wasserstein": stats.wasserstein_distance(a, b), "sd": float(np.std(a, ddof=1))})
    return cases


def categories():
    cases = []
    for k, n, m in [(2, 100, 80), (5, 500, 3000), (12, 4000, 4000)]:
        p, q = rng.dirichlet(np.full(k, 5.0)), rng.dirichlet(np.full(k, 5.0))
        a, b = rng.multinomial(n, p), rng.multinomial(m, q)
        test = stats.chi2_contingency([a, b], correction=False)
        js = jensenshannon(a / n, b / m, base=2)
        sa, sb = (a + 0.5) / (n + k / 2), (b + 0.5) / (m + k / 2)
        psi = float(np.sum(stats.entropy(sa, sb) + stats.entropy(sb, sa)))
        cases.append({"a": a.tolist(), "b": b.tolist(), "statistic": test.statistic, "degrees": test.dof, "p": test.pvalue, "distance": js, "psi": psi})
    return cases


def proportion_tests():
    z = [(56, 70, 48, 80), (120, 4000, 151, 3800), (20, 50, 25, 50)]
    fisher = [(0, 30, 6, 40), (3, 20, 0, 500), (2, 2000, 11, 2100), (5, 5, 0, 5), (1, 10, 1, 10)]
    return {
        "z": [[a, n, b, m, proportions_ztest([a, b], [n, m])[1]] for a, n, b, m in z],
        "fisher": [[a, n, b, m, stats.fisher_exact([[a, n - a], [b, m - b]])[1]] for a, n, b, m in fisher],
    }


def adjusted():
    families = [[], [0.03], [0.01, 0.04, 0.03, 0.005], [0.02, 0.02, 0.02, 0.9], [0.5, 0.5], np.round(rng.random(40) ** 3, 6).tolist()]
    return [
        {
            "p": p,
            "holm": multipletests(p, method="holm")[1].tolist() if p else [],
            "bh": multipletests(p, method="fdr_bh")[1].tolist() if p else [],
        }
        for p in families
    ]


json.dump(
    {
        "versions": {m.__name__: m.__version__ for m in (scipy, statsmodels)},
        "chiSquared": chi_squared(),
        "noncentralChiSquared": noncentral(),
        "kolmogorovSf": [[x, stats.kstwobign.sf(x)] for x in (0.2, 0.5, 0.9, 0.999, 1.0, 1.2, 1.36, 2.0, 5.0)],
        "kolmogorovSmirnov": kolmogorov_smirnov(),
        "categories": categories(),
        "proportionTests": proportion_tests(),
        "adjusted": adjusted(),
    },
    sys.stdout,
    default=float,
)
print()
