"""Golden values of Poisson, gamma and Tweedie regression, and of intervals: scikit-learn and statsmodels.

Run from the repository root: python golden/make/generalised-linear.py
"""

import json
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from sklearn.linear_model import TweedieRegressor

warnings.filterwarnings("error")
random = numpy.random.default_rng(41)
rows, columns = 100, 4
x = random.normal(size=(rows, columns)).round(3)
x[:, 2] = (x[:, 2] > 0.3).astype(float)
x[:, 3] = (10 * x[:, 3] + 200).round(2)
mean = numpy.exp(0.5 * x[:, 0] - 0.4 * x[:, 1] + 0.3 * x[:, 2] + 0.01 * (x[:, 3] - 200) + 0.7)
exposure = random.uniform(0.5, 4, size=rows).round(3)
weights = random.uniform(0.1, 3, size=rows).round(3)
counts = random.poisson(mean)
targets = {
    "poisson": counts.astype(float),
    "gamma": random.gamma(2, mean / 2).round(4) + 1e-3,
    "tweedie": numpy.array([random.gamma(1.5, m, size=n).sum() for m, n in zip(mean, random.poisson(0.8, rows))]).round(4),
}
powers = {"poisson": 1, "gamma": 2, "tweedie": 1.5}
plain = {
    "poisson": sm.families.Poisson(),
    "gamma": sm.families.Gamma(sm.families.links.Log()),
    "tweedie": sm.families.Tweedie(sm.families.links.Log(), var_power=1.5),
}
constant = sm.add_constant(x)


def penalised(family, penalty, given=None):
    total = rows if given is None else given.sum()
    model = TweedieRegressor(
        power=powers[family], link="log", alpha=penalty / total, solver="newton-cholesky", tol=1e-12, max_iter=1000
    ).fit(x, targets[family], sample_weight=given)
    return {
        "penalty": penalty,
        "intercept": model.intercept_,
        "coefficients": model.coef_.tolist(),
        "explained": model.score(x, targets[family], sample_weight=given),
    }


def unpenalised(family, given, spans):
    fit = sm.GLM(
        targets[family], constant, family=plain[family], var_weights=given, offset=numpy.log(spans)
    ).fit(tol=1e-13, maxiter=500, use_t=family != "poisson")
    return {
        "parameters": fit.params.tolist(),
        "standardErrors": fit.bse.tolist(),
        "intervals": fit.conf_int(0.1).tolist(),
        "pValues": fit.pvalues.tolist(),
        "deviance": fit.deviance,
        "dispersion": fit.pearson_chi2 / fit.df_resid,
    }


ones = numpy.ones(rows)
binary = (counts > 2).astype(int)
ordinary = sm.WLS(targets["gamma"], constant, weights=weights).fit()
logit = sm.Logit(binary, constant).fit(disp=0, tol=1e-12, maxiter=100)


def intervals(fit):
    return {"intervals": fit.conf_int(0.05).tolist(), "pValues": fit.pvalues.tolist()}


golden = {
    "made_by": "golden/make/generalised-linear.py",
    "versions": {
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
    },
    "program": "scikit-learn TweedieRegressor(newton-cholesky, tol 1e-12); statsmodels GLM, WLS, Logit",
    "methods": {
        "Poisson, gamma and Tweedie regression": "generalised-linear",
        "intervals of coefficients": "generalised-linear",
    },
    "x": x.tolist(),
    "weights": weights.tolist(),
    "exposure": exposure.tolist(),
    "targets": {family: values.tolist() for family, values in targets.items()},
    "binary": binary.tolist(),
    "families": {
        family: {
            "penalised": [penalised(family, 0.1), penalised(family, 20), penalised(family, 3, weights)],
            "plain": unpenalised(family, ones, ones),
            "weighted": unpenalised(family, weights, exposure),
        }
        for family in targets
    },
    "leastSquares": intervals(ordinary),
    "logistic": intervals(logit),
}
Path("packages/learn/src/linear/golden/generalised-linear.json").write_text(json.dumps(golden) + "\n")
