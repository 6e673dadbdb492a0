"""Golden values of STL from statsmodels and of Croston's method and TSB from statsforecast.

Usage: python golden/make/series-stl.py AIR_PASSENGERS_CSV > packages/learn/src/series/golden/stl.json
"""

import json
import sys

import numpy as np
import pandas as pd
import statsforecast
import statsmodels
from statsforecast.models import TSB, CrostonClassic, CrostonSBA
from statsmodels.tsa.seasonal import STL

passengers = pd.read_csv(sys.argv[1])["passengers"].to_numpy(dtype=float)
spiked = np.log(passengers)
spiked[[20, 77, 110]] += [0.5, -0.7, 1.0]
rng = np.random.default_rng(3)
odd = 10 + np.tile([3.0, -1, 0, 4, -6, 2, -2], 9)[:60] + rng.normal(size=60).round(3)


def stl(values, period, **options):
    found = STL(values, period=period, **options).fit()
    return {
        "values": values.tolist(),
        "period": period,
        "options": options,
        "season": found.seasonal.tolist(),
        "trend": found.trend.tolist(),
        "weights": found.weights.tolist(),
    }


demand = np.where(rng.random(60) < 0.3, rng.integers(1, 9, 60), 0).astype(float)
leading = np.r_[0, 0, 0, 4, 0, 1, 0, 0].astype(float)
print(
    json.dumps(
        {
            "program": "statsmodels STL, statsforecast CrostonClassic, CrostonSBA, TSB",
            "versions": {"statsmodels": statsmodels.__version__, "statsforecast": statsforecast.__version__, "numpy": np.__version__},
            "made_by": "golden/make/series-stl.py",
            "methods": {"STL": "stl", "Croston, SBA and TSB": "intermittent-demand"},
            "stl": [
                stl(passengers, 12),
                stl(spiked, 12, robust=True),
                stl(odd, 7, seasonal=11),
                stl(odd[:23], 7, seasonal=35, trend=15, robust=True),
            ],
            "intermittent": [
                {
                    "values": values.tolist(),
                    "croston": float(CrostonClassic().forecast(values, h=1)["mean"][0]),
                    "sba": float(CrostonSBA().forecast(values, h=1)["mean"][0]),
                    "tsb": float(TSB(alpha_d=0.2, alpha_p=0.05).forecast(values, h=1)["mean"][0]),
                }
                for values in [demand, leading, demand + 1]
            ],
        },
        separators=(",", ":"),
    )
)
