"""Golden values of metrics, calibration and stats: scikit-learn, scipy and statsmodels.

Run from the repository root: python golden/make/metrics.py
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
from scipy.optimize import minimize
from scipy.stats import norm, spearmanr
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    mean_absolute_error,
    precision_score,
    recall_score,
    roc_auc_score,
    roc_curve,
    root_mean_squared_error,
)
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

header = {
    "made_by": "golden/make/metrics.py",
    "versions": {
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
    },
}
random = numpy.random.default_rng(7)
rows = 150
labels = (random.uniform(size=rows) < 0.35).astype(int)
probabilities = (1 / (1 + numpy.exp(-(1.5 * labels - 1 + random.normal(size=rows))))).round(2)
weights = random.integers(0, 4, size=rows).astype(float)
called = (probabilities >= 0.5).astype(int)


def delong():
    positive = probabilities[labels == 1]
    negative = probabilities[labels == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    variance = wins.mean(axis=1).var(ddof=1) / len(positive) + wins.mean(axis=0).var(ddof=1) / len(negative)
    return {"value": wins.mean(), "standardError": variance**0.5, "half": norm.ppf(0.975) * variance**0.5}


def curve(strategy):
    observed, predicted = calibration_curve(labels, probabilities, n_bins=8, strategy=strategy)
    return {"observed": observed.tolist(), "predicted": predicted.tolist()}


rates = roc_curve(labels, probabilities, drop_intermediate=False)
amounts = random.gamma(0.6, 40, size=60).round(2)
guesses = (amounts * random.uniform(0.2, 2, size=60)).round(0)
metrics = header | {
    "program": "scikit-learn metrics; scipy spearmanr; DeLong's variance as a plain double sum",
    "methods": {
        "ROC AUC and curve": "binary-metrics",
        "average precision": "binary-metrics",
        "log loss": "binary-metrics",
        "Brier score": "binary-metrics",
        "confusion matrix": "binary-metrics",
        "absolute and squared error": "binary-metrics",
        "Spearman's correlation": "binary-metrics",
        "DeLong's interval": "binary-metrics",
        "calibration curve": "binary-metrics",
    },
    "labels": labels.tolist(),
    "probabilities": probabilities.tolist(),
    "weights": weights.tolist(),
    "rocAuc": roc_auc_score(labels, probabilities),
    "rocAucWeighted": roc_auc_score(labels, probabilities, sample_weight=weights),
    "averagePrecision": average_precision_score(labels, probabilities),
    "averagePrecisionWeighted": average_precision_score(labels, probabilities, sample_weight=weights),
    "logLoss": log_loss(labels, probabilities),
    "logLossWeighted": log_loss(labels, probabilities, sample_weight=weights),
    "logLossCertain": log_loss([0, 1, 1], [0.0, 1.0, 0.0]),
    "brier": brier_score_loss(labels, probabilities),
    "brierWeighted": brier_score_loss(labels, probabilities, sample_weight=weights),
    "confusion": confusion_matrix(labels, called).ravel().tolist(),
    "precision": precision_score(labels, called),
    "recall": recall_score(labels, called),
    "f1": f1_score(labels, called),
    "f1Weighted": f1_score(labels, called, sample_weight=weights),
    "roc": {"falsePositiveRates": rates[0].tolist(), "truePositiveRates": rates[1].tolist()},
    "delong": delong(),
    "calibrationWidth": curve("uniform"),
    "calibrationQuantile": curve("quantile"),
    "amounts": amounts.tolist(),
    "guesses": guesses.tolist(),
    "meanAbsoluteError": mean_absolute_error(amounts, guesses),
    "rootMeanSquaredError": root_mean_squared_error(amounts, guesses),
    "spearman": spearmanr(amounts, guesses).statistic,
}
Path("packages/learn/src/metrics/golden/metrics.json").write_text(json.dumps(metrics) + "\n")

isotonic = IsotonicRegression(out_of_bounds="clip").fit(probabilities, labels)
weighted = IsotonicRegression(out_of_bounds="clip").fit(probabilities, labels, sample_weight=weights + 0.5)
grid = numpy.linspace(-0.1, 1.1, 61)
scores = numpy.log(probabilities + 0.005) - numpy.log(1.005 - probabilities)
positives = labels.sum()
targets = numpy.where(labels == 1, (positives + 1) / (positives + 2), 1 / (rows - positives + 2))


def platt(parameters):
    linear = parameters[0] * scores + parameters[1]
    loss = numpy.logaddexp(0, linear) - targets * linear
    residual = 1 / (1 + numpy.exp(-linear)) - targets
    return loss.sum(), numpy.array([(residual * scores).sum(), residual.sum()])


found = minimize(platt, [1.0, 0.0], jac=True, method="BFGS", options={"gtol": 1e-10})
calibration = header | {
    "program": "scikit-learn IsotonicRegression(clip); Platt's objective minimised by scipy BFGS",
    "methods": {"isotonic regression": "calibration", "Platt's sigmoid": "calibration"},
    "labels": labels.tolist(),
    "probabilities": probabilities.tolist(),
    "scores": scores.tolist(),
    "weights": (weights + 0.5).tolist(),
    "grid": grid.tolist(),
    "isotonic": isotonic.predict(grid).tolist(),
    "isotonicThresholds": isotonic.X_thresholds_.tolist(),
    "isotonicWeighted": weighted.predict(grid).tolist(),
    "platt": {"slope": found.x[0], "intercept": found.x[1]},
}
Path("packages/learn/src/selection/golden/calibration.json").write_text(json.dumps(calibration) + "\n")

chances = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.9]


def power_row(base, lift, alpha, power):
    treated = base * (1 + lift)
    effect = (treated - base) / numpy.sqrt((base * (1 - base) + treated * (1 - treated)) / 2)
    rows_each = NormalIndPower().solve_power(abs(effect), alpha=alpha, power=power)
    return {"base": base, "lift": lift, "alpha": alpha, "power": power, "rows": rows_each}


tests = []
for first, first_n, second, second_n in [(45, 500, 62, 480), (3, 40, 9, 44), (1200, 50_000, 1300, 50_100)]:
    statistic, chance = proportions_ztest([first, second], [first_n, second_n])
    tests.append({"first": first, "firstRows": first_n, "second": second, "secondRows": second_n,
                  "z": statistic, "p": chance})
stats = header | {
    "program": "statsmodels multipletests, proportions_ztest, proportion_confint(wilson), NormalIndPower",
    "methods": {
        "Benjamini-Hochberg": "power",
        "Holm": "power",
        "two shares": "power",
        "Wilson interval": "power",
        "rows for a lift": "power",
    },
    "pValues": chances,
    "benjaminiHochberg": multipletests(chances, method="fdr_bh")[1].tolist(),
    "holm": multipletests(chances, method="holm")[1].tolist(),
    "twoProportions": tests,
    "wilson": [
        {"successes": k, "n": n, "confidence": c, "interval": list(proportion_confint(k, n, alpha=1 - c, method="wilson"))}
        for k, n, c in [(0, 10, 0.95), (3, 17, 0.9), (50, 100, 0.99), (17, 17, 0.95)]
    ],
    "power": [
        power_row(base, lift, alpha, power)
        for base, lift, alpha, power in [(0.05, 0.1, 0.05, 0.8), (0.01, 0.5, 0.01, 0.9), (0.2, -0.15, 0.05, 0.8)]
    ],
}
Path("packages/learn/src/stats/golden/stats.json").write_text(json.dumps(stats) + "\n")
