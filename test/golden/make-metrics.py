"""Golden values for src/model/metrics, from scikit-learn and SciPy.

    python -m venv venv && venv/bin/pip install scipy scikit-learn
    venv/bin/python test/golden/make-metrics.py > test/golden/metrics.json

Inputs are whole numbers, so that both languages start from the same: probabilities in thousandths, weights in quarters, values in
hundredths. `null` is a value that is not measured, where scikit-learn answers NaN or raises; the two places where we measure nothing and
it answers by convention (R² of equal labels, average precision of an absent class) are marked "by convention".
"""

import itertools
import json
import sys
import warnings

import numpy as np
import scipy
import sklearn
import sklearn.metrics as sk
from scipy import stats

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20261126)
AVERAGES = ["micro", "macro", "weighted"]


def number(value):
    return None if value is None or not np.isfinite(value) else float(value)


def class_scores(y, predicted, w, averages, **binary):
    out = {}
    kw = {"sample_weight": w, "zero_division": 0}
    for name, function in [
        ("precision", sk.precision_score),
        ("recall", sk.recall_score),
        ("f1", sk.f1_score),
        ("jaccard", sk.jaccard_score),
        ("f-beta", None),
    ]:
        for average in averages:
            suffix = "" if average == "binary" else f"-{average}"
            more = binary if average == "binary" else {}
            if name == "f-beta":
                for beta in [0.5, 2]:
                    out[f"f-beta{suffix}@{beta}"] = sk.fbeta_score(y, predicted, beta=beta, average=average, **more, **kw)
            else:
                out[f"{name}{suffix}"] = function(y, predicted, average=average, **more, **kw)
    return out


def calibration_error(y, predicted, p, w, bins):
    top = p.max(axis=1)
    bin_of = np.clip(np.ceil(top * bins).astype(int) - 1, 0, bins - 1)
    error = 0.0
    for b in range(bins):
        rows = bin_of == b
        if w[rows].sum() > 0:
            error += abs(np.sum(w[rows] * (top[rows] - (predicted[rows] == y[rows]))))
    return error / w.sum()


def auc(y, p, w, classes, **kw):
    present = set(y if w is None else y[w > 0])
    if len(present) < len(classes) or len(present) < 2:
        return None
    if len(classes) == 2:
        return sk.roc_auc_score(y, p[:, 1], sample_weight=w)
    return sk.roc_auc_score(y, p, sample_weight=w, labels=classes, **kw)


def repeated(w, *arrays):
    """Weights in quarters as rows, for what scikit-learn does not weigh."""
    if w is None:
        return arrays
    times = np.round(w * 4).astype(int)
    return tuple(np.repeat(a, times, axis=0) for a in arrays)


def classification_metrics(y, predicted, p, classes, costs, w):
    """`y`, `predicted`: indices into `classes`."""
    size = len(classes)
    index = list(range(size))
    kw = {"sample_weight": w}
    out = {
        "accuracy": sk.accuracy_score(y, predicted, **kw),
        "balanced-accuracy": sk.balanced_accuracy_score(y, predicted, **kw),
        "mcc": sk.matthews_corrcoef(y, predicted, **kw),
        "cohen-kappa": sk.cohen_kappa_score(y, predicted, **kw),
        "cohen-kappa-linear": sk.cohen_kappa_score(y, predicted, weights="linear", **kw),
        "cohen-kappa-quadratic": sk.cohen_kappa_score(y, predicted, weights="quadratic", **kw),
        **class_scores(y, predicted, w, AVERAGES),
    }
    confusion = sk.confusion_matrix(y, predicted, labels=index, **kw)
    out["expected-cost"] = float((confusion * costs).sum() / confusion.sum())
    if size == 2:
        out |= class_scores(y, predicted, w, ["binary"], pos_label=1)
        out["specificity"] = sk.recall_score(y, predicted, pos_label=0, zero_division=0, **kw)
    if p is None:
        return out
    ones = np.ones(len(y)) if w is None else w
    out["log-loss"] = sk.log_loss(y, p, labels=index, **kw)
    out["brier-score"] = (
        sk.brier_score_loss(y, p[:, 1], pos_label=1, **kw) if size == 2 else sk.brier_score_loss(y, p, labels=index, **kw)
    )
    out["calibration-error"] = calibration_error(y, predicted, p, ones, 15)
    out["calibration-error@4"] = calibration_error(y, predicted, p, ones, 4)
    for k in [1, 2, 3]:
        out[f"top-k-accuracy@{k}"] = sk.top_k_accuracy_score(y, p[:, 1] if size == 2 else p, k=k, labels=index, **kw)
    out["roc-auc"] = auc(y, p, w, index, multi_class="ovr", average="macro")
    whole = out["roc-auc"] is not None
    if size > 2 and whole:
        onehot = (y[:, None] == np.array(index)).astype(int)
        out["roc-auc-weighted"] = auc(y, p, w, index, multi_class="ovr", average="weighted")
        out["roc-auc-micro"] = auc(y, p, w, index, multi_class="ovr", average="micro")
        ry, rp = repeated(w, y, p)
        out["roc-auc-ovo"] = sk.roc_auc_score(ry, rp, multi_class="ovo", average="macro", labels=index)
        out["roc-auc-ovo-weighted"] = sk.roc_auc_score(ry, rp, multi_class="ovo", average="weighted", labels=index)
        out["average-precision"] = sk.average_precision_score(onehot, p, average="macro", **kw)
        out["average-precision-weighted"] = sk.average_precision_score(onehot, p, average="weighted", **kw)
        out["average-precision-micro"] = sk.average_precision_score(onehot, p, average="micro", **kw)
    elif size == 2:
        # By convention 0 without a positive row and 1 without a negative one.
        out["average-precision"] = sk.average_precision_score(y, p[:, 1], pos_label=1, **kw) if whole else None
    return out


