"""What bench/model/python.mjs compares with. `make FOLDER ROWS` writes data and models; `time FOLDER MODEL` answers on standard output,
for each line that comes on standard input, how many seconds predict() and predict_proba() of all rows take in this process.
"""

import json
import pickle
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = [f"n{i}" for i in range(20)]
WORDS = {"region": 5, "method": 12, "code": 50_000}


def frame(folder):
    """The table as Node reads it too: columns of doubles one after the other, and numbers that stand for words."""
    numbers = np.fromfile(folder / "numbers.f64", "<f8").reshape(len(NUMBERS), -1)
    return pd.DataFrame(numbers.T, columns=NUMBERS)


def with_words(rows, folder):
    codes = np.fromfile(folder / "words.i32", "<i4").reshape(len(WORDS), -1)
    words = {name: np.array([f"{name}-{i}" for i in range(count)], dtype=object) for name, count in WORDS.items()}
    return rows[NUMBERS[:5]].assign(**{name: words[name][codes[i]] for i, name in enumerate(WORDS)})


def make(folder, count):
    random = np.random.default_rng(1)
    random.normal(size=(len(NUMBERS), count)).astype("<f8").tofile(folder / "numbers.f64")
    np.stack([random.integers(0, most, count) for most in WORDS.values()]).astype("<i4").tofile(folder / "words.i32")
    rows = frame(folder).iloc[:20_000]
    words = with_words(frame(folder), folder).iloc[:20_000]
    y = (rows.n0 + rows.n1 * rows.n2 + random.normal(size=len(rows)) > 0).astype(int)
    prepared = make_column_transformer(
        (StandardScaler(), NUMBERS[:5]), (OneHotEncoder(handle_unknown="ignore"), ["region", "method"])
    )
    models = {
        "histogram-boosting": HistGradientBoostingClassifier(max_iter=50, random_state=1).fit(rows, y),
        "forest": RandomForestClassifier(20, max_depth=8, random_state=1).fit(rows, y),
        "logistic": make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, y),
        "line": LinearRegression().fit(rows, y),
        "words": make_pipeline(prepared, LogisticRegression()).fit(words, y),
    }
    for name, model in models.items():
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(model))


def clock(folder, name):
    model = pickle.loads((folder / f"{name}.pkl").read_bytes())  # written by `make`, a moment ago
    rows = frame(folder)
    if name == "words":
        rows = with_words(rows, folder)

    def both(part):
        labels = model.predict(part)
        return labels, model.predict_proba(part) if hasattr(model, "predict_proba") else None

    both(rows.iloc[:1000])
    for _ in sys.stdin:
        started = time.perf_counter()
        labels, probabilities = both(rows)
        seconds = time.perf_counter() - started
        sums = [float(labels.sum()), None if probabilities is None else float(probabilities[:, -1].sum())]
        print(json.dumps({"seconds": seconds, "sums": sums}), flush=True)


if sys.argv[1] == "make":
    make(Path(sys.argv[2]), int(sys.argv[3]))
else:
    clock(Path(sys.argv[2]), sys.argv[3])
