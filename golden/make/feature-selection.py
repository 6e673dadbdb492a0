"""Golden values of feature selection: scikit-learn's mutual information, variances and L1 selection, category_encoders'
weight of evidence, pylift's net weight of evidence.

Run from the repository root: python golden/make/feature-selection.py
"""

import importlib.util
import json
import sys
import types
from pathlib import Path

import category_encoders
import numpy
import pandas
import sklearn
from sklearn.feature_selection import VarianceThreshold, mutual_info_classif, mutual_info_regression
from sklearn.linear_model import Lasso, LogisticRegression
from sklearn.preprocessing import StandardScaler

# pylift's package imports every model library there is; its counting alone needs none of them.
package = types.ModuleType("pylift")
package.__path__ = list(importlib.util.find_spec("pylift").submodule_search_locations)
sys.modules["pylift"] = package
from pylift.explore.base import _get_counts, _NIV, _NWOE  # noqa: E402

random = numpy.random.default_rng(17)
rows = 150
data = random.normal(size=(rows, 6)).round(6)
data[:, 1] = (data[:, 0] ** 2 + 0.1 * data[:, 1]).round(6)
data[:, 2] = (numpy.exp(2 * data[:, 2]) * 100).round(6)
amounts = (data[:, 0] + numpy.log(data[:, 2]) + 0.3 * random.normal(size=rows)).round(6)
labels = (data[:, 0] + 0.5 * data[:, 3] + random.normal(size=rows) > 0.3).astype(int)
groups = random.integers(0, 4, rows)
groups[labels == 1] = numpy.minimum(3, groups[labels == 1] + random.integers(0, 2, labels.sum()))
groups[0] = 4  # a class of a single row
words = ["abcde"[group] for group in groups]
holes = data.copy()
holes[random.uniform(size=data.shape) < 0.1] = numpy.nan
holes[:, 5] = 0.1

scaled = StandardScaler().fit_transform(data)
lasso = []
for strength in (0.1, 1, 10):
    model = LogisticRegression(C=strength, l1_ratio=1, solver="saga", tol=1e-12, max_iter=200_000).fit(scaled, labels)
    lasso.append({"task": "classes", "penalty": 1 / strength, "scores": abs(model.coef_[0]).tolist()})
for penalty in (0.02, 0.2):
    model = Lasso(alpha=penalty, tol=1e-14, max_iter=100_000).fit(scaled, amounts)
    lasso.append({"task": "amounts", "penalty": penalty, "scores": abs(model.coef_).tolist()})

information = []
for neighbours in (1, 3, 7):
    information.append(
        {
            "neighbours": neighbours,
            "amounts": mutual_info_regression(data, amounts, n_neighbors=neighbours, random_state=0).tolist(),
            "labels": mutual_info_classif(data, labels, n_neighbors=neighbours, random_state=0).tolist(),
            "groups": mutual_info_classif(data, groups, n_neighbors=neighbours, random_state=0).tolist(),
        }
    )

four = numpy.minimum(groups, 3)
encoder = category_encoders.WOEEncoder(cols=["group"], regularization=0)
encoder.fit(pandas.DataFrame({"group": [f"g{group}" for group in four]}), labels)
mapped = encoder.transform(pandas.DataFrame({"group": ["g0", "g1", "g2", "g3"]}))["group"].tolist()

treated = random.integers(0, 2, rows)
frame = pandas.DataFrame({"group": four, "group_bin": four, "Treatment": treated, "Outcome": labels})
density = sum(_get_counts(frame, ["group"])["group"].T.values)
net = _NWOE(frame, ["group"])["group"]["NWOE"].values

golden = {
    "made_by": "golden/make/feature-selection.py",
    "versions": {
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "category_encoders": category_encoders.__version__,
        "pylift": "0.1.5",
    },
    "program": "scikit-learn mutual_info_*, VarianceThreshold, LogisticRegression, Lasso; WOEEncoder; pylift",
    "methods": {
        name: "feature-selection"
        for name in (
            "variance",
            "mutual information",
            "weight of evidence",
            "net weight of evidence",
            "lasso scores",
        )
    },
    "data": data.tolist(),
    "amounts": amounts.tolist(),
    "labels": labels.tolist(),
    "words": words,
    "treated": treated.tolist(),
    "holes": [[None if numpy.isnan(value) else value for value in row] for row in holes],
    "variances": VarianceThreshold().fit(holes).variances_.tolist(),
    "information": information,
    "betweenClasses": float(mutual_info_classif(groups[:, None], labels, discrete_features=True)[0]),
    "evidence": mapped,
    "netEvidence": (net / (density / density.sum())).tolist(),
    "netValueByDensity": float(_NIV(frame, ["group"])["group"] / 100),
    "netDensity": (density / density.sum()).tolist(),
    "lasso": lasso,
}
path = Path("packages/learn/src/feature-selection/golden/feature-selection.json")
path.write_text(json.dumps(golden) + "\n")
