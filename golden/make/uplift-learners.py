"""Golden values for learners of uplift, from causalml, scikit-uplift and EconML.

Writes packages/learn/src/uplift/golden/uplift-learners.json: 240 customers, three columns, chances of treatment that depend on
the first. Base learners have one solution (least squares, logistic regression to full convergence), so that only the learner
is compared. Needs causalml, scikit-uplift and econml in an environment of their own.
"""

import json
import pathlib
from importlib.metadata import version

import numpy as np
from causalml.inference.meta import BaseRRegressor, BaseSRegressor, BaseTClassifier, BaseTRegressor, BaseXRegressor
from econml.dr import DRLearner
from sklearn.base import BaseEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklift.models import ClassTransformation, SoloModel

target = (
    pathlib.Path(__file__).parents[2]
    / "packages" / "learn" / "src" / "uplift" / "golden" / "uplift-learners.json"
)


def chance_of(x):
    return 0.25 + 0.5 / (1 + np.exp(-x[:, 0]))


class KnownChance(BaseEstimator):
    """A propensity model that knows the logged chances, for EconML."""

    def fit(self, x, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, x):
        p = chance_of(x)
        return np.column_stack([1 - p, p])


class ByArm(BaseEstimator):
    """A model of outcomes that is fitted apart for each arm, for EconML: its last column is the treatment."""

    def fit(self, x, y):
        arm = x[:, -1] > 0.5
        self.models = [LinearRegression().fit(x[arm == a, :-1], y[arm == a]) for a in (False, True)]
        return self

    def predict(self, x):
        arm = x[:, -1] > 0.5
        both = [m.predict(x[:, :-1]) for m in self.models]
        return np.where(arm, both[1], both[0])


def folds_of(splits, n):
    fold = np.full(n, -1)
    for at, (_, test) in enumerate(splits):
        fold[test] = at
    return fold


def main():
    rng = np.random.default_rng(11)
    n = 240
    x = np.round(rng.normal(size=(n, 3)), 4)
    p = chance_of(x)
    treated = (rng.random(n) < p).astype(int)
    chance = 1 / (1 + np.exp(0.5 - x[:, 1] - treated * (0.4 + 0.7 * x[:, 2])))
    yes = (rng.random(n) < chance).astype(int)
    amount = np.round(x @ [1.0, 2.0, -1.0] + treated * (1 + x[:, 2]) + rng.normal(size=n), 4)
    logistic = lambda: LogisticRegression(C=1.0, tol=1e-12, max_iter=100000)
    found = {}

    s = BaseSRegressor(LinearRegression())
    found["s"] = s.fit_predict(x, treated, amount)[:, 0]
    t = BaseTRegressor(LinearRegression())
    found["t"] = t.fit_predict(x, treated, amount)[:, 0]
    tc = BaseTClassifier(logistic())
    found["tLogistic"] = tc.fit_predict(x, treated, yes)[:, 0]
    lo = SoloModel(logistic(), method="treatment_interaction").fit(x, yes, treated)
    found["sInteractions"] = lo.predict(x)
    xl = BaseXRegressor(LinearRegression())
    found["x"] = xl.fit_predict(x, treated, amount, p=p)[:, 0]
    r = BaseRRegressor(LinearRegression(), n_fold=4, random_state=3)
    r.fit(x, treated, amount, p=p, verbose=False)
    found["r"] = r.predict(x)[:, 0]
    r_fold = folds_of(StratifiedKFold(4, shuffle=True, random_state=3).split(x, treated), n)
    splits = list(StratifiedKFold(3, shuffle=True, random_state=5).split(x, treated))
    dr = DRLearner(
        model_propensity=KnownChance(), model_regression=ByArm(), model_final=LinearRegression(), cv=splits,
        min_propensity=1e-9,
    )
    dr.fit(amount, treated, X=x)
    found["dr"] = np.ravel(dr.effect(x))
    ct = ClassTransformation(logistic()).fit(x, yes, treated)
    found["classTransformation"] = ct.predict(x)

    target.write_text(
        json.dumps(
            {
                "program": "causalml BaseS-, T-, X- and RRegressor, EconML DRLearner, scikit-uplift SoloModel and ClassTransformation",
                "versions": {name: version(name) for name in ("causalml", "econml", "scikit-uplift")},
                "made_by": "golden/make/uplift-learners.py",
                "methods": {
                    name: "uplift-learners"
                    for name in ("S-learner", "T-learner", "X-learner", "R-learner", "DR-learner", "class transformation")
                },
                "rows": x.tolist(),
                "propensities": p.tolist(),
                "treated": treated.tolist(),
                "outcomes": yes.tolist(),
                "amounts": amount.tolist(),
                "rFolds": r_fold.tolist(),
                "drFolds": folds_of(splits, n).tolist(),
                "uplift": {name: np.asarray(values, dtype=float).tolist() for name, values in found.items()},
            }
        )
        + "\n"
    )


main()
