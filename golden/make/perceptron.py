"""Golden values of the multi-layer perceptron: loss, gradient and Adam steps of scikit-learn's, from the same weights.

Run from the repository root: python golden/make/perceptron.py
"""

import json
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer
from sklearn.preprocessing import LabelBinarizer

warnings.simplefilter("ignore")
random = numpy.random.default_rng(53)
rows, columns, rate, steps = 20, 3, 0.01, 25
x = random.normal(size=(rows, columns)).round(3)
weights = random.uniform(0.2, 3, size=rows).round(3)
label = numpy.arange(rows) % 3
amount = (x[:, 0] - x[:, 1] ** 2).round(3)


def joined(coefficients, intercepts):
    return [value for pair in zip(coefficients, intercepts) for part in pair for value in part.ravel().tolist()]


def case(name, model, target, hidden, activation, penalty, given):
    model = model(hidden_layer_sizes=hidden, activation=activation, alpha=penalty, max_iter=1, batch_size=rows, random_state=0)
    model.fit(x, target)
    classes = isinstance(model, MLPClassifier)
    wanted = LabelBinarizer().fit_transform(target).astype(float) if classes else target.reshape(-1, 1)
    sizes = [columns, *hidden, wanted.shape[1]]
    start = joined(model.coefs_, model.intercepts_)

    def slopes():
        activations = [x] + [None] * len(model.coefs_)
        deltas = [None] * len(model.coefs_)
        for layer in range(len(model.coefs_)):
            activations[layer + 1] = numpy.empty((rows, sizes[layer + 1]))
        return model._backprop(
            x, wanted, given, activations, deltas, [None] * len(model.coefs_), [None] * len(model.coefs_)
        )

    loss, coefficients, intercepts = slopes()
    gradient = joined(coefficients, intercepts)
    parameters = model.coefs_ + model.intercepts_
    adam = AdamOptimizer(parameters, rate)
    for _ in range(steps):
        _, coefficients, intercepts = slopes()
        adam.update_params(parameters, coefficients + intercepts)
    return {
        "name": name,
        "sizes": sizes,
        "activation": activation,
        "task": "classes" if classes else "amounts",
        "penalty": penalty,
        "targets": target.tolist(),
        "weighted": given is not None,
        "parameters": start,
        "loss": float(loss),
        "gradient": gradient,
        "later": joined(model.coefs_, model.intercepts_),
    }


golden = {
    "made_by": "golden/make/perceptron.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__},
    "program": "scikit-learn MLPClassifier, MLPRegressor (_backprop), AdamOptimizer",
    "methods": {"multi-layer perceptron": "perceptron"},
    "x": x.tolist(),
    "weights": weights.tolist(),
    "learningRate": rate,
    "steps": steps,
    "cases": [
        case("classes, tanh, two layers", MLPClassifier, label, (5, 4), "tanh", 0.3, None),
        case("classes, relu, weights", MLPClassifier, label, (6,), "relu", 0.01, weights),
        case("amounts, relu, two layers", MLPRegressor, amount, (5, 4), "relu", 0.1, None),
        case("amounts, tanh, weights", MLPRegressor, amount, (4,), "tanh", 0, weights),
    ],
}
Path("packages/learn/src/neural/golden/perceptron.json").write_text(json.dumps(golden) + "\n")
