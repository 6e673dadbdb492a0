"""Golden values of rolling origins: scikit-learn's TimeSeriesSplit.

Run from the repository root: python golden/make/rolling-folds.py
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.model_selection import TimeSeriesSplit

cases = []
for rows, origins, horizon, gap, window in ((12, 3, 2, 0, None), (20, 4, 3, 2, None), (20, 2, 5, 1, 6), (7, 2, 1, 0, 3)):
    split = TimeSeriesSplit(origins, test_size=horizon, gap=gap, max_train_size=window)
    folds = [{"train": a.tolist(), "test": b.tolist()} for a, b in split.split(numpy.zeros((rows, 1)))]
    cases.append({"rows": rows, "origins": origins, "horizon": horizon, "gap": gap, "window": window, "folds": folds})
golden = {
    "made_by": "golden/make/rolling-folds.py",
    "versions": {"scikit-learn": sklearn.__version__},
    "program": "scikit-learn TimeSeriesSplit",
    "methods": {"rolling origin": "splits"},
    "cases": cases,
}
Path("packages/learn/src/selection/golden/rolling-folds.json").write_text(json.dumps(golden) + "\n")
