"""Golden values of boosting on lags from mlforecast with scikit-learn's HistGradientBoostingRegressor.

Usage: python golden/make/series-lags.py AIR_PASSENGERS_CSV > packages/learn/src/series/lags/golden/lag-boosting.json
"""

import json
import sys

import mlforecast
import numpy as np
import pandas as pd
import sklearn
from mlforecast import MLForecast
from mlforecast.lag_transforms import RollingMean
from mlforecast.target_transforms import Differences
from sklearn.ensemble import HistGradientBoostingRegressor

growth = {"rounds": 60, "learningRate": 0.1, "leavesMax": 8, "rowsPerLeafMin": 10}


def month(times):
    return (times - 1) % 12


def weekday(times):
    return (times - 1) % 7


def case(values, horizon, lags, means, cycle, differences, loss="squared_error", direct=False):
    frame = pd.DataFrame({"unique_id": "a", "ds": np.arange(1, len(values) + 1), "y": values})
    model = HistGradientBoostingRegressor(
        loss=loss, max_iter=60, learning_rate=0.1, max_leaf_nodes=8, min_samples_leaf=10, early_stopping=False
    )
    forecaster = MLForecast(
        models={"boosting": model},
        freq=1,
        lags=lags,
        lag_transforms={1: [RollingMean(window_size=window) for window in means]},
        date_features=[] if cycle is None else [{12: month, 7: weekday}[cycle]],
        target_transforms=[Differences(differences)] if differences else None,
    )
    forecaster.fit(frame, max_horizon=horizon if direct else None)
    return {
        "values": [float(v) for v in values],
        "options": {
            "horizon": horizon,
            "strategy": "direct" if direct else "recursive",
            "lags": lags,
            "means": means,
            "cycles": [] if cycle is None else [cycle],
            "differences": differences,
            "loss": "absolute" if loss == "absolute_error" else "squared",
            **growth,
        },
        "mean": [float(v) for v in forecaster.predict(horizon)["boosting"]],
    }


passengers = pd.read_csv(sys.argv[1])["passengers"].to_numpy(dtype=float)
random = np.random.default_rng(7)
days = np.arange(400)
busy = np.where(days % 7 < 5, 40.0, 90.0) + 15 * np.sin(days / 40) + np.where(random.random(400) < 0.1, 30, 0)
# In quarters, with means of 4, 8 and 16 values: sums and means are exact, in whatever order they are made.
visits = np.round(4 * (busy + random.normal(scale=4, size=400))) / 4
print(
    json.dumps(
        {
            "program": "mlforecast with scikit-learn HistGradientBoostingRegressor",
            "versions": {"mlforecast": mlforecast.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "made_by": "golden/make/series-lags.py",
            "methods": {"boosting on lags": "boosting-on-lags"},
            "cases": {
                "recursive on growth": case(passengers, 24, list(range(1, 14)), [12], 12, [1]),
                "recursive, differenced by season and step": case(passengers, 18, [1, 2, 3, 12], [3, 12], None, [12, 1]),
                "recursive on levels": case(visits, 21, [1, 2, 7, 14], [4, 16], 7, []),
                "recursive, absolute loss": case(visits, 14, [1, 7], [8], 7, [7], loss="absolute_error"),
                "direct on growth": case(passengers, 6, list(range(1, 14)), [12], None, [1], direct=True),
                "direct on levels": case(visits, 7, [1, 2, 7], [8, 16], None, [], direct=True),
            },
        },
        indent=0,
    )
)
