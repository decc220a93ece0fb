"""Golden values of intervals and paired comparisons in src/stats, from statsmodels, SciPy, and formulas in plain NumPy.

    python -m venv venv && venv/bin/pip install numpy scipy statsmodels
    venv/bin/python test/golden/make-intervals.py > test/golden/intervals.json
"""

import json

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar

rng = np.random.default_rng(20241126)
Z = stats.norm.ppf(0.975)


def paired_counts():
    cases = [(0, 0, 50), (3, 0, 30), (0, 7, 60), (5, 5, 40), (12, 3, 100), (40, 21, 400), (1, 14, 53), (130, 95, 5000)]
    out = []
    for b, c, n in cases:
        exact = mcnemar([[0, b], [c, 0]], exact=True).pvalue if b + c else 1.0
        mid = min(1.0, exact - stats.binom.pmf(min(b, c), b + c, 0.5)) if b + c else 1.0
        p12, p21 = (b + 1) / (n + 2), (c + 1) / (n + 2)
        half = Z * np.sqrt((p12 + p21 - (p12 - p21) ** 2) / (n + 2))
        out.append({
            "onlyA": b,
            "onlyB": c,
            "rows": n,
            "midP": mid,
            "bonettPrice": [max(-1, p12 - p21 - half), min(1, p12 - p21 + half)],
            "tango": tango(b, c, n),
        })
    return out


def tango(b, c, n):
    """The constrained maximum of the likelihood is found numerically, not by Tango's closed form."""

    def score(delta):
        def minus_log_likelihood(p21):
            p12, rest = p21 + delta, 1 - 2 * p21 - delta
            term = lambda count, p: 0 if count == 0 else -count * np.log(max(p, 1e-300))
            return term(b, p12) + term(c, p21) + term(n - b - c, rest)

        low, high = max(0, -delta), (1 - delta) / 2
        p21 = optimize.minimize_scalar(minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
        return (b - c - n * delta) / np.sqrt(n * (2 * p21 + delta * (1 - delta)))

    d = (b - c) / n
    tiny = 1e-7
    lower = optimize.brentq(lambda x: score(x) - Z, -1 + tiny, d - tiny)
    upper = optimize.brentq(lambda x: score(x) + Z, d + tiny, 1 - tiny)
    return [lower, upper]


def kernel(x, y):
    return (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])


def delong_pairs():
    out = []
    for n, digits in [(40, 1), (150, 2)]:
        y = (rng.random(n) < 0.4).astype(int)
        common = rng.normal(size=n)
        scores = [np.round(shift * y + common + 0.6 * rng.normal(size=n), digits) for shift in (1.2, 0.8)]
        v10 = [kernel(s[y == 1], s[y == 0]).mean(1) for s in scores]
        v01 = [kernel(s[y == 1], s[y == 0]).mean(0) for s in scores]
        s10, s01 = np.cov(v10), np.cov(v01)
        contrast = np.array([1, -1])
        difference = float(v10[0].mean() - v10[1].mean())
        variance = float(contrast @ (s10 / y.sum() + s01 / (n - y.sum())) @ contrast)
        out.append({"y": y, "a": scores[0], "b": scores[1], "difference": difference, "variance": variance})
    return out


def obuchowski():
    """Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 53 (1997), as it is printed."""
    out = []
    for clusters, size in [(12, 4), (60, 3)]:
        n = clusters * size
        cluster = np.repeat(np.arange(clusters), size)
        y = (rng.random(n) < 0.45).astype(int)
        s = np.round(1.1 * y + rng.normal(size=clusters)[cluster] + rng.normal(size=n), 2)
        k = kernel(s[y == 1], s[y == 0])
        theta, m, negatives = k.mean(), int(y.sum()), int(n - y.sum())
        of_positive, of_negative = cluster[y == 1], cluster[y == 0]
        d10 = np.array([(k.mean(1)[of_positive == c] - theta).sum() for c in range(clusters)])
        d01 = np.array([(k.mean(0)[of_negative == c] - theta).sum() for c in range(clusters)])
        i10, i01 = len(set(of_positive)), len(set(of_negative))
        s10 = i10 / ((i10 - 1) * m) * (d10**2).sum()
        s01 = i01 / ((i01 - 1) * negatives) * (d01**2).sum()
        s11 = clusters / (clusters - 1) * (d10 * d01).sum()
        variance = s10 / m + s01 / negatives + 2 * s11 / (m * negatives)
        out.append({"y": y, "scores": s, "clusters": cluster, "auc": theta, "variance": variance})
    return out


