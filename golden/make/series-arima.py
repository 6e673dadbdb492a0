"""Golden values of ARIMA from statsmodels and of the automatic choice from statsforecast, on the airline passengers and simulated series.

Usage: python golden/make/series-arima.py AIR_PASSENGERS_CSV > packages/learn/src/series/golden/arima.json
"""

import json
import sys
import warnings

import numpy as np
import pandas as pd
import statsforecast
import statsmodels
from statsforecast.arima import auto_arima_f
from statsmodels.tsa.arima_process import arma_generate_sample
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.stattools import kpss

warnings.filterwarnings("ignore")
passengers = np.log(pd.read_csv(sys.argv[1])["passengers"].to_numpy(dtype=float))
rng = np.random.default_rng(9)
arma = 5 + arma_generate_sample([1, -0.7, 0.2], [1, 0.5], 150, distrvs=lambda size: rng.normal(size=size)).round(6)


def fitted(name, values, order, seasonal, constant):
    model = SARIMAX(values, order=order, seasonal_order=seasonal, trend="c" if constant else "n", simple_differencing=True)
    start = model.fit(disp=False, method="nm", maxiter=2000)
    found = model.fit(start.params, disp=False, method="lbfgs", maxiter=500, pgtol=1e-10, factr=10)
    names = list(found.param_names)
    kept = [at for at, param in enumerate(names) if param not in ("intercept", "sigma2")]
    return {
        "name": name,
        "values": values.tolist(),
        "order": order,
        "seasonal": seasonal,
        "constant": constant,
        "names": [names[at] for at in kept],
        "coefficients": [float(found.params[at]) for at in kept],
        "variance": float(found.params[names.index("sigma2")]),
        "logLikelihood": float(found.llf),
        # Of the differenced series.
        "mean": [float(v) for v in found.forecast(6)],
    }


def automatic(name, values, period):
    found = auto_arima_f(values, period=period, approximation=False)
    p, q, seasonal_p, seasonal_q, _, d, seasonal_d = found["arma"]
    return {
        "name": name,
        "values": values.tolist(),
        "period": period,
        "order": [p, d, q],
        "seasonal": [seasonal_p, seasonal_d, seasonal_q],
        "aicc": float(found["aicc"]),
        "kpss": float(kpss(values, regression="c", nlags=int(3 * np.sqrt(len(values)) / 13))[0]),
    }


# Seasons that wander: an ARMA process summed up by quarter.
shocks = rng.normal(size=104)
wandering = np.zeros(104)
for at in range(4, 104):
    wandering[at] = 0.5 * wandering[at - 1] + shocks[at] - 0.5 * shocks[at - 4]
quarters = np.zeros(104)
for at in range(4, 104):
    quarters[at] = quarters[at - 4] + wandering[at]
quarters = quarters[4:].round(6)
walk = np.cumsum(rng.normal(size=120)).round(6)
print(
    json.dumps(
        {
            "program": "statsmodels SARIMAX with simple_differencing, statsforecast auto_arima_f",
            "versions": {"statsforecast": statsforecast.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__},
            "made_by": "golden/make/series-arima.py",
            "methods": {"ARIMA likelihood and forecasts": "arima", "KPSS test": "arima"},
            "choices": [
                automatic("logarithm of passengers", passengers, 12),
                automatic("ARMA(2,1)", arma, 1),
                automatic("random walk", walk, 1),
                automatic("wandering quarters", quarters, 4),
            ],
            "fits": [
                fitted("airline", passengers, (0, 1, 1), (0, 1, 1, 12), False),
                fitted("airline AR", passengers, (1, 1, 1), (1, 1, 0, 12), False),
                fitted("drift", passengers, (1, 1, 0), (1, 0, 0, 12), True),
                fitted("ARMA(2,1) around a mean", arma, (2, 0, 1), (0, 0, 0, 0), True),
                fitted("AR(3)", arma - 5, (3, 0, 0), (0, 0, 0, 0), False),
                fitted("MA(2)", np.diff(arma), (0, 0, 2), (0, 0, 0, 0), False),
            ],
        },
        separators=(",", ":"),
    )
)
