"""Golden values of logistic regression with an absolute penalty, and with several classes: scikit-learn.

Run from the repository root: python golden/make/classes.py
"""

import json
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("error")
random = numpy.random.default_rng(37)
rows, columns = 90, 5
x = random.normal(size=(rows, columns)).round(3)
x[:, 3] = (x[:, 3] > 0.5).astype(float)
x[:, 4] = (3 * x[:, 4] + 4).round(3)
scores = numpy.column_stack([numpy.zeros(rows), x[:, 0] - 0.5, x[:, 1] - x[:, 0] + x[:, 3]])
label = (scores + random.gumbel(size=scores.shape)).argmax(axis=1)
weights = random.uniform(0, 3, size=rows).round(3)


def sparse(penalty, share, weights=None):
    model = LogisticRegression(C=1 / penalty, l1_ratio=share, solver="saga", tol=1e-13, max_iter=10_000_000)
    model.fit(x, label == 2, sample_weight=weights)
    return {
        "penalty": penalty,
        "l1Share": share,
        "intercept": model.intercept_[0],
        "coefficients": model.coef_[0].tolist(),
    }


def several(penalty, weights=None):
    model = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-12, max_iter=1000)
    model.fit(x, label, sample_weight=weights)
    return {
        "penalty": penalty,
        "intercepts": (model.intercept_ - model.intercept_.mean()).tolist(),
        "coefficients": (model.coef_ - model.coef_.mean(axis=0)).tolist(),
        "probabilities": model.predict_proba(x)[:10].tolist(),
    }


golden = {
    "made_by": "golden/make/classes.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__},
    "program": "scikit-learn LogisticRegression (saga, tol 1e-13; newton-cholesky, tol 1e-12)",
    "methods": {
        "logistic regression, absolute penalty": "logistic-regression",
        "multinomial logistic regression": "multinomial-logistic",
    },
    "x": x.tolist(),
    "label": label.tolist(),
    "weights": weights.tolist(),
    "sparse": [sparse(p, s) for p, s in ((0.5, 1), (5, 1), (2, 0.5))],
    "sparseWeighted": sparse(3, 0.8, weights),
    "several": [several(p) for p in (0.1, 1, 30)],
    "severalWeighted": several(2, weights),
}
Path("packages/learn/src/linear/golden/classes.json").write_text(json.dumps(golden) + "\n")
