"""Golden values for the losses of boosting that are not yes-or-no, from scikit-learn.

Writes packages/learn/src/trees/golden/loss-*.json. Features are quarters, so the files stay small and no digit is lost.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn._loss.loss import HalfTweedieLoss
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

folder = pathlib.Path(__file__).parents[2] / "packages" / "learn" / "src" / "trees" / "golden"


def as_json(matrix):
    return [[None if np.isnan(v) else float(v) for v in row] for row in matrix]


def write(name, program, model, x, y, new, options, weights, predict):
    model.fit(x, y, sample_weight=weights)
    document = {
        "program": f"scikit-learn {program}",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "made_by": "golden/make/boosting-losses.py",
        "methods": {"boosting of classes" if name.startswith("classes") else "boosting of amounts": "boosting-targets"},
        "options": options,
        "weights": None if weights is None else [float(w) for w in weights],
        "rows": as_json(x),
        "targets": [float(v) for v in y],
        "new_rows": as_json(new),
        "baselines": [float(v) for v in np.ravel(model._baseline_prediction)],
        "leaves": [int(tree.get_n_leaf_nodes()) for trees in model._predictors for tree in trees],
        "predictions": np.asarray(predict(x), dtype=float).tolist(),
        "new_predictions": np.asarray(predict(new), dtype=float).tolist(),
    }
    (folder / f"loss-{name}.json").write_text(json.dumps(document) + "\n")


def table(rng, n):
    x = rng.integers(0, 60, size=(n, 4)) / 4
    x[:, 3] = rng.integers(0, 9, size=n)
    x[rng.random(n) < 0.12, 1] = np.nan
    return x


def main():
    rng = np.random.default_rng(44)
    x, new = table(rng, 400), table(rng, 40)
    effects = rng.normal(size=9)
    signal = 0.25 * x[:, 0] + np.where(np.isnan(x[:, 1]), 1.5, np.sin(x[:, 1])) + effects[x[:, 3].astype(int)]
    noisy = np.round(signal + rng.standard_t(3, size=400), 2)
    mean = np.exp(0.4 * signal)
    counts = rng.poisson(mean)
    amounts = np.round(mean * rng.gamma(2.0, 0.5, size=400) + 0.01, 2)
    often_none = np.where(rng.random(400) < 0.5, 0.0, amounts)
    weights = np.round(rng.gamma(2.0, 0.7, size=400), 2)
    weights[rng.random(400) < 0.1] = 0

    targets = {
        "squared": (noisy, {"kind": "squared"}, {"loss": "squared_error"}),
        "absolute": (noisy, {"kind": "absolute"}, {"loss": "absolute_error"}),
        "quantile": (noisy, {"kind": "quantile", "share": 0.8}, {"loss": "quantile", "quantile": 0.8}),
        "poisson": (counts, {"kind": "poisson"}, {"loss": "poisson"}),
        "gamma": (amounts, {"kind": "gamma"}, {"loss": "gamma"}),
        "tweedie": (often_none, {"kind": "tweedie", "power": 1.5}, {"loss": HalfTweedieLoss(power=1.5)}),
    }
    shared = {"max_iter": 12, "early_stopping": False, "categorical_features": [3], "min_samples_leaf": 10}
    own = {"rounds": 12, "categorical": [3], "rowsPerLeafMin": 10}
    for name, (y, loss, settings) in targets.items():
        for suffix, w in (("", None), ("-weighted", weights)):
            if name == "tweedie" and w is not None:
                settings = {"loss": HalfTweedieLoss(sample_weight=w, power=1.5)}
            model = HistGradientBoostingRegressor(**shared, **settings)
            write(name + suffix, "HistGradientBoostingRegressor", model, x, y, new, {**own, "loss": loss}, w, model.predict)

    scores = np.column_stack([signal, 2 * np.cos(x[:, 2]), 0.3 * (x[:, 2] - 6)])
    classes = np.argmax(scores + rng.gumbel(size=scores.shape), axis=1)
    for suffix, w in (("", None), ("-weighted", weights)):
        # All columns are numbers: where categories are put in order, scikit-learn's hessian of several classes is another than ours.
        model = HistGradientBoostingClassifier(**{**shared, "categorical_features": None})
        options = {"rounds": 12, "rowsPerLeafMin": 10}
        write("classes" + suffix, "HistGradientBoostingClassifier", model, x, classes, new, options, w, model.predict_proba)

    # Rising in the first column, falling in the third; a sum that bends against both, so that the bounds are felt.
    bent = np.round(signal - 0.02 * x[:, 0] ** 2 + np.cos(x[:, 2]) + rng.normal(size=400), 2)
    model = HistGradientBoostingRegressor(**shared, monotonic_cst=[1, 0, -1, 0])
    options = {**own, "monotone": {"rising": [0], "falling": [2]}}
    write("monotone", "HistGradientBoostingRegressor", model, x, bent, new, options, None, model.predict)
    model = HistGradientBoostingRegressor(**shared, monotonic_cst=[0, -1, 1, 0], loss="poisson", l2_regularization=0.5)
    options = {**own, "l2": 0.5, "loss": {"kind": "poisson"}, "monotone": {"rising": [2], "falling": [1]}}
    write("monotone-missing", "HistGradientBoostingRegressor", model, x, counts, new, options, weights, model.predict)


main()
