"""Golden values of online linear models: scikit-learn's stochastic gradient descent and river's FTRL-Proximal.

Run from the repository root: python golden/make/online.py
"""

import json
from pathlib import Path

import numpy
import river
import sklearn
from river.optim import FTRLProximal
from sklearn.linear_model import SGDClassifier, SGDRegressor

random = numpy.random.default_rng(8)
n, d = 120, 5
x = numpy.round(random.normal(size=(n, d)), 3)
x[random.random((n, d)) < 0.3] = 0
score = x @ numpy.array([1.0, -0.7, 0.4, 0.0, 0.2]) + 0.3
labels = (random.random(n) < 1 / (1 + numpy.exp(-score))).astype(int)
targets = numpy.round(score + 0.5 * random.normal(size=n), 3)
weights = numpy.round(0.5 + random.random(n), 2)


def descent(loss, decay, l2, weighted):
    options = dict(alpha=l2, penalty="l2", learning_rate="invscaling", eta0=0.05, power_t=decay, shuffle=False)
    given = {"sample_weight": weights} if weighted else {}
    if loss == "logistic":
        model = SGDClassifier(loss="log_loss", **options)
        model.partial_fit(x, labels, classes=[0, 1], **given)
    else:
        model = SGDRegressor(loss="squared_error", **options)
        model.partial_fit(x, targets, **given)
    return {
        "loss": loss,
        "method": {"kind": "sgd", "stepSize": 0.05, "decay": decay, "l2": l2},
        "weighted": weighted,
        "coefficients": numpy.ravel(model.coef_).tolist(),
        "intercept": float(model.intercept_[0]),
    }


def leader(loss, l1, l2):
    """river's optimiser, asked for its weights before each row: with a slope of 0 it tells them and learns nothing.

    Weights are given fresh each time, since river leaves a weight as it was where the absolute penalty makes it 0. The
    intercept is a column of ones with an optimiser of its own, without penalties.
    """
    columns = FTRLProximal(alpha=0.2, beta=0.8, l1=l1, l2=l2)
    ones = FTRLProximal(alpha=0.2, beta=0.8, l1=0, l2=0)

    def weights_of(optimiser, names):
        return optimiser._step_with_dict({}, {name: 0.0 for name in names})

    for row in range(n):
        names = [at for at in range(d) if x[row, at] != 0]
        own = weights_of(columns, names)
        intercept = weights_of(ones, [0]).get(0, 0.0)
        predicted = sum(own.get(at, 0.0) * x[row, at] for at in names) + intercept
        slope = 1 / (1 + numpy.exp(-predicted)) - labels[row] if loss == "logistic" else predicted - targets[row]
        columns._step_with_dict({}, {at: slope * x[row, at] for at in names})
        ones._step_with_dict({}, {0: slope})
    own = weights_of(columns, range(d))
    return {
        "loss": loss,
        "method": {"kind": "ftrl", "stepSize": 0.2, "smoothing": 0.8, "l1": l1, "l2": l2},
        "weighted": False,
        "coefficients": [float(own.get(at, 0.0)) for at in range(d)],
        "intercept": float(weights_of(ones, [0]).get(0, 0.0)),
    }


result = {
    "program": "scikit-learn SGDClassifier and SGDRegressor, river FTRLProximal",
    "versions": {"scikit-learn": sklearn.__version__, "river": river.__version__, "numpy": numpy.__version__},
    "made_by": "golden/make/online.py",
    "methods": {"stochastic gradient descent": "online-linear", "FTRL-Proximal": "online-linear"},
    "rows": x.tolist(),
    "labels": labels.tolist(),
    "targets": targets.tolist(),
    "weights": weights.tolist(),
    "fits": [
        descent("logistic", 0.25, 0.01, False),
        descent("logistic", 0.0, 0.0, True),
        descent("squared", 0.5, 0.01, True),
        leader("logistic", 0.0, 0.0),
        leader("logistic", 2.0, 0.5),
        leader("squared", 0.0, 0.1),
    ],
}
Path("packages/learn/src/linear/golden/online.json").write_text(json.dumps(result) + "\n")
