"""Golden values of metrics beyond the first, tests between models, bootstrap intervals, beta calibration and conformal
prediction, from scikit-learn, scipy, statsmodels, betacal and MAPIE.

Run from the root of the repository with those installed: python golden/make/selection.py
"""

import functools
import json
from importlib.metadata import version
from pathlib import Path

import numpy
from betacal import BetaCalibration, beta_calibration
from mapie.classification import SplitConformalClassifier
from mapie.regression import ConformalizedQuantileRegressor, SplitConformalRegressor
from scipy.stats import bootstrap, ks_2samp, norm
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    brier_score_loss,
    cohen_kappa_score,
    confusion_matrix,
    f1_score,
    fbeta_score,
    log_loss,
    matthews_corrcoef,
    mean_absolute_error,
    mean_pinball_loss,
    precision_score,
    recall_score,
    roc_auc_score,
    root_mean_squared_error,
)
from sklearn.model_selection import GridSearchCV, PredefinedSplit
from statsmodels.stats.contingency_tables import mcnemar

learn = Path("packages/learn/src")


def write(path, program, packages, methods, values):
    head = {
        "program": program,
        "versions": {name: version(name) for name in packages},
        "made_by": "golden/make/selection.py",
        "methods": methods,
    }
    (learn / path).parent.mkdir(exist_ok=True)
    (learn / path).write_text(json.dumps(head | values) + "\n")


random = numpy.random.default_rng(17)
rows = 160
actual = random.integers(0, 4, rows)
called = numpy.where(random.uniform(size=rows) < 0.6, actual, random.integers(0, 4, rows))
weights = random.integers(0, 4, rows).astype(float)
labels = (random.uniform(size=rows) < 0.3).astype(int)
scores = (1 / (1 + numpy.exp(-(1.6 * labels - 1.2 + random.normal(size=rows))))).round(2)
other = (1 / (1 + numpy.exp(-(0.9 * labels - 1.2 + 0.5 * (scores - 0.4) + random.normal(size=rows))))).round(2)
amounts = random.gamma(0.7, 40, rows).round(2)
guesses = (amounts * random.uniform(0.3, 2, rows)).round(1)


def classes(given):
    return {
        "table": confusion_matrix(actual, called, sample_weight=given).tolist(),
        "accuracy": accuracy_score(actual, called, sample_weight=given),
        "balancedAccuracy": balanced_accuracy_score(actual, called, sample_weight=given),
        "macroF1": f1_score(actual, called, average="macro", sample_weight=given),
        "kappa": cohen_kappa_score(actual, called, sample_weight=given),
        "matthews": matthews_corrcoef(actual, called, sample_weight=given),
        "precisions": precision_score(actual, called, average=None, sample_weight=given).tolist(),
        "recalls": recall_score(actual, called, average=None, sample_weight=given).tolist(),
    }


def binary(given):
    positive = (scores >= 0.4).astype(int)
    return {
        "balancedAccuracy": balanced_accuracy_score(labels, positive, sample_weight=given),
        "specificity": recall_score(labels, positive, pos_label=0, sample_weight=given),
        "fTwo": fbeta_score(labels, positive, beta=2, sample_weight=given),
        "fHalf": fbeta_score(labels, positive, beta=0.5, sample_weight=given),
        "matthews": matthews_corrcoef(labels, positive, sample_weight=given),
        "kappa": cohen_kappa_score(labels, positive, sample_weight=given),
    }


def profits(given):
    """Mean payoff at every threshold, by the confusion matrix of each."""
    thresholds = sorted(set(scores[given > 0]), reverse=True)
    means = []
    for threshold in thresholds:
        (tn, fp), (fn, tp) = confusion_matrix(labels, scores >= threshold, sample_weight=given)
        means.append((30 * tp - 4 * fp - 6 * fn) / given.sum())
    best = int(numpy.argmax(means))
    return {"thresholds": [float(t) for t in thresholds], "means": means, "best": float(thresholds[best]),
            "profit": means[best], "share": float(given[scores >= thresholds[best]].sum() / given.sum())}


