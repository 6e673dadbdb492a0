"""Golden values of survival analysis from lifelines and statsmodels, on data sets that lifelines brings along.

Usage: python golden/make/survival.py > packages/learn/src/survival/golden/survival.json
"""

import json
import warnings

import lifelines
import numpy as np
import statsmodels
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.datasets import load_leukemia, load_rossi, load_waltons
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import concordance_index
from statsmodels.duration.hazard_regression import PHReg

warnings.filterwarnings("ignore")
waltons, rossi, leukemia = load_waltons(), load_rossi(), load_leukemia()
numbers = lambda values: [float(v) for v in np.ravel(values)]


def kaplan_meier(durations, events, weights=None):
    found = KaplanMeierFitter(alpha=0.1).fit(durations, events, weights=weights)
    table = found.event_table.iloc[1:]
    bounds = found.confidence_interval_.iloc[1:]
    return {
        "durations": numbers(durations),
        "events": numbers(events),
        "weights": None if weights is None else numbers(weights),
        "times": numbers(table.index),
        "atRisk": numbers(table["at_risk"]),
        "observed": numbers(table["observed"]),
        "survival": numbers(found.survival_function_.iloc[1:]),
        "low": [None if not np.isfinite(v) else v for v in numbers(bounds.iloc[:, 0])],
        "high": [None if not np.isfinite(v) else v for v in numbers(bounds.iloc[:, 1])],
        "median": float(found.median_survival_time_),
    }


def cox(frame, duration, event, weights=None, penalty=0.0):
    found = CoxPHFitter(penalizer=penalty)
    found.fit(frame, duration, event, weights_col=weights, fit_options={"precision": 1e-12})
    columns = list(found.params_.index)
    some = frame.iloc[[0, 10, 25]]
    # lifelines stops a Newton step before all digits are there; statsmodels, which takes no weights, does not.
    exact = PHReg(frame[duration], frame[columns], status=frame[event], ties="efron").fit(method="newton", tol=1e-14, maxiter=100)
    return {
        "columns": columns,
        "data": [numbers(row) for row in frame[columns].to_numpy()],
        "durations": numbers(frame[duration]),
        "events": numbers(frame[event]),
        "weights": None if weights is None else numbers(frame[weights]),
        "coefficients": numbers(found.params_),
        "standardErrors": numbers(found.standard_errors_),
        "exact": None if weights else {"coefficients": numbers(exact.params), "standardErrors": numbers(exact.bse)},
        "logLikelihood": float(found.log_likelihood_),
        "likelihoodRatio": float(found.log_likelihood_ratio_test().test_statistic) if weights is None else None,
        "concordance": float(found.concordance_index_),
        "baselineTimes": numbers(found.baseline_cumulative_hazard_.index),
        "baseline": numbers(found.baseline_cumulative_hazard_),
        "survivalRows": [0, 10, 25],
        "survivalTimes": numbers(found.predict_survival_function(some).index)[::7],
        "survival": [numbers(column)[::7] for column in found.predict_survival_function(some).to_numpy().T],
    }


def log_rank(frame, duration, group, event, weights=None):
    found = multivariate_logrank_test(frame[duration], frame[group], frame[event], weights=weights)
    return {
        "durations": numbers(frame[duration]),
        "groups": [str(v) for v in frame[group]],
        "events": numbers(frame[event]),
        "statistic": float(found.test_statistic),
        "pValue": float(found.p_value),
    }


rng = np.random.default_rng(5)
weighted = leukemia.copy()
weighted["weight"] = rng.integers(1, 4, len(weighted)).astype(float)
small = rossi.copy()
small["third"] = (small["age"] // 7).astype(int).clip(upper=5)
print(
    json.dumps(
        {
            "program": "lifelines, statsmodels PHReg",
            "versions": {"lifelines": lifelines.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__},
            "made_by": "golden/make/survival.py",
            "methods": {
                "Kaplan-Meier": "survival",
                "log-rank test": "survival",
                "Cox regression": "survival",
                "concordance": "survival",
            },
            "kaplanMeier": [
                kaplan_meier(waltons["T"], waltons["E"]),
                kaplan_meier(leukemia["t"], leukemia["status"], weighted["weight"]),
            ],
            "logRank": [
                log_rank(waltons, "T", "group", "E"),
                log_rank(small, "week", "third", "arrest"),
                log_rank(leukemia, "t", "Rx", "status"),
            ],
            "cox": [
                cox(rossi, "week", "arrest"),
                cox(leukemia, "t", "status"),
                cox(weighted, "t", "status", weights="weight"),
            ],
            "concordance": [
                [numbers(d), numbers(e), numbers(s), float(concordance_index(d, s, e))]
                for d, e, s in [
                    (rng.integers(1, 9, 60), rng.integers(0, 2, 60), rng.integers(0, 6, 60)),
                    (rng.exponential(size=50), rng.integers(0, 2, 50), rng.normal(size=50)),
                ]
            ],
        },
        separators=(",", ":"),
    )
)