def designs():
    """Ratio estimators with the linearised variance of survey sampling, and Wilson's interval of the effective sample size."""
    out = []
    for n, clusters in [(80, None), (120, 20), (90, 9)]:
        hits = (rng.random(n) < 0.75).astype(int)
        w = np.round(rng.uniform(0.5, 3, n), 3)
        group = np.arange(n) if clusters is None else rng.permutation(np.arange(n) % clusters)
        p = (w * hits).sum() / w.sum()
        z = w * (hits - p) / w.sum()
        totals = np.array([z[group == g].sum() for g in np.unique(group)])
        g = len(totals)
        variance = g / (g - 1) * (totals**2).sum()
        t = stats.t.ppf(0.975, g - 1)
        effective = p * (1 - p) / variance
        if min(hits.sum(), n - hits.sum()) < 10:
            effective = min(n, effective)
        centre = (p + t**2 / 2 / effective) / (1 + t**2 / effective)
        half = t / (1 + t**2 / effective) * np.sqrt(p * (1 - p) / effective + t**2 / 4 / effective**2)
        out.append({
            "hits": hits,
            "weights": w,
            "clusters": None if clusters is None else group,
            "share": p,
            "standardError": np.sqrt(variance),
            "wilson": [centre - half, centre + half],
        })
    return out


def bootstrap_t():
    """By formula, with 50,000 replicates, on the logarithm: of a mean, and of a root mean square."""
    out = []
    for n in (30, 80):
        x = np.round(rng.gamma(0.7, 2.0, n), 4)
        for power, name in [(1, "mean"), (2, "rms")]:
            v = x**power
            places, errors = [], []
            for sample in [v, *v[rng.integers(0, n, (50_000, n))]]:
                mean = sample.mean()
                # log(mean) / power, and its delta-method standard error
                places.append(np.log(mean) / power)
                errors.append(sample.std(ddof=1) / np.sqrt(n) / mean / power)
            t = (np.array(places[1:]) - places[0]) / np.array(errors[1:])
            low, high = np.quantile(t, [0.025, 0.975])
            ends = np.exp([places[0] - high * errors[0], places[0] - low * errors[0]])
            out.append({"name": name, "values": x, "interval": ends})
    return out


def jackknife():
    """Spearman's correlation on Fisher's scale: Tukey's pseudo-values, Student's t with Satterthwaite's degrees of freedom."""
    out = []
    for n in (25, 60):
        x = rng.normal(size=n)
        y = 0.6 * x + 0.8 * rng.normal(size=n)
        scale = lambda r: np.log((1 + r) / (1 - r))
        whole = scale(stats.spearmanr(x, y)[0])
        without = np.array([scale(stats.spearmanr(np.delete(x, i), np.delete(y, i))[0]) for i in range(n)])
        pseudo = n * whole - (n - 1) * without
        degrees = min(n - 1, 2 * n / (stats.kurtosis(pseudo, fisher=False) - 1))
        half = stats.t.ppf(0.975, degrees) * stats.sem(pseudo)
        ends = np.array([pseudo.mean() - half, pseudo.mean() + half])
        out.append({"x": x, "y": y, "interval": np.tanh(ends / 2)})
    return out


golden = {
    "versions": {m.__name__: m.__version__ for m in (np, scipy, statsmodels)},
    "pairedCounts": paired_counts(),
    "delong": delong_pairs(),
    "obuchowski": obuchowski(),
    "designs": designs(),
    "bootstrapT": bootstrap_t(),
    "jackknife": jackknife(),
    "studentTails": [[t, d, 2 * stats.t.sf(t, d)] for t in (0.0, 0.3, 2.2, 8.0) for d in (1, 4.5, 30, 1e5)],
}
print(json.dumps(golden, default=lambda v: v.tolist() if hasattr(v, "tolist") else float(v)))