def delong(first, second):
    """Covariance of two areas by the double sum of the paper, all pairs; no ranks."""
    shares = []
    for score in (first, second):
        order = numpy.sign(score[labels == 1][:, None] - score[labels == 0][None, :]) / 2 + 0.5
        shares.append((order.mean(1), order.mean(0)))
    areas = numpy.array([positive.mean() for positive, _ in shares])
    covariance = sum(
        numpy.cov(numpy.array([share[side] for share in shares])) / len(shares[0][side]) for side in (0, 1)
    )
    error = numpy.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    z = (areas[0] - areas[1]) / error
    return {"areas": areas.tolist(), "standardError": error, "z": z, "pValue": 2 * norm.sf(abs(z))}


ones = numpy.ones(rows)
write(
    "metrics/golden/agreement.json",
    "scikit-learn metrics, scipy ks_2samp; profit from scikit-learn's confusion matrices; DeLong's covariance as a plain double sum",
    ["scikit-learn", "scipy", "numpy"],
    {
        "agreement of classes": "class-agreement",
        "Cohen's kappa, Matthews' correlation, F-beta": "binary-metrics",
        "Kolmogorov-Smirnov distance": "binary-metrics",
        "pinball loss": "binary-metrics",
        "expected profit": "decision-threshold",
        "DeLong's test of two scores": "model-comparison",
    },
    {
        "actual": actual.tolist(),
        "called": called.tolist(),
        "weights": weights.tolist(),
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "other": other.tolist(),
        "amounts": amounts.tolist(),
        "guesses": guesses.tolist(),
        "classes": classes(ones),
        "classesWeighted": classes(weights),
        "binary": binary(ones),
        "binaryWeighted": binary(weights),
        "kolmogorovSmirnov": float(ks_2samp(scores[labels == 1], scores[labels == 0]).statistic),
        "pinball": mean_pinball_loss(amounts, guesses, alpha=0.9),
        "pinballWeighted": mean_pinball_loss(amounts, guesses, alpha=0.2, sample_weight=weights),
        "meanAbsoluteErrorWeighted": mean_absolute_error(amounts, guesses, sample_weight=weights),
        "rootMeanSquaredErrorWeighted": root_mean_squared_error(amounts, guesses, sample_weight=weights),
        "profits": profits(ones),
        "profitsWeighted": profits(weights),
        "delong": delong(scores, other),
    },
)


def interval(name, sample, statistic, method, paired=False):
    found = bootstrap(sample, statistic, method=method, n_resamples=999, vectorized=False, paired=paired, rng=3,
                      confidence_level=0.9)
    # A stratum is a sample; what is left out is one value of one of them.
    left = [
        [
            float(statistic(*[numpy.delete(values, at) if index == own else values for index, values in enumerate(sample)]))
            for at in range(len(sample[own]))
        ]
        for own in range(len(sample))
    ]
    return {
        "name": name,
        "method": method,
        "value": float(statistic(*sample)),
        "distribution": numpy.sort(found.bootstrap_distribution).tolist(),
        "leftOut": left,
        "interval": [float(end) for end in found.confidence_interval],
    }


skewed = random.gamma(0.6, 30, 35)
shifted = random.gamma(0.9, 30, 28)
discordant = [(12, 3), (40, 22), (0, 6), (7, 7), (1, 0), (310, 255)]
write(
    "stats/golden/bootstrap.json",
    "scipy bootstrap, statsmodels mcnemar",
    ["scipy", "statsmodels", "numpy"],
    {"bootstrap intervals": "bootstrap", "McNemar's test": "model-comparison"},
    {
        "intervals": [
            interval("mean", (skewed,), numpy.mean, "BCa"),
            interval("mean", (skewed,), numpy.mean, "percentile"),
            interval("spread", (skewed,), numpy.std, "BCa"),
            interval("two means", (skewed, shifted), lambda a, b: a.mean() - b.mean(), "BCa"),
        ],
        "mcNemar": [
            {
                "onlyFirst": b,
                "onlySecond": c,
                "exact": float(mcnemar([[0, b], [c, 0]], exact=True).pvalue),
                "statistic": float(mcnemar([[0, b], [c, 0]], exact=False, correction=True).statistic),
                "approximate": float(mcnemar([[0, b], [c, 0]], exact=False, correction=True).pvalue),
            }
            for b, c in discordant
        ],
    },
)

