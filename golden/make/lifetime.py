"""Golden values of the lifetime models from the Python package lifetimes, on CDNOW and on a small made-up table.

Usage: python golden/make/lifetime.py CDNOW_FOLDER > packages/learn/src/lifetime/golden/lifetimes.json
"""

import json
import sys

import numpy as np
import pandas as pd
import scipy

# autograd and pandas dropped a few names that lifetimes 0.11.3 still asks for.
for module, name, value in [(np, "float", float), (np, "int", int)]:
    if not hasattr(module, name):
        setattr(module, name, value)

import lifetimes
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

folder = sys.argv[1]
cdnow = pd.read_csv(f"{folder}/cdnow_customers_summary_with_transactions.csv")
x, tx, T, z = (cdnow[c].to_numpy(dtype=float) for c in ["x", "t_x", "T", "zbar"])
histories = [[0, 0, 38.86], [1, 1.71, 38.86], [2, 30.43, 38.86], [26, 30.86, 31], [4, 3, 30], [1, 0.14, 27]]
horizons = [0.5, 1, 10, 39, 78, 500]
out = {}


def fitted(fitter, penalty):
    fitter = fitter(penalizer_coef=penalty)
    fitter.fit(x, tx, T, tol=1e-8)
    return fitter


for name, fitter, penalty in [
    ("bg-nbd", BetaGeoFitter, 0.0),
    ("bg-nbd penalised", BetaGeoFitter, 0.05),
    ("mbg-nbd", ModifiedBetaGeoFitter, 0.0),
    ("pareto-nbd", ParetoNBDFitter, 0.0),
]:
    model = fitted(fitter, penalty)
    parameters = [float(v) for v in model.params_]
    out[name] = {
        "penalty": penalty,
        "parameters": parameters,
        # Of lifetimes' own optimum without the penalty, in its own formula.
        "expected": [[h, float(model.expected_number_of_purchases_up_to_time(h))] for h in horizons],
        "conditional": [
            [*row, h, float(np.ravel(model.conditional_expected_number_of_purchases_up_to_time(h, *[np.array([v], dtype=float) for v in row]))[0])]
            for row in histories
            for h in [1, 39, 200]
        ],
        # lifetimes gives NaN for some (its closed form breaks down); those are left out below.
        "alive": [[*row, float(np.ravel(model.conditional_probability_alive(*[np.array([v], dtype=float) for v in row]))[0])] for row in histories],
    }
    out[name]["conditional"] = [row for row in out[name]["conditional"] if np.isfinite(row[-1])]
    if name == "bg-nbd":
        out[name]["counts"] = [[n, 39, float(np.ravel(model.probability_of_n_purchases_up_to_time(39, n))[0])] for n in [0, 1, 2, 5, 20, 60]]

gamma_gamma = GammaGammaFitter(penalizer_coef=0.0)
gamma_gamma.fit(x[x > 0], z[x > 0], tol=1e-8)
out["gamma-gamma"] = {
    "parameters": [float(v) for v in gamma_gamma.params_],
    "logLikelihood": float(-gamma_gamma._negative_log_likelihood(np.log(gamma_gamma.params_.to_numpy()), x[x > 0], z[x > 0], np.ones(int(np.sum(x > 0))), 0.0) * np.sum(x > 0)),
    "spend": [[f, m, float(np.ravel(gamma_gamma.conditional_expected_average_profit(np.array([f]), np.array([m])))[0])] for f, m in [[1, 10.0], [3, 50.0], [40, 200.0]]],
}

bg = fitted(BetaGeoFitter, 0.0)
rows = slice(0, 40)
value = gamma_gamma.customer_lifetime_value(
    bg, pd.Series(x[rows]), pd.Series(tx[rows]), pd.Series(T[rows]), pd.Series(z[rows]), time=6, discount_rate=0.02, freq="W"
)
# A "month" of lifetimes is 4.345 weeks when the model is in weeks.
out["lifetime value"] = {"rows": 40, "periods": 6, "periodLength": 4.345, "discount": 0.02, "value": [float(v) for v in value]}

print(
    json.dumps(
        {
            "program": "lifetimes",
            "versions": {"lifetimes": lifetimes.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "pandas": pd.__version__},
            "made_by": "golden/make/lifetime.py",
            "methods": {
                "BG/NBD": "bg-nbd",
                "MBG/NBD": "mbg-nbd",
                "Pareto/NBD": "pareto-nbd",
                "Gamma-Gamma": "gamma-gamma",
                "fitted parameters": "lifetime-value",
                "lifetime value": "gamma-gamma",
            },
            "values": out,
        },
        indent=0,
    )
)
