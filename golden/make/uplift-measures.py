"""Golden values for measures of uplift, from scikit-uplift and causalml.

Writes packages/learn/src/uplift/golden/uplift-measures.json: an experiment of 400 customers with a score full of ties and
one without, outcomes of 0 and 1 and amounts. Needs scikit-uplift and causalml in an environment of their own.
"""

import json
import pathlib
from importlib.metadata import version

import numpy as np
import pandas as pd
from causalml.metrics import auuc_score, qini_score
from sklift.metrics import (
    qini_auc_score,
    qini_curve,
    uplift_at_k,
    uplift_auc_score,
    uplift_by_percentile,
    uplift_curve,
    weighted_average_uplift,
)

target = (
    pathlib.Path(__file__).parents[2]
    / "packages" / "learn" / "src" / "uplift" / "golden" / "uplift-measures.json"
)


def case(score, treated, outcome):
    curve = qini_curve(outcome, score, treated)
    gains = uplift_curve(outcome, score, treated)
    tops = [
        {
            "share": share,
            "strategy": {"overall": "overall", "by_group": "by-arm"}[strategy],
            "value": float(uplift_at_k(outcome, score, treated, strategy=strategy, k=share)),
        }
        for share in (0.1, 0.3, 0.55)
        for strategy in ("overall", "by_group")
    ]
    slices = []
    for strategy in ("overall", "by_group"):
        for bins in (5, 10):
            table = uplift_by_percentile(outcome, score, treated, strategy=strategy, bins=bins, std=True)
            slices.append(
                {
                    "strategy": {"overall": "overall", "by_group": "by-arm"}[strategy],
                    "slices": bins,
                    "treated": [int(v) for v in table["n_treatment"]],
                    "control": [int(v) for v in table["n_control"]],
                    "uplift": [float(v) for v in table["uplift"]],
                    "standardError": [float(v) for v in table["std_uplift"]],
                    "average": float(weighted_average_uplift(outcome, score, treated, strategy=strategy, bins=bins)),
                }
            )
    return {
        "score": [float(v) for v in score],
        "qini": float(qini_auc_score(outcome, score, treated)),
        "qiniWithoutHarm": float(qini_auc_score(outcome, score, treated, negative_effect=False)),
        "auuc": float(uplift_auc_score(outcome, score, treated)),
        "qiniCurve": [[float(a), float(b)] for a, b in zip(*curve)],
        "upliftCurve": [[float(a), float(b)] for a, b in zip(*gains)],
        "tops": tops,
        "slices": slices,
    }


def gains(score, treated, outcome):
    frame = pd.DataFrame({"y": outcome, "w": treated, "score": score})
    return {"auuc": float(auuc_score(frame)["score"]), "qini": float(qini_score(frame)["score"])}


def main():
    rng = np.random.default_rng(5)
    n = 400
    treated = (rng.random(n) < 0.6).astype(int)
    feature = rng.normal(size=n)
    chance = 1 / (1 + np.exp(1 - 0.4 * feature - treated * (0.3 + 0.8 * feature)))
    outcome = (rng.random(n) < chance).astype(int)
    amount = np.round(outcome * rng.gamma(2.0, 20.0, size=n), 2)
    tied = np.round(feature + rng.normal(size=n), 0)
    fine = np.round(feature + 0.5 * rng.normal(size=n), 6)
    assert len(set(fine)) == n
    target.write_text(
        json.dumps(
            {
                "program": "scikit-uplift metrics, causalml auuc_score and qini_score",
                "versions": {"scikit-uplift": version("scikit-uplift"), "causalml": version("causalml")},
                "made_by": "golden/make/uplift-measures.py",
                "methods": dict.fromkeys(
                    ["Qini", "AUUC", "uplift at the top and by slice", "gains of ranked customers"], "uplift-measures"
                ),
                "treated": treated.tolist(),
                "outcomes": outcome.tolist(),
                "amounts": amount.tolist(),
                "cases": {"tied": case(tied, treated, outcome), "fine": case(fine, treated, outcome)},
                "gains": {
                    "binary": gains(fine, treated, outcome),
                    "amounts": gains(fine, treated, amount),
                },
            }
        )
        + "\n"
    )


main()
