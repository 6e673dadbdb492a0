"""Golden values for histogram gradient boosting, from scikit-learn.

Writes packages/learn/src/trees/golden/*.json. Features are small whole numbers or quarters, so the files stay small and
no digit is lost; every column has at most 255 distinct values unless the case is about quantiles.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier

folder = pathlib.Path(__file__).parents[2] / "packages" / "learn" / "src" / "trees" / "golden"


def logistic(x):
    return 1 / (1 + np.exp(-x))


def as_json(matrix):
    return [[None if np.isnan(v) else round(float(v), 6) for v in row] for row in matrix]


def write(name, x, y, new, options=None, weights=None, **settings):
    options = {"rounds": 20, **(options or {})}
    model = HistGradientBoostingClassifier(early_stopping=False, max_iter=options["rounds"], **settings)
    model.fit(x, y, sample_weight=weights)
    document = {
        "program": "scikit-learn HistGradientBoostingClassifier",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "made_by": "golden/make/boosting.py",
        "methods": {"gradient boosting": "gradient-boosting"},
        "options": options,
        "weights": None if weights is None else [round(float(w), 6) for w in weights],
        "rows": as_json(x),
        "labels": [int(v) for v in y],
        "new_rows": as_json(new),
        "baseline": float(model._baseline_prediction[0, 0]),
        "leaves": [int(p[0].get_n_leaf_nodes()) for p in model._predictors],
        "training_probabilities": [float(v) for v in model.predict_proba(x)[:, 1]],
        "new_probabilities": [float(v) for v in model.predict_proba(new)[:, 1]],
    }
    (folder / f"{name}.json").write_text(json.dumps(document) + "\n")


def numeric(rng, n, d, values=60):
    return np.round(rng.integers(0, values, size=(n, d)) / 4, 6)


def main():
    rng = np.random.default_rng(20)

    x = numeric(rng, 600, 5)
    y = (rng.random(600) < logistic((x[:, 0] - 7) * 0.6 + np.sin(x[:, 1]) * 2 - (x[:, 2] > 9))).astype(int)
    write("numeric", x, y, numeric(rng, 80, 5, 70))

    hidden = x.copy()
    hidden[rng.random(x.shape) < 0.15] = np.nan
    hidden[(x[:, 0] > 12) & (rng.random(600) < 0.5), 0] = np.nan
    hidden[:, 4] = x[:, 4]
    new = numeric(rng, 80, 5, 70)
    new[rng.random(new.shape) < 0.3] = np.nan
    write("missing", hidden, y, new, {"l2": 1.5, "depthMax": 4}, l2_regularization=1.5, max_depth=4)

    codes = rng.integers(0, 12, size=(700, 2)).astype(float)
    mixed = np.column_stack([numeric(rng, 700, 1), codes[:, 0], numeric(rng, 700, 1), codes[:, 1] * 3 - 5])
    effects = rng.normal(size=(2, 12)) * 1.5
    score = effects[0][codes[:, 0].astype(int)] + effects[1][codes[:, 1].astype(int)] + 0.2 * (mixed[:, 0] - 7)
    labels = (rng.random(700) < logistic(score)).astype(int)
    mixed[rng.random(700) < 0.1, 1] = np.nan
    fresh = np.column_stack([numeric(rng, 90, 1), rng.integers(0, 15, 90), numeric(rng, 90, 1), rng.integers(0, 15, 90) * 3 - 5])
    fresh[:12, 1] = np.nan
    fresh[10:20, 3] = np.nan
    write("categories", mixed, labels, fresh, {"categorical": [1, 3]}, categorical_features=[1, 3])

    weights = np.round(rng.gamma(2.0, 0.7, size=600), 3)
    weights[rng.random(600) < 0.1] = 0
    write(
        "weights", x, y, numeric(rng, 80, 5, 70), {"learningRate": 0.3, "leavesMax": 8, "rowsPerLeafMin": 7},
        weights, learning_rate=0.3, max_leaf_nodes=8, min_samples_leaf=7,
    )

    fine = np.round(rng.normal(size=(1500, 3)), 4)
    target = (rng.random(1500) < logistic(2 * fine[:, 0] - fine[:, 1] ** 2)).astype(int)
    write("quantiles", fine, target, np.round(rng.normal(size=(80, 3)), 4), {"binsMax": 64, "rounds": 10}, max_bins=64)
    heavy = np.round(rng.gamma(2.0, 0.7, size=1500) + 0.01, 2)
    write(
        "weighted-quantiles", fine, target, np.round(rng.normal(size=(80, 3)), 4), {"binsMax": 64, "rounds": 10},
        heavy, max_bins=64,
    )


main()
