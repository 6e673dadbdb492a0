"""Golden values for single trees (CART) with cost-complexity pruning, from scikit-learn.

Writes packages/learn/src/trees/golden/cart.json. Targets are continuous or leaves large, so that no two splits are
equally good: scikit-learn chooses among equals at random. A penalty of 1e-9 takes back splits of pure nodes, which rounding
makes it try. Features are quarters with fewer than 255 values.
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

folder = pathlib.Path(__file__).parents[2] / "packages" / "learn" / "src" / "trees" / "golden"


def case(name, model, x, y, weights, options):
    model.fit(x, y, sample_weight=weights)
    predict = model.predict if options["target"] == "number" else model.predict_proba
    return {
        "name": name,
        **options,
        "targets": [float(v) for v in y],
        "weights": None if weights is None else [float(w) for w in weights],
        "leaves": int(model.get_n_leaves()),
        "importances": [float(v) for v in model.feature_importances_],
        "predictions": np.asarray(predict(x), dtype=float).tolist(),
    }


def main():
    rng = np.random.default_rng(77)
    x = rng.integers(0, 60, size=(300, 4)) / 4
    x[rng.random(300) < 0.15, 1] = np.nan
    signal = 0.3 * x[:, 0] + np.where(np.isnan(x[:, 1]), 2.0, np.sin(x[:, 1])) + np.cos(x[:, 2])
    number = np.round(signal + rng.normal(size=300), 4)
    yes = (signal + rng.normal(size=300) > 3).astype(int)
    scores = np.column_stack([signal, 3 + np.cos(x[:, 3]), 5 - signal])
    three = np.argmax(scores + rng.gumbel(size=scores.shape), axis=1)
    weights = np.round(rng.gamma(2.0, 0.7, size=300) + 0.001, 3)
    cases = []
    for suffix, w in (("", None), ("-weighted", weights)):
        for penalty in (1e-9, 0.01):
            shared = {"min_samples_leaf": 6, "ccp_alpha": penalty, "random_state": 0}
            options = {"options": {"rowsPerLeafMin": 6, "penalty": penalty}}
            name = f"{penalty}{suffix}"
            cases.append(case(f"number {name}", DecisionTreeRegressor(**shared), x, number, w, {**options, "target": "number"}))
            if w is not None:
                cases.append(case(f"yes {name}", DecisionTreeClassifier(**shared), x, yes, w, {**options, "target": "classes"}))
                cases.append(case(f"three {name}", DecisionTreeClassifier(**shared), x, three, w, {**options, "target": "classes"}))
    document = {
        "program": "scikit-learn DecisionTreeRegressor, DecisionTreeClassifier",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "made_by": "golden/make/trees.py",
        "methods": {"single tree": "random-forest"},
        "rows": [[None if np.isnan(v) else float(v) for v in row] for row in x],
        "cases": cases,
    }
    (folder / "cart.json").write_text(json.dumps(document) + "\n")


main()