# betacal's own tolerance leaves four digits; the same fit gone on has the others.
beta_calibration.LogisticRegression = functools.partial(LogisticRegression, tol=1e-12, solver="newton-cholesky", max_iter=500)
cases = []
for name, distorted in [
    ("too bold", lambda p: p**2 / (p**2 + (1 - p) ** 2)),
    ("too shy", lambda p: 0.3 + 0.4 * p),
    ("one-sided", lambda p: p**3),
    ("turned round", lambda p: 1 - p),
    ("right tail", lambda p: 1 - (1 - p) ** 4),
]:
    truth = random.uniform(0.02, 0.98, 300)
    given = distorted(truth).round(4)
    drawn = (random.uniform(size=300) < truth).astype(int)
    weighted = random.integers(0, 3, 300).astype(float)
    grid = numpy.linspace(0.01, 0.99, 25)
    fits = [BetaCalibration("abm").fit(given.reshape(-1, 1), drawn, w) for w in (None, weighted)]
    cases.append({
        "name": name,
        "probabilities": given.tolist(),
        "labels": drawn.tolist(),
        "weights": weighted.tolist(),
        "grid": grid.tolist(),
        "plain": fits[0].predict(grid.reshape(-1, 1)).tolist(),
        "weighted": fits[1].predict(grid.reshape(-1, 1)).tolist(),
        "coefficients": [float(value) for value in fits[0].calibrator_.map_[:2]],
    })
write(
    "selection/golden/beta-calibration.json",
    "betacal BetaCalibration(abm), its logistic regression gone on to 1e-12",
    ["betacal", "scikit-learn", "numpy"],
    {"beta calibration": "calibration"},
    {"cases": cases},
)


class Given(RegressorMixin, BaseEstimator):
    """Predicts a column that it is given."""

    def __init__(self, column=0):
        self.column = column

    def fit(self, x, y):
        self.is_fitted_ = True
        return self

    def predict(self, x):
        return x[:, self.column]


class GivenClasses(ClassifierMixin, BaseEstimator):
    def fit(self, x, y):
        self.classes_ = numpy.arange(x.shape[1])
        return self

    def predict_proba(self, x):
        return x

    def predict(self, x):
        return x.argmax(1)


class NoLot(numpy.random.RandomState):
    """Adaptive sets without drawing by lot."""

    def uniform(self, low=0.0, high=1.0, size=None):
        return numpy.zeros(size)


n, later_n = 80, 20
predicted = random.normal(size=n + later_n).round(4)
spread = random.uniform(0.3, 2, n + later_n).round(4)
amount = (predicted + spread * random.normal(size=n + later_n)).round(4)
columns = numpy.stack([predicted - spread, predicted + 0.8 * spread, predicted], 1)
known, later = slice(0, n), slice(n, None)
intervals = []
for confidence in (0.5, 0.9, 0.95):
    plain = SplitConformalRegressor(Given(2).fit(columns, amount), confidence_level=confidence, prefit=True)
    plain.conformalize(columns[known], amount[known])
    quantiles = ConformalizedQuantileRegressor(
        [Given(0).fit(columns, amount), Given(1).fit(columns, amount), Given(2).fit(columns, amount)],
        confidence_level=confidence, prefit=True,
    )
    quantiles.conformalize(columns[known], amount[known])
    intervals.append({
        "confidence": confidence,
        "plain": plain.predict_interval(columns[later])[1][:, :, 0].tolist(),
        "quantiles": quantiles.predict_interval(columns[later], symmetric_correction=True)[1][:, :, 0].tolist(),
    })
