"""Golden values of the fairness audit, fair thresholds and reweighing: fairlearn, statsmodels and aif360.

Run from the repository root: python golden/make/fairness.py
"""

import json
import warnings
from pathlib import Path

import aif360
import fairlearn
import numpy
import pandas
import statsmodels
from aif360.algorithms.preprocessing import Reweighing
from aif360.datasets import BinaryLabelDataset
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    demographic_parity_ratio,
    equal_opportunity_difference,
    equalized_odds_difference,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from fairlearn.postprocessing import ThresholdOptimizer
from sklearn.base import BaseEstimator
from statsmodels.stats.proportion import confint_proportions_2indep

warnings.filterwarnings("ignore")
versions = {
    "fairlearn": fairlearn.__version__,
    "statsmodels": statsmodels.__version__,
    "aif360": aif360.__version__,
    "numpy": numpy.__version__,
}
random = numpy.random.default_rng(5)


def audit():
    """Three regions by two sexes, with weights; every group has both classes."""
    n = 360
    region = numpy.array(["east", "north", "west"])[random.integers(0, 3, n)]
    sex = numpy.array(["f", "m"])[random.integers(0, 2, n)]
    labels = (random.random(n) < 0.35 + 0.2 * (region == "west") + 0.1 * (sex == "m")).astype(int)
    scores = numpy.round(numpy.clip(0.3 * labels + 0.1 * (sex == "m") + 0.6 * random.random(n), 0, 1), 3)
    weights = numpy.round(0.5 + random.random(n), 2)
    predicted = (scores >= 0.5).astype(int)
    attributes = pandas.DataFrame({"region": region, "sex": sex})
    metrics = {"selection": selection_rate, "truePositive": true_positive_rate, "falsePositive": false_positive_rate}
    found = []
    for names in [["region"], ["sex"], ["region", "sex"]]:
        for weighted in [False, True]:
            extra = {"sample_weight": weights} if weighted else {}
            given = {"sensitive_features": attributes[names], **extra}
            frame = MetricFrame(
                metrics=metrics,
                y_true=labels,
                y_pred=predicted,
                sensitive_features=attributes[names],
                sample_params={name: extra for name in metrics},
            ).by_group
            found.append(
                {
                    "attributes": names,
                    "weighted": weighted,
                    "groups": [
                        {"values": list(key) if isinstance(key, tuple) else [key], **row.to_dict()}
                        for key, row in frame.iterrows()
                    ],
                    "demographicParity": demographic_parity_difference(labels, predicted, **given),
                    "selectionRatio": demographic_parity_ratio(labels, predicted, **given),
                    "equalOpportunity": equal_opportunity_difference(labels, predicted, **given),
                    "equalisedOdds": equalized_odds_difference(labels, predicted, **given),
                }
            )
    counts = [[int(predicted[sex == one].sum()), int((sex == one).sum())] for one in ["f", "m"]]
    (low, few), (high, many) = sorted(counts, key=lambda pair: pair[0] / pair[1])
    difference = confint_proportions_2indep(high, many, low, few, method="newcomb", compare="diff")
    ratio = confint_proportions_2indep(low, few, high, many, method="log-adjusted", compare="ratio")
    return {
        "region": region.tolist(),
        "sex": sex.tolist(),
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "weights": weights.tolist(),
        "groupings": found,
        "sexIntervals": {"demographicParity": list(difference), "selectionRatio": list(ratio)},
    }


class Given(BaseEstimator):
    """A classifier whose scores are the data."""

    def fit(self, x, y):
        self.fitted_ = True
        return self

    def predict(self, x):
        return numpy.asarray(x)[:, 0]


def thresholds():
    """Groups of 50 + 50 and 100 + 100 rows: every rate is on fairlearn's grid, so its optimum is the exact one."""
    groups, labels, scores = [], [], []
    for name, size, shift, spread in [("a", 50, 0.9, 1.0), ("b", 50, 0.5, 1.2), ("c", 100, 1.4, 0.8)]:
        for label in [0, 1]:
            groups += [name] * size
            labels += [label] * size
            scores += numpy.round(shift * label + spread * random.standard_normal(size), 3).tolist()
    scores = numpy.array(scores)
    fits = []
    for constraint in ["demographic_parity", "true_positive_rate_parity", "equalized_odds"]:
        for objective in ["accuracy_score", "balanced_accuracy_score"]:
            if objective != "accuracy_score" and constraint != "equalized_odds":
                continue
            model = ThresholdOptimizer(
                estimator=Given(), constraints=constraint, objective=objective, prefit=True, predict_method="predict"
            )
            model.fit(scores[:, None], labels, sensitive_features=groups)
            chances = model._pmf_predict(scores[:, None], sensitive_features=groups)[:, 1]
            fits.append(
                {
                    "constraint": constraint,
                    "objective": objective,
                    "rate": float(model._x_best),
                    "value": float(model._y_best),
                    "chances": chances.tolist(),
                }
            )
    return {"groups": groups, "labels": labels, "scores": scores.tolist(), "fits": fits}


def reweighing(data):
    frame = pandas.DataFrame(
        {"sex": [1.0 if sex == "m" else 0.0 for sex in data["sex"]], "label": data["labels"], "weight": data["weights"]}
    )
    found = {}
    for weighted in [False, True]:
        dataset = BinaryLabelDataset(
            df=frame[["sex", "label"]] if not weighted else frame,
            label_names=["label"],
            protected_attribute_names=["sex"],
            instance_weights_name="weight" if weighted else None,
        )
        fitted = Reweighing(unprivileged_groups=[{"sex": 0.0}], privileged_groups=[{"sex": 1.0}]).fit_transform(dataset)
        found["weighted" if weighted else "plain"] = fitted.instance_weights.tolist()
    return found


data = audit()
result = {
    "program": "fairlearn MetricFrame and ThresholdOptimizer, statsmodels confint_proportions_2indep, aif360 Reweighing",
    "versions": versions,
    "made_by": "golden/make/fairness.py",
    "methods": {
        "fairness audit": "fairness-audit",
        "intervals of gaps": "fairness-audit",
        "fair thresholds": "fair-thresholds",
        "reweighing": "fair-thresholds",
    },
    "audit": data,
    "thresholds": thresholds(),
    "reweighing": reweighing(data),
}
path = Path("packages/learn/src/fairness/golden/fairness.json")
path.write_text(json.dumps(result) + "\n")
