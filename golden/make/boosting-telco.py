"""What scikit-learn's boosting reaches on telco_churn by its protocol, for trees/published.slow.test.ts.

    python boosting-telco.py Telco-Customer-Churn.csv.gz
"""

import sys

import numpy as np
import pandas as pd
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

table = pd.read_csv(sys.argv[1]).drop(columns="customerID")
table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")
labels = (table.pop("Churn") == "Yes").astype(int).to_numpy()
text = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
print("scikit-learn", sklearn.__version__)
for kind in ["one-hot", "categories", "codes"]:
    columns = table.copy()
    if kind == "one-hot":
        columns = pd.get_dummies(columns, columns=text)
    else:
        for name in text:
            columns[name] = columns[name].astype("category").cat.codes
    x = columns.to_numpy(dtype=float)
    options = {"categorical_features": [list(columns).index(name) for name in text]} if kind == "categories" else {}
    p = np.zeros(len(x))
    areas = []
    for fold in range(5):
        test = np.arange(len(x)) % 5 == fold
        model = HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=0, **options)
        p[test] = model.fit(x[~test], labels[~test]).predict_proba(x[test])[:, 1]
        areas.append(roc_auc_score(labels[test], p[test]))
    print(f"{kind}: AUC {np.mean(areas):.5f} log loss {log_loss(labels, p):.5f} Brier {brier_score_loss(labels, p):.5f}")
