"""Golden values of explanations: shap's LinearExplainer and KernelExplainer, scikit-learn's permutation_importance.

Run from the repository root: python golden/make/explain.py
"""

import json
import logging
from pathlib import Path

import numpy
import shap
import sklearn
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression

logging.getLogger("shap").setLevel(logging.ERROR)
random = numpy.random.default_rng(11)


def formula(x):
    """Interactions, a bend and a column that only counts with another."""
    return x[:, 0] * x[:, 1] + numpy.sin(x[:, 2]) + numpy.maximum(x[:, 3], 0) * x[:, 4] - 0.5 * x[:, 5] ** 2


background = numpy.round(random.normal(size=(20, 6)), 3)
rows = numpy.round(random.normal(size=(8, 6)), 3)
# A row that agrees with the background in one column has no contribution there.
background[:, 3] = numpy.where(numpy.arange(20) < 10, 0.5, background[:, 3])
constant = background.copy()
constant[:, 4] = 0.25
same = rows.copy()
same[:, 4] = 0.25
weights = numpy.arange(1, 21)


def kernel(data, given):
    explainer = shap.KernelExplainer(formula, given)
    values = explainer.shap_values(data, nsamples=2**6, l1_reg=False, silent=True)
    return {"base": float(explainer.expected_value), "contributions": values.ravel().tolist()}


x = numpy.round(random.normal(size=(60, 4)), 3)
x[:, 1] += x[:, 0]
y = x @ numpy.array([1.0, -0.5, 2.0, 0.0]) + random.normal(size=60)
model = LinearRegression().fit(x, y)
linear = shap.LinearExplainer(model, shap.maskers.Independent(x, max_samples=60))
importance = permutation_importance(
    model, x, y, scoring="neg_mean_squared_error", n_repeats=20_000, random_state=0
)

result = {
    "program": "shap LinearExplainer and KernelExplainer (all sets, no lasso), scikit-learn permutation_importance",
    "versions": {"shap": shap.__version__, "scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "made_by": "golden/make/explain.py",
    "methods": {
        "Kernel SHAP": "kernel-shap",
        "linear SHAP": "kernel-shap",
        "permutation importance": "permutation-importance",
    },
    "kernel": {
        "background": background.tolist(),
        "rows": rows.tolist(),
        "plain": kernel(rows, background),
        "weights": weights.tolist(),
        "weighted": kernel(rows, shap.utils._legacy.DenseData(
            background, [f"x{at}" for at in range(6)], None, weights / weights.sum()
        )),
        "same": {"background": constant.tolist(), "rows": same.tolist(), **kernel(same, constant)},
    },
    "linear": {
        "rows": x.tolist(),
        "targets": y.tolist(),
        "intercept": float(model.intercept_),
        "coefficients": model.coef_.tolist(),
        "base": float(linear.expected_value),
        "contributions": linear.shap_values(x).ravel().tolist(),
        "importances": importance.importances_mean.tolist(),
        "quality": -float(numpy.mean((y - model.predict(x)) ** 2)),
    },
}
path = Path("packages/learn/src/explain/golden/explain.json")
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(result) + "\n")
