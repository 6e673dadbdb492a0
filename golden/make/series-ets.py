"""Golden values of exponential smoothing from statsmodels (likelihood, states, forecasts of every form at fixed parameters) and
statsforecast (automatic choice, intervals), on the airline passengers.

Usage: python golden/make/series-ets.py AIR_PASSENGERS_CSV > packages/learn/src/series/golden/ets.json
"""

import itertools
import json
import sys
import warnings

import numpy as np
import pandas as pd
import statsforecast
import statsmodels
from statsforecast.ets import ets_f, forecast_ets
from statsforecast.models import SeasonalNaive
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

warnings.filterwarnings("ignore")
passengers = pd.read_csv(sys.argv[1])["passengers"].to_numpy(dtype=float)
y = passengers[:48]
period = 12
season = {
    "additive": [-8, -2, 3, 1, -5, 14, 25, 24, 8, -10, -25, -25],
    "multiplicative": [0.94, 0.98, 1.03, 1.0, 0.97, 1.1, 1.19, 1.18, 1.06, 0.93, 0.8, 0.82],
}
letters = {"none": None, "additive": "add", "multiplicative": "mul"}



def relative_variance(result, horizon):
    try:
        return [float(v) for v in result._relative_forecast_variance(np.arange(1, horizon + 1))]
    except NotImplementedError:
        return None


forms = []
for error, (trend, damped), seasonal in itertools.product(
    ["additive", "multiplicative"],
    [("none", False), ("additive", False), ("additive", True), ("multiplicative", False), ("multiplicative", True)],
    ["none", "additive", "multiplicative"],
):
    model = ETSModel(
        pd.Series(y),
        error=letters[error],
        trend=letters[trend],
        damped_trend=damped,
        seasonal=letters[seasonal],
        seasonal_periods=period if seasonal != "none" else None,
        initialization_method="known",
        initial_level=120.0,
        initial_trend=None if trend == "none" else 1.5 if trend == "additive" else 1.01,
        initial_seasonal=None if seasonal == "none" else season[seasonal],
    )
    # Multiplicative seasons of statsmodels follow the new level as in Holt-Winters' original, not the one before as the
    # state-space form does; without smoothing both are one. statsforecast's fits below have such seasons move.
    known = {"smoothing_level": 0.4, "smoothing_trend": 0.05, "damping_trend": 0.93}
    known["smoothing_seasonal"] = 0.0 if seasonal == "multiplicative" else 0.2
    initial = {"initial_level": 120.0, "initial_trend": 1.5 if trend == "additive" else 1.01}
    seasons = season.get(seasonal, [])
    # statsmodels keeps the seasonal states newest first.
    initial |= {f"initial_seasonal.{at}": value for at, value in enumerate(seasons)}
    result = model.smooth([({**known, **initial})[name] for name in model.param_names])
    forms.append(
        {
            "form": {"error": error, "trend": trend, "damped": damped, "season": seasonal},
            "logLikelihood": float(result.llf),
            "fitted": [float(v) for v in result.fittedvalues[[0, 1, 13, 47]]],
            "forecast": [float(v) for v in result.forecast(15)],
            # Closed form, of the forms that have one there.
            "relativeVariance": relative_variance(result, 15),
        }
    )


def automatic(values, name, horizon, model="ZZZ", damped=None):
    found = ets_f(values, m=12, model=model, damped=damped)
    ahead = forecast_ets(found, h=horizon, level=[80, 95])
    return {
        "data": name,
        "method": found["method"],
        "aicc": float(found["aicc"]),
        "logLikelihood": float(found["loglik"]),
        "parameters": [None if not np.isfinite(v) else float(v) for v in found["par"][:4]],
        "initial": [float(v) for v in found["states"][0]],
        "sigma2": float(found["sigma2"]),
        "mean": [float(v) for v in ahead["mean"]],
        "low80": [float(v) for v in ahead["lo-80"]],
        "high95": [float(v) for v in ahead["hi-95"]],
    }


naive = SeasonalNaive(season_length=12).forecast(passengers[:140], h=26, level=[80])
print(
    json.dumps(
        {
            "program": "statsmodels ETSModel, statsforecast ets_f and SeasonalNaive",
            "versions": {"statsmodels": statsmodels.__version__, "statsforecast": statsforecast.__version__, "numpy": np.__version__},
            "made_by": "golden/make/series-ets.py",
            "methods": {
                "exponential smoothing": "exponential-smoothing",
                "seasonal naive forecast": "exponential-smoothing",
            },
            "values": [float(v) for v in passengers],
            "season": season,
            "forms": forms,
            "fits": [
                automatic(passengers, "all", 24),
                automatic(passengers[:120], "120", 24),
                *[automatic(passengers, "all", 24, model, damped) for model, damped in [("ANN", False), ("AAN", False), ("AAN", True), ("MAN", False), ("AAA", False), ("AAA", True), ("MAA", False), ("MNA", False), ("MAM", False), ("MNM", False)]],
            ],
            "seasonalNaive": {"observations": 140, "mean": naive["mean"].tolist(), "low": naive["lo-80"].tolist(), "high": naive["hi-80"].tolist()},
        },
        indent=0,
    )
)
