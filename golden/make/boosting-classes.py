"""Golden values for boosting of several classes, from LightGBM.

Writes packages/learn/src/trees/golden/classes-lightgbm.json and prints the log losses of trees/published.slow.test.ts, which
need the public data sets' folder:

    python golden/make/boosting-classes.py FOLDER
"""

import json
import pathlib
import sys

import lightgbm
import numpy as np
import pandas as pd

folder = pathlib.Path(__file__).parents[2] / "packages" / "learn" / "src" / "trees" / "golden"

# LightGBM guesses a leaf's rows from its hessian. With at least one row a leaf and few rounds that is without effect: only a single
# row that is already sure would count as none. Bins are cut between all values, as ours are.
exact = {"min_child_samples": 1, "min_data_in_bin": 1, "feature_pre_filter": False, "force_row_wise": True}


def fit(x, y, weights=None, **settings):
    model = lightgbm.LGBMClassifier(n_jobs=1, verbose=-1, deterministic=True, **settings)
    return model.fit(x, y, sample_weight=weights)


def as_json(matrix):
    return [[None if np.isnan(v) else float(v) for v in row] for row in matrix]


def case(rng, classes, weighted):
    """Rows of training only: between values that no row of a node has, the two cut at other places."""
    x = rng.integers(1, 60, size=(500, 4)) / 4
    x[rng.random(500) < 0.12, 1] = np.nan
    signal = np.where(np.isnan(x[:, 1]), 1.5, np.sin(x[:, 1]))
    scores = np.column_stack([signal * np.cos(k * x[:, 2] / 9) + 0.2 * k * np.sin(k + x[:, 0]) for k in range(classes)])
    y = np.argmax(scores + rng.gumbel(size=scores.shape) / 2, axis=1)
    weights = np.round(rng.gamma(2.0, 0.7, size=500) + 0.01, 2) if weighted else None
    model = fit(x, y, weights, n_estimators=8, num_leaves=6, reg_lambda=0.5, **exact)
    return {
        "options": {"rounds": 8, "leavesMax": 6, "l2": 0.5, "rowsPerLeafMin": 1},
        "weights": None if weights is None else weights.tolist(),
        "rows": as_json(x),
        "targets": y.tolist(),
        "predictions": model.predict_proba(x).tolist(),
    }


def out_of_fold(table, target, numeric):
    """Log loss of all rows, each predicted by the other four folds; text as codes that are taken for numbers."""
    y = table.pop(target).astype("category").cat.codes.to_numpy()
    columns = table.copy()
    for name in columns:
        if name in numeric:
            columns[name] = pd.to_numeric(columns[name], errors="coerce")
        else:
            codes = columns[name].astype("category").cat.codes.astype(float)
            columns[name] = codes.where(codes >= 0)
    x = columns.to_numpy(dtype=float)
    p = np.zeros((len(x), y.max() + 1))
    for fold in range(5):
        test = np.arange(len(x)) % 5 == fold
        p[test] = fit(x[~test], y[~test], n_estimators=100).predict_proba(x[test])
    return -np.log(p[np.arange(len(y)), y]).mean()


def main():
    rng = np.random.default_rng(71)
    document = {
        "program": "LightGBM LGBMClassifier, multiclass",
        "versions": {"lightgbm": lightgbm.__version__, "numpy": np.__version__},
        "made_by": "golden/make/boosting-classes.py",
        "methods": {"boosting of classes": "boosting-targets"},
        "cases": [case(rng, 3, False), case(rng, 5, False), case(rng, 4, True)],
    }
    (folder / "classes-lightgbm.json").write_text(json.dumps(document) + "\n")
    if len(sys.argv) < 2:
        return
    public = pathlib.Path(sys.argv[1])
    telco = pd.read_csv(public / "telco_churn/Telco-Customer-Churn.csv.gz").drop(columns=["customerID", "Churn"])
    numbers = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]
    print("telco, PaymentMethod:", out_of_fold(telco, "PaymentMethod", numbers))
    adult = pd.read_csv(public / "adult_uci/AdultUCI.csv.gz")
    adult = adult[adult.pop("income").notna()].reset_index(drop=True)
    numbers = ["age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
    for target in ("marital-status", "race"):
        print(f"adult, {target}:", out_of_fold(adult.copy(), target, numbers))


main()
