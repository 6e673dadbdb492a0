"""Golden values of the linear family: scikit-learn's LogisticRegression and statsmodels' Logit.

Run from the repository root: python golden/make/linear.py
"""

import json
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from sklearn.linear_model import LogisticRegression, Ridge

warnings.filterwarnings("error")
random = numpy.random.default_rng(20)
rows, columns = 120, 5


def fit(x, y, penalty, weights=None):
    model = LogisticRegression(C=1 / penalty, solver="newton-cholesky", tol=1e-10, max_iter=1000)
    model.fit(x, y, sample_weight=weights)
    return {
        "penalty": penalty,
        "intercept": model.intercept_[0],
        "coefficients": model.coef_[0].tolist(),
        "probabilities": model.predict_proba(x)[:10, 1].tolist(),
    }


x = random.normal(size=(rows, columns)).round(3)
x[:, 3] = (x[:, 3] > 0.8).astype(float)
x[:, 4] = 40 * x[:, 4] + 300
chance = 1 / (1 + numpy.exp(-(0.8 * x[:, 0] - 1.1 * x[:, 1] + 0.6 * x[:, 3] - 0.4)))
y = (random.uniform(size=rows) < chance).astype(int)
weights = random.uniform(0.2, 3, size=rows).round(3)
constant = x.copy()
constant[:, 2] = 7.0
plain = sm.Logit(y, sm.add_constant(x)).fit(disp=0, tol=1e-12, maxiter=100)

golden = {
    "made_by": "golden/make/linear.py",
    "versions": {
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
    },
    "program": "scikit-learn LogisticRegression(newton-cholesky, tol 1e-10); statsmodels Logit",
    "methods": {"logistic regression": "logistic-regression"},
    "x": x.tolist(),
    "y": y.tolist(),
    "weights": weights.tolist(),
    "unweighted": [fit(x, y, penalty) for penalty in (0.01, 1, 100)],
    "weighted": [fit(x, y, penalty, weights) for penalty in (0.5, 10)],
    "constantColumn": fit(constant, y, 1),
    "unpenalised": {
        "parameters": plain.params.tolist(),
        "standardErrors": plain.bse.tolist(),
        "objective": -plain.llf,
    },
}
Path("packages/learn/src/linear/golden/logistic-regression.json").write_text(json.dumps(golden) + "\n")

target = (2 * x[:, 0] - x[:, 1] + 0.05 * x[:, 4] + random.normal(size=rows)).round(3)


def ridge(penalty, weights=None):
    model = Ridge(alpha=penalty, solver="cholesky").fit(x, target, sample_weight=weights)
    return {"penalty": penalty, "intercept": model.intercept_, "coefficients": model.coef_.tolist()}


def ordinary(weights):
    model = sm.WLS(target, sm.add_constant(x), weights=weights).fit()
    return {"parameters": model.params.tolist(), "standardErrors": model.bse.tolist(), "explained": model.rsquared}


least = {key: golden[key] for key in ("made_by", "versions", "x", "weights")} | {
    "program": "scikit-learn Ridge(cholesky); statsmodels WLS",
    "methods": {"ridge regression": "least-squares", "least squares": "least-squares"},
    "target": target.tolist(),
    "ridge": [ridge(penalty) for penalty in (0.1, 10, 1000)],
    "ridgeWeighted": ridge(5, weights),
    "ordinary": ordinary(numpy.ones(rows)),
    "ordinaryWeighted": ordinary(weights),
}
Path("packages/learn/src/linear/golden/least-squares.json").write_text(json.dumps(least) + "\n")
