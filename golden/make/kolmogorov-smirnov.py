"""Golden values of the one-sample Kolmogorov-Smirnov test from scipy.

Usage: python golden/make/kolmogorov-smirnov.py > packages/learn/src/stats/hypothesis-tests/golden/kolmogorov-smirnov.json
"""

import json

import numpy as np
import scipy
from scipy import stats

random = np.random.default_rng(11)
normal = {"kind": "normal", "mean": 0, "spread": 1}
gamma = {"kind": "gamma", "shape": 2, "scale": 3}
of_scipy = {"normal": stats.norm(0, 1).cdf, "gamma": stats.gamma(2, scale=3).cdf}


def test(values, distribution):
    values = values.round(3)
    cumulative = of_scipy[distribution["kind"]]
    exact, asymptotic = (stats.ks_1samp(values, cumulative, method=method) for method in ["exact", "asymp"])
    return {
        "values": values.tolist(),
        "distribution": distribution,
        "distance": float(exact.statistic),
        "at": float(exact.statistic_location),
        "exact": float(exact.pvalue),
        "asymptotic": float(asymptotic.pvalue),
    }


print(
    json.dumps(
        {
            "program": "scipy ks_1samp, kstwo",
            "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
            "made_by": "golden/make/kolmogorov-smirnov.py",
            "methods": {"one-sample Kolmogorov-Smirnov test": "hypothesis-tests"},
            "tests": [
                test(random.normal(size=1), normal),
                test(random.normal(size=7), normal),
                test(random.normal(0.4, 1, size=40), normal),
                test(random.normal(1, 0.3, size=25), normal),
                test(random.gamma(2, 3, size=100), gamma),
                test(random.gamma(1.7, 3.3, size=130), gamma),
            ],
            # scipy's chances are exact to some ten digits up to 140 values.
            "chances": [
                {"n": n, "distance": d, "chance": float(stats.kstwo.sf(d, n))}
                for n, distances in [
                    (1, [0.5, 0.6, 0.99]),
                    (2, [0.3, 0.5, 0.8]),
                    (10, [0.06, 0.1, 0.274, 0.5, 0.9]),
                    (50, [0.03, 0.0876, 0.2, 0.35, 0.6]),
                    (140, [0.02, 0.05, 0.1, 0.2, 0.45]),
                ]
                for d in distances
            ],
            # Beyond that they come from Pelz and Good's series, to about 1e-7.
            "larger": [
                {"n": n, "distance": d, "chance": float(stats.kstwo.sf(d, n))}
                for n, distances in [(500, [0.02, 0.04, 0.07]), (3000, [0.01, 0.02, 0.03])]
                for d in distances
            ],
        },
        indent=0,
    )
)
