"""What scikit-learn's forests reach on telco_churn by its protocol, for trees/published.slow.test.ts.

    python forest-telco.py Telco-Customer-Churn.csv.gz
"""

import sys

import numpy as np
import pandas as pd
import sklearn
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

table = pd.read_csv(sys.argv[1]).drop(columns="customerID")
table["TotalCharges"] = pd.to_numeric(table["TotalCharges"], errors="coerce")
labels = (table.pop("Churn") == "Yes").astype(int).to_numpy()
for name in table:
    if not pd.api.types.is_numeric_dtype(table[name]):
        table[name] = table[name].astype("category").cat.codes
x = table.to_numpy(dtype=float)
print("scikit-learn", sklearn.__version__)
for forest in [RandomForestClassifier, ExtraTreesClassifier]:
    p = np.zeros(len(x))
    areas = []
    for fold in range(5):
        test = np.arange(len(x)) % 5 == fold
        model = forest(n_estimators=100, min_samples_leaf=10, random_state=0, n_jobs=2)
        p[test] = model.fit(x[~test], labels[~test]).predict_proba(x[test])[:, 1]
        areas.append(roc_auc_score(labels[test], p[test]))
    print(f"{forest.__name__}: AUC {np.mean(areas):.4f} log loss {log_loss(labels, p):.4f} Brier {brier_score_loss(labels, p):.4f}")
