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


def classification(name, y, labels, probabilities=None, predicted=None):
    y = np.array(y)
    if predicted is None:
        predicted = np.array(labels)[np.argmax(probabilities, axis=1)]
    predicted = np.array(predicted)
    kw = {"zero_division": 0}
    out = {
        "accuracy": sk.accuracy_score(y, predicted),
        "balanced-accuracy": sk.balanced_accuracy_score(y, predicted),
        "confusion": sk.confusion_matrix(y, predicted, labels=labels).tolist(),
    }
    for average in ["macro", "weighted"]:
        out[f"precision-{average}"] = sk.precision_score(y, predicted, average=average, **kw)
        out[f"recall-{average}"] = sk.recall_score(y, predicted, average=average, **kw)
        out[f"f1-{average}"] = sk.f1_score(y, predicted, average=average, **kw)
    if len(labels) == 2:
        out["precision"] = sk.precision_score(y, predicted, pos_label=labels[1], **kw)
        out["recall"] = sk.recall_score(y, predicted, pos_label=labels[1], **kw)
        out["f1"] = sk.f1_score(y, predicted, pos_label=labels[1], **kw)
    if probabilities is not None:
        p = np.array(probabilities)
        out["log-loss"] = sk.log_loss(y, p, labels=labels)
        onehot = (y[:, None] == np.array(labels)[None, :]).astype(float)
        if len(labels) == 2:
            out["brier-score"] = sk.brier_score_loss((y == labels[1]).astype(int), p[:, 1])
            if len(set(y)) == 2:
                out["roc-auc"] = sk.roc_auc_score(y == labels[1], p[:, 1])
        else:
            out["brier-score"] = sk.brier_score_loss(y, p, labels=labels)
            assert np.isclose(out["brier-score"], ((p - onehot) ** 2).sum(1).mean())
            if len(set(y)) == len(labels):
                out["roc-auc"] = sk.roc_auc_score(y, p, multi_class="ovr", average="macro", labels=labels)
    return {
        "name": name,
        "labels": labels,
        "y": y.tolist(),
        "predicted": predicted.tolist(),
        "probabilities": None if probabilities is None else np.array(probabilities).tolist(),
        "metrics": out,
    }


def softmax(n, k, y, signal):
    score = rng.normal(size=(n, k)) + signal * np.eye(k)[y]
    e = np.exp(score)
    return np.round(e / e.sum(1, keepdims=True), 6)


def classifications():
    two, three = ["no", "yes"], ["bird", "cat", "dog"]
    y2, y3 = (rng.random(60) < 0.3).astype(int), rng.integers(0, 3, 60)
    p2, p3 = softmax(60, 2, y2, 1.0), softmax(60, 3, y3, 1.2)
    sure = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.25, 0.75]])
    return [
        classification("two classes", np.array(two)[y2], two, p2),
        classification("three classes", np.array(three)[y3], three, p3),
        classification("numeric labels in numeric order", [2, 10, 2, 10, 9, 9, 2], [2, 9, 10], predicted=[2, 10, 9, 10, 9, 2, 2]),
        classification("certain and wrong", ["yes", "yes", "no", "no"], two, sure),
        classification("nothing predicted positive", ["no", "yes", "no", "yes", "no"], two, predicted=["no"] * 5),
        classification("a class that is never true", ["bird", "bird", "cat"], three, predicted=["bird", "dog", "cat"]),
        classification("a class that is never predicted", ["bird", "dog", "cat", "dog"], three, predicted=["bird", "cat", "cat", "bird"]),
        classification("all right", ["no", "yes", "yes"], two, predicted=["no", "yes", "yes"]),
        classification("all wrong", ["no", "yes", "yes"], two, predicted=["yes", "no", "no"]),
    ]


def regression():
    y = np.round(rng.normal(10, 3, 50), 3)
    predicted = np.round(y + rng.normal(0.2, 1, 50), 3)
    return {
        "y": y.tolist(),
        "predicted": predicted.tolist(),
        "metrics": {
            "mean-absolute-error": sk.mean_absolute_error(y, predicted),
            "root-mean-squared-error": sk.root_mean_squared_error(y, predicted),
            "r2": sk.r2_score(y, predicted),
        },
    }


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
    "classification": classifications(),
    "regression": regression(),
    "fairness": fairness(),
}
json.dump(golden, sys.stdout, default=float)
print()
