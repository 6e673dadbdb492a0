"""Golden values of the elastic net: scikit-learn's ElasticNet, its path and its cross-validated choice.

Run from the repository root: python golden/make/elastic-net.py
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.linear_model import ElasticNet, ElasticNetCV, Ridge

random = numpy.random.default_rng(31)
rows, columns = 60, 8
x = random.normal(size=(rows, columns)).round(3)
x[:, 1] = (x[:, 0] + 0.1 * x[:, 1]).round(3)
x[:, 5] = (x[:, 5] > 1).astype(float)
x[:, 6] = 20 * x[:, 6] + 500
y = (3 * x[:, 0] - 2 * x[:, 2] + x[:, 5] + 0.1 * x[:, 6] + random.normal(size=rows)).round(3)
weights = random.uniform(0, 3, size=rows).round(3)
weights[7] = 0
wide = random.normal(size=(12, 20)).round(3)
wide_y = (wide[:, 0] - wide[:, 1] + 0.1 * random.normal(size=12)).round(3)


def fit(data, target, penalty, share, weights=None):
    model = ElasticNet(alpha=penalty, l1_ratio=share, tol=1e-15, max_iter=1_000_000)
    model.fit(data, target, sample_weight=weights)
    return {"penalty": penalty, "l1Share": share, "intercept": model.intercept_, "coefficients": model.coef_.tolist()}


folds = [(numpy.flatnonzero(numpy.arange(rows) % 5 != k), numpy.flatnonzero(numpy.arange(rows) % 5 == k)) for k in range(5)]
choice = ElasticNetCV(l1_ratio=[0.3, 1], alphas=20, cv=folds, tol=1e-12, max_iter=1_000_000).fit(x, y)
ridge = Ridge(alpha=0.4 * rows, solver="cholesky").fit(x, y)

golden = {
    "made_by": "golden/make/elastic-net.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__},
    "program": "scikit-learn ElasticNet (tol 1e-15), ElasticNetCV (tol 1e-12), Ridge",
    "methods": {"elastic net": "elastic-net", "choice of the penalty": "elastic-net"},
    "x": x.tolist(),
    "y": y.tolist(),
    "weights": weights.tolist(),
    "unweighted": [fit(x, y, p, s) for p, s in ((0.01, 1), (0.3, 1), (2, 1), (0.1, 0.5), (1, 0.05))],
    "weighted": [fit(x, y, p, s, weights) for p, s in ((0.2, 1), (0.2, 0.4))],
    "ridge": {"penalty": 0.4, "l1Share": 0, "intercept": ridge.intercept_, "coefficients": ridge.coef_.tolist()},
    "wide": {"x": wide.tolist(), "y": wide_y.tolist(), "fits": [fit(wide, wide_y, p, s) for p, s in ((0.05, 1), (0.2, 0.7))]},
    "choice": {
        "penalties": choice.alphas_[[0.3, 1].index(choice.l1_ratio_)].tolist(),
        "meanErrors": choice.mse_path_.mean(axis=-1).tolist(),
        "penalty": choice.alpha_,
        "l1Share": choice.l1_ratio_,
        "coefficients": choice.coef_.tolist(),
    },
}
Path("packages/learn/src/linear/golden/elastic-net.json").write_text(json.dumps(golden) + "\n")
