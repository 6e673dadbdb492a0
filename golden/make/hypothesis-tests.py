"""Golden values of hypothesis tests and power, from scipy and statsmodels.

Usage: python golden/make/hypothesis-tests.py > packages/learn/src/stats/hypothesis-tests/golden/hypothesis-tests.json
"""

import json
from importlib.metadata import version

import numpy as np
from scipy import stats
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.weightstats import ztest

random = np.random.default_rng(5)
one = random.normal(1, 1, 14).round(3)
other = random.normal(0.4, 2, 19).round(3)
third = random.normal(0, 1, 9).round(3)
partner = (one + random.normal(0.3, 0.5, 14)).round(3)
small, few = one[:5], other[:7]
tied = random.integers(0, 5, 25).astype(float)
tied_other = random.integers(1, 6, 30).astype(float)
far, farther = random.normal(0, 1, 60).round(3), random.normal(4, 1, 70).round(3)


def mean_test(found, freedom, interval):
    return {"t": float(found[0]), "pValue": float(found[1]), "freedom": float(freedom), "low": float(interval[0]), "high": float(interval[1])}


def of(found):
    return mean_test((found.statistic, found.pvalue), found.df, found.confidence_interval(0.95))


single = stats.ttest_1samp(one, 0.5)
low, high = single.confidence_interval(0.95)
z, p = ztest(one, other, usevar="unequal")
error = np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
gap = one.mean() - other.mean()
reach = stats.norm.ppf(0.975) * error
tables = [[[30, 10], [20, 20]], [[12, 5, 9], [3, 14, 8]], [[1, 2], [3, 4], [50, 6]], [[500, 1], [2, 700]]]


def table_test(table, correction):
    found = stats.chi2_contingency(table, correction=correction)
    return {"table": table, "continuity": correction, "statistic": float(found.statistic), "freedom": int(found.dof), "pValue": float(found.pvalue),
            "association": float(stats.contingency.association(table, method="cramer"))}


def fit(observed, shares):
    shares = np.array(shares) / sum(shares)
    found = stats.chisquare(observed, shares * sum(observed))
    return {"observed": observed, "shares": shares.tolist(), "statistic": float(found.statistic), "pValue": float(found.pvalue)}


def fisher(first, second):
    ratio, p = stats.fisher_exact([first, second])
    return {"first": first, "second": second, "oddsRatio": float(ratio), "pValue": float(p),
            "pAbove": float(stats.fisher_exact([first, second], alternative="greater").pvalue),
            "pBelow": float(stats.fisher_exact([first, second], alternative="less").pvalue)}


def binomial(k, n, share):
    chance = {side: float(stats.binomtest(k, n, share, alternative=side).pvalue) for side in ["two-sided", "greater", "less"]}
    return {"successes": k, "n": n, "share": share, "pValue": chance["two-sided"], "pAbove": chance["greater"], "pBelow": chance["less"]}


pairs = [(small, few), (one, other), (tied, tied_other), (far, farther)]


def whitney(a, b):
    found = stats.mannwhitneyu(a, b)
    return {"first": a.tolist(), "second": b.tolist(), "u": float(found.statistic), "pValue": float(found.pvalue)}


def smirnov(a, b, method="exact"):
    found = stats.ks_2samp(a, b, method=method)
    return {"first": a.tolist(), "second": b.tolist(), "distance": float(found.statistic), "pValue": float(found.pvalue)}


anova = stats.f_oneway(one, other, third)
power = TTestIndPower()
print(
    json.dumps(
        {
            "program": "scipy and statsmodels hypothesis tests",
            "versions": {name: version(name) for name in ["scipy", "statsmodels", "numpy"]},
            "made_by": "golden/make/hypothesis-tests.py",
            "methods": {
                "t and z tests": "hypothesis-tests",
                "analysis of variance": "hypothesis-tests",
                "chi-square tests": "hypothesis-tests",
                "Fisher's and binomial exact tests": "hypothesis-tests",
                "Mann-Whitney test": "hypothesis-tests",
                "Kolmogorov-Smirnov test": "hypothesis-tests",
                "power of t tests": "power",
            },
            "one": one.tolist(),
            "other": other.tolist(),
            "third": third.tolist(),
            "partner": partner.tolist(),
            "oneSample": mean_test((single.statistic, single.pvalue), single.df, (low - 0.5, high - 0.5)),
            "paired": of(stats.ttest_rel(one, partner)),
            "pooled": of(stats.ttest_ind(one, other)),
            "welch": of(stats.ttest_ind(one, other, equal_var=False)),
            "z": {"t": float(z), "pValue": float(p), "low": float(gap - reach), "high": float(gap + reach)},
            "anova": {"f": float(anova.statistic), "pValue": float(anova.pvalue)},
            "tables": [table_test(table, False) for table in tables] + [table_test(tables[0], True)],
            "fits": [fit([20, 30, 50], [1, 1, 1]), fit([5, 9, 2, 40], [1, 2, 3, 4]), fit([1, 900], [1, 2])],
            "fisher": [fisher([8, 2], [1, 5]), fisher([0, 9], [7, 2]), fisher([12, 30], [25, 41]), fisher([300, 5], [20, 280])],
            "binomial": [binomial(3, 15, 0.1), binomial(0, 30, 0.2), binomial(40, 60, 0.5), binomial(900, 1000, 0.5)],
            "mannWhitney": [whitney(a, b) for a, b in pairs],
            "kolmogorovSmirnov": [smirnov(a, b) for a, b in pairs],
            "power": [
                {"difference": d, "spread": s, "significance": alpha, "power": want, "ratio": ratio,
                 "rows": float(power.solve_power(d / s, alpha=alpha, power=want, ratio=ratio)),
                 "powerOfTwenty": float(power.power(d / s, 20, alpha, ratio=ratio))}
                for d, s, alpha, want, ratio in [(5, 10, 0.05, 0.8, 1), (1, 10, 0.05, 0.9, 1), (3, 2, 0.01, 0.8, 1), (2, 5, 0.05, 0.8, 0.25)]
            ],
        }
    )
)
