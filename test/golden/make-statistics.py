"""Golden values for src/stats and src/model, from SciPy, statsmodels, scikit-learn and Fairlearn.

    python -m venv venv && venv/bin/pip install scipy statsmodels scikit-learn fairlearn
    venv/bin/python test/golden/make-statistics.py > test/golden/statistics.json
"""

import json
import sys

import fairlearn
import fairlearn.metrics as fl
import numpy as np
import scipy
import sklearn
import sklearn.metrics as sk
import statsmodels
from scipy import special, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

rng = np.random.default_rng(20240229)


def special_functions():
    shapes = [(0.5, 0.5), (1, 1), (2, 3), (5, 0.2), (30, 70), (0.5, 600.5), (5320, 630), (1e5, 3)]
    points = [1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999]
    z = [-38, -8, -5, -1.96, -0.3, 0, 0.1, 1, 2.5, 6, 9]
    p = [1e-300, 1e-20, 1e-6, 0.025, 0.3, 0.5, 0.6, 0.975, 0.999999]
    x = [1e-8, 0.1, 0.5, 1, 1.5, 2, 3.7, 10, 171.6, 1e4, 1e9]
    return {
        "logGamma": [[v, special.gammaln(v)] for v in x],
        "normalCdf": [[v, stats.norm.cdf(v)] for v in z],
        "normalQuantile": [[v, stats.norm.ppf(v)] for v in p],
        "betaCdf": [[v, a, b, special.betainc(a, b, v)] for a, b in shapes for v in points],
        "betaQuantile": [[v, a, b, special.betaincinv(a, b, v)] for a, b in shapes for v in [0.001, 0.025, 0.5, 0.9, 0.999]],
    }


def proportions():
    counts = [(0, 1), (1, 1), (0, 50), (95, 100), (532, 595), (3, 7), (12345, 99999)]
    pairs = [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (0, 30, 2, 40), (7, 60, 12, 480)]
    return {
        "wilson": [[x, n, c, *proportion_confint(x, n, 1 - c, "wilson")] for x, n in counts for c in (0.9, 0.95, 0.99)],
        "clopperPearson": [[x, n, c, *proportion_confint(x, n, 1 - c, "beta")] for x, n in counts for c in (0.9, 0.95, 0.99)],
        "newcombe": [[a, n, b, m, *confint_proportions_2indep(a, n, b, m, method="newcomb")] for a, n, b, m in pairs],
    }


def bootstrap():
    values = np.round(rng.exponential(2.0, 60), 4)
    ci = stats.bootstrap((values,), np.mean, n_resamples=100_000, method="BCa", rng=rng).confidence_interval
    return {"values": values.tolist(), "bcaOfMean": [ci.low, ci.high], "quantileType7": float(np.quantile(values, 0.31))}


def delong(y, s):
    """The quadratic definition, in plain NumPy."""
    pos, neg = s[y == 1], s[y == 0]
    kernel = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    return float(np.var(kernel.mean(1), ddof=1) / len(pos) + np.var(kernel.mean(0), ddof=1) / len(neg))


def roc_auc():
    cases = []
    for n, digits in [(30, 1), (200, 2), (200, 8)]:
        y = (rng.random(n) < 0.3).astype(int)
        s = np.round(y * 0.8 + rng.normal(size=n), digits)
        cases.append({"y": y.tolist(), "scores": s.tolist(), "auc": sk.roc_auc_score(y, s), "variance": delong(y, s)})
    return cases


def fairness():
    cases = []
    for groups in [["a", "b"], ["a", "b", "c"]]:
        group = rng.choice(groups, 120)
        y = (rng.random(120) < np.where(group == "a", 0.5, 0.3)).astype(int)
        predicted = np.where(rng.random(120) < 0.75, y, 1 - y)
        kw = {"sensitive_features": group}
        cases.append({
            "group": group.tolist(),
            "y": y.tolist(),
            "predicted": predicted.tolist(),
            "metrics": {
                "demographic-parity-difference": fl.demographic_parity_difference(y, predicted, **kw),
                "demographic-parity-ratio": fl.demographic_parity_ratio(y, predicted, **kw),
                "equalized-odds-difference": fl.equalized_odds_difference(y, predicted, **kw),
                "equalized-odds-ratio": fl.equalized_odds_ratio(y, predicted, **kw),
                "true-positive-rate-difference": fl.equal_opportunity_difference(y, predicted, **kw),
            },
        })
    return cases


golden = {
    "versions": {m.__name__: m.__version__ for m in (scipy, statsmodels, sklearn, fairlearn)},
    "special": special_functions(),
    "proportions": proportions(),
    "bootstrap": bootstrap(),
    "rocAuc": roc_auc(),
    "fairness": fairness(),
}
json.dump(golden, sys.stdout, default=float)
print()
