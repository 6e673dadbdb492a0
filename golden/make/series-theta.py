"""Golden values of Theta and optimised Theta from statsforecast, on the airline passengers.

Usage: python golden/make/series-theta.py AIR_PASSENGERS_CSV > packages/learn/src/series/golden/theta.json
"""

import json
import sys

import numpy as np
import pandas as pd
import statsforecast
from statsforecast.theta import auto_theta, forecast_theta, thetamodel
from statsmodels.tsa.seasonal import seasonal_decompose

passengers = pd.read_csv(sys.argv[1])["passengers"].to_numpy(dtype=float)
fits = []
for values, model in [(passengers, "STM"), (passengers, "OTM"), (passengers[:60], "STM"), (passengers[100:], "OTM")]:
    found = thetamodel(values, 12, model, np.nan, np.nan, np.nan, 3)
    fits.append(
        {
            "values": values.tolist(),
            "model": model,
            "alpha": float(found["par"]["alpha"]),
            "level": float(found["par"]["initial_smoothed"]),
            "theta": float(found["par"]["theta"]),
            "residuals": [float(v) for v in found["residuals"]],
            "mean": [float(v) for v in forecast_theta(found, 24)["mean"]],
        }
    )
seasonal = {}
for kind in ["multiplicative", "additive"]:
    found = auto_theta(passengers, 12, model="STM", decomposition_type=kind)
    seasonal[kind] = {
        "figure": [float(v) for v in seasonal_decompose(passengers, model=kind, period=12).seasonal[:12]],
        "mean": [float(v) for v in forecast_theta(found, 24)["mean"]],
    }
print(
    json.dumps(
        {
            "program": "statsforecast thetamodel and auto_theta, statsmodels seasonal_decompose",
            "versions": {"statsforecast": statsforecast.__version__, "numpy": np.__version__},
            "made_by": "golden/make/series-theta.py",
            "methods": {"Theta": "theta", "classical seasons": "theta"},
            "passengers": passengers.tolist(),
            "fits": fits,
            "seasonal": seasonal,
        },
        indent=0,
    )
)
