"""The peers of classifier-cases.mjs."""

import statistics
import time


def classifier(name, data):
    """The package, what runs, and what tells how good the result is."""
    from sklearn.metrics import roc_auc_score

    labels = data["labels"]
    rows = data["rows"].reshape(len(labels), -1)
    if name == "logistic-f32":
        rows = rows.astype("float32")
    training = 1_000_000 if len(labels) > 1_000_000 else 100_000
    known, held = (rows[:training], labels[:training]), rows[training:]

    def auc(scores):
        return {"AUC": float(roc_auc_score(labels[training:], scores))}

    def of_model(model):
        return auc(model.predict_proba(held)[:, 1])

    if name.startswith("logistic"):
        from sklearn.linear_model import LogisticRegression

        return "scikit-learn", lambda: LogisticRegression().fit(*known), of_model
    if name == "forest":
        from sklearn.ensemble import RandomForestClassifier

        return "scikit-learn", lambda: RandomForestClassifier(100, n_jobs=-1, random_state=0).fit(*known), of_model
    if name == "batch-xgboost":
        from xgboost import XGBClassifier

        trees = XGBClassifier(n_estimators=100, max_depth=6, tree_method="hist").fit(*known).get_booster()
        return "xgboost-cpu", lambda: trees.inplace_predict(held), auc

    from lightgbm import LGBMClassifier

    def fit():
        return LGBMClassifier(n_estimators=100, num_leaves=31, verbosity=-1).fit(*known)

    if name == "boosting":
        return "lightgbm", fit, of_model
    booster = fit().booster_
    if name == "batch-lightgbm":
        return "lightgbm", lambda: booster.predict(held), auc

    def row_by_row():
        calls = []
        for row in range(2000):
            start = time.perf_counter()
            booster.predict(held[row : row + 1], num_threads=1)
            calls.append(time.perf_counter() - start)
        return statistics.median(calls)

    return "lightgbm", row_by_row, lambda _: auc(booster.predict(held))