strengths = random.dirichlet([0.8, 0.8, 0.5, 0.3], n + later_n)
chances = strengths / strengths.sum(1, keepdims=True)
own = numpy.array([random.choice(4, p=0.7 * row + 0.3 / 4) for row in chances])
sets = []
for confidence in (0.6, 0.8, 0.9):
    for method in ("lac", "aps"):
        model = SplitConformalClassifier(
            GivenClasses().fit(chances, own), confidence_level=confidence, conformity_score=method, prefit=True,
            random_state=NoLot(),
        )
        model.conformalize(chances[known], own[known])
        params = {"include_last_label": False} if method == "aps" else None
        sets.append({
            "confidence": confidence,
            "method": method,
            "sets": model.predict_set(chances[later], conformity_score_params=params)[1][:, :, 0].astype(int).tolist(),
        })
write(
    "selection/golden/conformal.json",
    "MAPIE SplitConformalRegressor, ConformalizedQuantileRegressor (symmetric), SplitConformalClassifier (lac; aps without its lot)",
    ["MAPIE", "scikit-learn", "numpy"],
    {
        "split conformal intervals": "conformal-prediction",
        "conformalised quantiles": "conformal-prediction",
        "conformal sets of classes": "conformal-prediction",
    },
    {
        "known": n,
        "low": columns[:, 0].tolist(),
        "high": columns[:, 1].tolist(),
        "predicted": predicted.tolist(),
        "amounts": amount.tolist(),
        "intervals": intervals,
        "chances": chances.tolist(),
        "classes": own.tolist(),
        "sets": sets,
    },
)

x = random.normal(size=(60, 6)).round(4)
y = (x @ [2, -1, 0.5, 0, 0, 0] + 2 * random.normal(size=60)).round(4)
grid = GridSearchCV(
    Ridge(solver="cholesky"),
    {"alpha": [0.1, 1.0, 10.0, 30.0, 100.0], "fit_intercept": [True]},
    scoring="neg_mean_squared_error",
    cv=PredefinedSplit(numpy.arange(60) % 4),
).fit(x, y)
write(
    "selection/golden/search.json",
    "scikit-learn GridSearchCV of Ridge",
    ["scikit-learn", "numpy"],
    {"grid search": "search"},
    {
        "x": x.tolist(),
        "y": y.tolist(),
        "penalties": [float(p) for p in grid.cv_results_["param_alpha"]],
        "errors": [(-grid.cv_results_[f"split{fold}_test_score"]).tolist() for fold in range(4)],
        "means": (-grid.cv_results_["mean_test_score"]).tolist(),
        "best": float(grid.best_params_["alpha"]),
    },
)

likely = random.dirichlet([1, 1, 1], 90)
likely = likely / likely.sum(1, keepdims=True)
kinds = numpy.array([random.choice(3, p=row) for row in likely])
given = random.integers(0, 3, 90).astype(float)


def several(weight):
    return {
        "logLoss": log_loss(kinds, likely, sample_weight=weight),
        "brier": brier_score_loss(kinds, likely, sample_weight=weight),
        "rocAuc": roc_auc_score(kinds, likely, multi_class="ovr", average="macro", sample_weight=weight),
    }


write(
    "metrics/golden/class-probabilities.json",
    "scikit-learn log_loss, brier_score_loss, roc_auc_score(ovr, macro)",
    ["scikit-learn", "numpy"],
    {"probabilities of classes": "class-agreement"},
    {
        "probabilities": likely.tolist(),
        "actual": kinds.tolist(),
        "weights": given.tolist(),
        "plain": several(None),
        "weighted": several(given),
    },
)
