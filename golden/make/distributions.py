"""Golden values of distributions, far tails included, from mpmath at 40 digits.

Usage: python golden/make/distributions.py > packages/learn/src/stats/distributions/golden/distributions.json
"""

import json

import mpmath
from mpmath import mp, mpf

mp.dps = 40


def gamma_sides(shape, x):
    return mp.gammainc(shape, 0, x, regularized=True), mp.gammainc(shape, x, mp.inf, regularized=True)


def beta_sides(a, b, x, rest):
    return mp.betainc(a, b, 0, x, regularized=True), mp.betainc(b, a, 0, rest, regularized=True)


def sides(kind, p, x):
    x = mpf(x)
    p = {name: mpf(value) for name, value in p.items()}
    if kind == "normal":
        score = (x - p["mean"]) / p["spread"] / mp.sqrt(2)
        return mp.erfc(-score) / 2, mp.erfc(score) / 2
    if kind == "student-t":
        tail = mp.betainc(p["freedom"] / 2, mpf(1) / 2, 0, p["freedom"] / (p["freedom"] + x * x), regularized=True) / 2
        return (tail, 1 - tail) if x < 0 else (1 - tail, tail)
    if kind == "chi-squared":
        return gamma_sides(p["freedom"] / 2, x / 2)
    if kind == "gamma":
        return gamma_sides(p["shape"], x / p["scale"])
    if kind == "f":
        below = p["freedom"] * x + p["freedomBelow"]
        return beta_sides(p["freedom"] / 2, p["freedomBelow"] / 2, p["freedom"] * x / below, p["freedomBelow"] / below)
    if kind == "beta":
        return beta_sides(p["a"], p["b"], x, 1 - x)
    if kind == "binomial":
        above, below = beta_sides(x + 1, p["trials"] - x, p["chance"], 1 - p["chance"])
        return below, above
    above, below = gamma_sides(x + 1, p["mean"])
    return below, above


asked = [
    ("normal", {"mean": 2, "spread": 3}, [-60, -7, 1.5, 5, 20, 90]),
    ("student-t", {"freedom": 3}, [-1e6, -40, 0.5, 9, 1e5]),
    ("student-t", {"freedom": 1e5}, [-25, -1, 2, 30]),
    ("chi-squared", {"freedom": 1}, [1e-12, 0.3, 3.84, 100, 1200]),
    ("chi-squared", {"freedom": 250}, [60, 200, 251, 400, 1500]),
    ("f", {"freedom": 3, "freedomBelow": 20}, [1e-6, 0.2, 1.5, 30, 5000]),
    ("f", {"freedom": 120, "freedomBelow": 7.5}, [0.05, 0.9, 4, 900]),
    ("beta", {"a": 0.5, "b": 4}, [1e-20, 0.01, 0.3, 0.9]),
    ("beta", {"a": 300, "b": 9000}, [0.005, 0.03, 0.033, 0.08]),
    ("gamma", {"shape": 0.3, "scale": 5}, [1e-30, 0.1, 2, 800]),
    ("gamma", {"shape": 1, "scale": 0.5}, [1e-9, 0.3, 90]),
    ("binomial", {"trials": 40, "chance": 0.1}, [0, 3, 4, 20, 38]),
    ("binomial", {"trials": 5000, "chance": 0.6}, [2000, 2990, 3005, 3600]),
    ("poisson", {"mean": 4.5}, [0, 4, 12, 80]),
    ("poisson", {"mean": 900}, [400, 890, 905, 1500]),
]


def t_shifted(t, v, shift):
    """By its definition: the mean over the chi-squared denominator of a normal share."""
    t, v, shift = mpf(t), mpf(v), mpf(shift)
    density = lambda s: 2 * (v / 2) ** (v / 2) / mp.gamma(v / 2) * s ** (v - 1) * mp.exp(-v * s * s / 2)
    return mp.quad(lambda s: mp.ncdf(t * s - shift) * density(s), [0, 0.3, 0.6, 0.8, 1, 1.2, 1.5, 2, 3, 6, mp.inf])


print(
    json.dumps(
        {
            "program": "mpmath at 40 digits",
            "versions": {"mpmath": mpmath.__version__},
            "made_by": "golden/make/distributions.py",
            "methods": {"distributions": "distributions", "quantiles": "distributions", "noncentral t": "distributions"},
            "rows": [
                {"distribution": {"kind": kind, **parameters}, "value": x, "below": float(low), "above": float(high)}
                for kind, parameters, values in asked
                for x in values
                for low, high in [sides(kind, parameters, x)]
            ],
            "noncentral": [
                [t, v, shift, float(t_shifted(t, v, shift))]
                for t, v, shift in [(2, 10, 0), (2, 10, 2.5), (-1, 4, 1), (2.01, 98, 3), (5, 30, 12), (1.5, 2.5, -2)]
            ],
        }
    )
)