def thousandths(scores):
    """Softmax rounded so that the thousandths of each row sum to 1000."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    exact = 1000 * e / e.sum(axis=1, keepdims=True)
    whole = np.floor(exact).astype(int)
    for row, left in enumerate(1000 - whole.sum(axis=1)):
        whole[row, np.argsort(whole[row] - exact[row], kind="stable")[:left]] += 1
    return whole


def quarters(n):
    w = rng.integers(0, 9, n)
    w[rng.integers(0, n)] = 4
    return w


def classification(name, classes, y, p=None, predicted=None, w=None):
    y = np.array(y)
    size = len(classes)
    costs = np.array([[0 if a == b else 1 + (3 * a + 5 * b) % 7 for b in range(size)] for a in range(size)])
    case = {"name": name, "classes": classes, "y": y.tolist()}
    scores = None
    if p is not None:
        case["thousandths"] = np.array(p).tolist()
        scores = np.array(p) / 1000
        predicted = scores.argmax(axis=1)
    else:
        case["predicted"] = list(predicted)
    predicted = np.array(predicted)
    w = quarters(len(y)) if w is None else np.array(w)
    case["quarters"] = w.tolist()
    case["metrics"] = classification_metrics(y, predicted, scores, classes, costs, None)
    case["weighted"] = classification_metrics(y, predicted, scores, classes, costs, w / 4)
    return case


def drawn(name, classes, n, shares=None, signal=1.0, step=1):
    """Probabilities in steps of `step` thousandths, for ties."""
    size = len(classes)
    y = rng.choice(size, n, p=shares)
    y[: min(size, n)] = np.arange(size)[: min(size, n)]
    p = thousandths(rng.normal(size=(n, size)) + signal * np.eye(size)[y])
    if step > 1:
        p = p // step * step
        p[np.arange(n), p.argmax(axis=1)] += 1000 - p.sum(axis=1)
    w = quarters(n)
    w[: min(size, n)] = 4
    return classification(name, classes, y, p, w=w)


def classifications():
    two, three = ["no", "yes"], ["bird", "cat", "dog"]
    numbers = [-1, 2, 10]
    many = [f"c{k:02}" for k in range(30)]
    confident = [[1000, 0], [0, 1000], [1000, 0], [250, 750]]
    return [
        drawn("two balanced classes", two, 60),
        drawn("two imbalanced classes", two, 200, [0.95, 0.05], signal=0.8),
        drawn("two classes, ties in the scores", two, 120, [0.7, 0.3], step=100),
        drawn("three classes", three, 90),
        drawn("three imbalanced classes, ties", three, 120, [0.8, 0.15, 0.05], step=200),
        drawn("numbers as classes, ordered by value", numbers, 50),
        drawn("seven classes", list("abcdefg"), 80, signal=1.5),
        drawn("thirty classes", many, 120, signal=3),
        classification("certain and wrong", two, [1, 1, 0, 0], confident),
        classification("the same score for every row", two, [0, 1, 1, 0, 1, 0], [[600, 400]] * 6),
        classification("one label only", two, [1, 1, 1, 1], [[400, 600], [300, 700], [700, 300], [200, 800]]),
        classification("one label only, the negative one", two, [0, 0, 0], [[400, 600], [900, 100], [700, 300]]),
        classification("one row", two, [1], [[300, 700]], w=[3]),
        classification("one row, wrong", two, [1], [[800, 200]], w=[3]),
        classification("two rows", two, [0, 1], [[800, 200], [600, 400]], w=[1, 6]),
        classification("three rows of three classes", three, [0, 1, 2], [[500, 300, 200], [400, 400, 200], [100, 500, 400]], w=[1, 2, 5]),
        classification("a weight of zero hides a class", three, [0, 1, 2, 1], predicted=[0, 1, 2, 0], w=[4, 2, 0, 8]),
        classification("nothing predicted positive", two, [0, 1, 0, 1, 0], predicted=[0] * 5),
        classification("everything predicted positive", two, [0, 1, 0, 1, 0], predicted=[1] * 5),
        classification("a class that is never true", three, [0, 0, 1], predicted=[0, 2, 1]),
        classification("a class that is never predicted", three, [0, 2, 1, 2], predicted=[0, 1, 1, 0]),
        classification("all right", two, [0, 1, 1], predicted=[0, 1, 1]),
        classification("all wrong", two, [0, 1, 1], predicted=[1, 0, 0]),
        classification("numbers, labels alone", [2, 9, 10], [0, 2, 0, 2, 1, 1, 0], predicted=[0, 2, 1, 2, 1, 0, 0]),
    ]


def multilabel_metrics(y, predicted, p, w):
    kw = {"sample_weight": w}
    out = {
        "accuracy": sk.accuracy_score(y, predicted, **kw),
        "hamming-loss": sk.hamming_loss(y, predicted, **kw),
        **class_scores(y, predicted, w, [*AVERAGES, "samples"]),
    }
    if p is None:
        return out
    out["label-ranking-average-precision"] = sk.label_ranking_average_precision_score(y, p, **kw)
    whole = bool(np.all(y.any(axis=0) & ~y.all(axis=0)))
    for suffix, average in [("", "macro"), ("-micro", "micro"), ("-weighted", "weighted")]:
        measured = whole or average == "micro"
        out[f"roc-auc{suffix}"] = sk.roc_auc_score(y, p, average=average, **kw) if measured else None
        # By convention an absent class counts as 0.
        out[f"average-precision{suffix}"] = sk.average_precision_score(y, p, average=average, **kw) if measured else None
    return out


def multilabel(name, n, size, density, step=1, absent=False, scores=True):
    y = (rng.random((n, size)) < density).astype(int)
    y[0], y[1] = 1, 0
    if absent:
        y[:, 1] = 0
    p = np.clip(np.round(1000 / (1 + np.exp(-(rng.normal(size=y.shape) + 2 * y - 1)))), 0, 1000).astype(int) // step * step
    predicted = (p >= 500).astype(int)
    w = quarters(n)
    w[:2] = 4
    p = p if scores else None
    given = None if p is None else p / 1000
    return {
        "name": name,
        "classes": [f"tag{k}" for k in range(size)],
        "y": y.tolist(),
        "predicted": predicted.tolist(),
        **({"thousandths": p.tolist()} if scores else {}),
        "quarters": w.tolist(),
        "metrics": multilabel_metrics(y, predicted, given, None),
        "weighted": multilabel_metrics(y, predicted, given, w / 4),
    }


def multilabels():
    return [
        multilabel("four tags", 60, 4, 0.4),
        multilabel("twelve rare tags", 80, 12, 0.08),
        multilabel("ties in the scores", 60, 5, 0.3, step=250),
        multilabel("a tag that no row has", 20, 3, 0.4, absent=True),
        multilabel("labels alone", 30, 3, 0.5, scores=False),
        multilabel("two rows", 2, 3, 0.5),
    ]


def regression_metrics(y, predicted, w):
    kw = {"sample_weight": w}
    constant = bool(np.all(y == y[0]))
    ry, rp = repeated(w, y, predicted)
    out = {
        "mean-absolute-error": sk.mean_absolute_error(y, predicted, **kw),
        "mean-squared-error": sk.mean_squared_error(y, predicted, **kw),
        "root-mean-squared-error": sk.root_mean_squared_error(y, predicted, **kw),
        "mean-absolute-percentage-error": sk.mean_absolute_percentage_error(y, predicted, **kw),
        "root-mean-squared-log-error": sk.root_mean_squared_log_error(y, predicted, **kw)
        if min(y.min(), predicted.min()) > -1
        else None,
        # By convention 0 or 1 when the labels are all the same.
        "r2": None if constant else sk.r2_score(y, predicted, **kw),
        "explained-variance": None if constant else sk.explained_variance_score(y, predicted, **kw),
        "spearman": stats.spearmanr(ry, rp).statistic if len(set(ry)) > 1 and len(set(rp)) > 1 else None,
    }
    for alpha in [0.1, 0.5, 0.9]:
        out[f"pinball-loss@{alpha}"] = sk.mean_pinball_loss(y, predicted, alpha=alpha, **kw)
    return out


def regression(name, y, predicted, w=None):
    """In hundredths."""
    y, predicted = np.array(y), np.array(predicted)
    w = quarters(len(y)) if w is None else np.array(w)
    return {
        "name": name,
        "y": y.tolist(),
        "predicted": predicted.tolist(),
        "quarters": w.tolist(),
        "metrics": regression_metrics(y / 100, predicted / 100, None),
        "weighted": regression_metrics(y / 100, predicted / 100, w / 4),
    }


def regressions():
    hundredths = lambda values: np.round(100 * values).astype(int)
    normal = hundredths(rng.normal(10, 3, 80))
    skewed = hundredths(rng.exponential(5, 300))
    return [
        regression("normal", normal, normal + hundredths(rng.normal(0.2, 1, 80))),
        regression("skewed", skewed, hundredths(skewed / 100 * rng.uniform(0.5, 1.6, 300))),
        regression("ties", rng.integers(0, 5, 60) * 100, rng.integers(0, 5, 60) * 100),
        regression("worse than the mean", normal[:20], -normal[:20]),
        regression("zeros among the labels", [0, 0, 150, 300], [10, 0, 100, 320]),
        regression("a constant prediction", normal[:12], [1000] * 12),
        regression("a constant label", [500] * 6, [510, 480, 500, 505, 490, 530]),
        regression("far from zero", normal[:30] + 10**9, normal[:30] + 10**9 + hundredths(rng.normal(0, 1, 30))),
        regression("two rows", [100, 250], [120, 210], w=[1, 7]),
        regression("three rows, all right", [100, 250, 300], [100, 250, 300]),
    ]


def orders(scores):
    """Every order of the rows that the scores allow."""
    groups = [np.flatnonzero(scores == s) for s in sorted(set(scores), reverse=True)]
    for choice in itertools.product(*(itertools.permutations(group) for group in groups)):
        yield np.concatenate(choice)


def average_precision_at(relevant, k):
    hits = np.cumsum(relevant)
    precision = hits / np.arange(1, len(relevant) + 1)
    total = relevant.sum()
    return (precision * relevant)[:k].sum() / min(total, k) if total else 0.0


def reciprocal_rank(relevant, k):
    found = np.flatnonzero(relevant[:k])
    return 1 / (found[0] + 1) if len(found) else 0.0


def of_query(y, scores):
    out = {}
    for suffix, k in [("", None), ("@1", 1), ("@3", 3), ("@10", 10)]:
        if len(y) > 1:
            out[f"ndcg{suffix}"] = sk.ndcg_score([y], [scores], k=k)
        else:
            out[f"ndcg{suffix}"] = float(y[0] > 0)
        relevant = [(np.array(y) > 0)[order].astype(int) for order in orders(np.array(scores))]
        out[f"map{suffix}"] = np.mean([average_precision_at(r, k or len(y)) for r in relevant])
        out[f"mrr{suffix}"] = np.mean([reciprocal_rank(r, k or len(y)) for r in relevant])
    if len(set(scores)) == len(scores) and any(y):
        assert np.isclose(out["map"], sk.average_precision_score(np.array(y) > 0, scores))
    return out


def ranking(name, queries, w=None):
    """`queries`: relevance and scores of each."""
    w = quarters(len(queries)) if w is None else np.array(w)
    measured = [of_query(*query) for query in queries]
    mean = lambda weights: {key: np.average([m[key] for m in measured], weights=weights) for key in measured[0]}
    return {
        "name": name,
        "relevance": [list(map(int, y)) for y, _ in queries],
        "scores": [list(map(int, s)) for _, s in queries],
        "quarters": w.tolist(),
        "metrics": mean(None),
        "weighted": mean(w / 4),
    }


def rankings():
    def draw(rows, ties):
        y = rng.choice(4, rows, p=[0.6, 0.2, 0.15, 0.05])
        s = 200 * y + rng.normal(0, 300, rows)
        return y, np.round(s / ties) if ties > 1 else np.argsort(np.argsort(s))

    return [
        ranking("without ties", [draw(int(rng.integers(2, 25)), 1) for _ in range(30)]),
        ranking("with ties", [draw(int(rng.integers(2, 7)), 300) for _ in range(25)]),
        ranking("every score the same", [([0, 1, 0, 2, 0], [1, 1, 1, 1, 1]), ([1, 0, 0], [2, 2, 2])]),
        ranking("nothing relevant", [([0, 0, 0], [3, 2, 1]), ([0, 1], [2, 1])]),
        ranking("queries of one row", [([1], [0]), ([0], [5]), ([2, 0], [1, 2])]),
        ranking("one query", [([0, 3, 1, 0], [4, 3, 2, 1])], w=[2]),
    ]


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return number(value) if isinstance(value, (float, np.floating)) else value


golden = {
    "versions": {m.__name__: m.__version__ for m in (scipy, sklearn)},
    "classification": classifications(),
    "multilabel": multilabels(),
    "regression": regressions(),
    "ranking": rankings(),
}
json.dump(rounded(golden), sys.stdout, separators=(",", ":"))
print()
