"""Golden values for src/stats/mean.ts, from SciPy.

    python -m venv venv && venv/bin/pip install scipy
    venv/bin/python test/golden/make-mean-intervals.py > test/golden/mean-intervals.json
"""

import json

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20240601)
quantiles = [
    [confidence, degrees, stats.t.ppf(1 - (1 - confidence) / 2, degrees)]
    for confidence in (0.8, 0.95, 0.999)
    for degrees in (1, 2, 5, 30, 999, 10_000, 10_001, 250_000, 10_000_000)
]
samples = []
for n in (2, 3, 20, 400):
    values = np.round(rng.gamma(2.0, 3.0, n), 3)
    interval = stats.t.interval(0.95, n - 1, loc=values.mean(), scale=stats.sem(values))
    samples.append({"values": values.tolist(), "interval": list(interval)})

print(json.dumps({"versions": {"scipy": scipy.__version__}, "quantiles": quantiles, "samples": samples}))
