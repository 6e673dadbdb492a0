"""Golden values of naive Bayes and nearest neighbours: scikit-learn.

Run from the repository root: python golden/make/bayes-neighbours.py
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

random = numpy.random.default_rng(47)
rows, columns = 60, 4
label = random.integers(0, 3, size=rows)
x = (random.normal(size=(rows, columns)) + label[:, None] * [1, 0, -0.5, 0]).round(3)
x[:, 3] = (100 * x[:, 3] + 1000).round(1)
counts = random.poisson(numpy.array([[1, 0.2, 2, 0.5, 0.1], [0.3, 1, 0.3, 1, 0.1], [0.5, 0.5, 1, 2, 0.1]])[label]).astype(float)
later = (random.normal(size=(10, columns)) * [1, 1, 1, 100] + [0, 0, 0, 1000]).round(3)
weights = random.uniform(0.1, 3, size=rows).round(3)
amounts = (x[:, 0] * 2 + random.normal(size=rows)).round(3)
later_counts = random.poisson(1, size=(10, 5)).astype(float)


def bayes(model, data, new):
    plain = model.fit(data, label).predict_proba(new).tolist()
    weighted = model.fit(data, label, sample_weight=weights).predict_proba(new).tolist()
    return {"plain": plain, "weighted": weighted}


def neighbours(k, voice):
    # Scaled by hand, so that both sides see the same distances.
    scale = numpy.array([1, 1, 1, 100])
    classes = KNeighborsClassifier(k, weights=voice, algorithm="brute").fit(x / scale, label)
    mean = KNeighborsRegressor(k, weights=voice, algorithm="brute").fit(x / scale, amounts)
    return {
        "neighbours": k,
        "voice": "equal" if voice == "uniform" else "distance",
        "classes": classes.predict_proba(later / scale).tolist(),
        "amounts": mean.predict(later / scale).tolist(),
    }


versions = {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__}
head = {"made_by": "golden/make/bayes-neighbours.py", "versions": versions, "x": x.tolist(), "later": later.tolist(), "label": label.tolist()}
Path("packages/learn/src/bayes/golden/bayes.json").write_text(
    json.dumps(
        head
        | {
            "program": "scikit-learn GaussianNB, MultinomialNB, BernoulliNB",
            "methods": {
                "Gaussian naive Bayes": "naive-bayes",
                "multinomial naive Bayes": "naive-bayes",
                "Bernoulli naive Bayes": "naive-bayes",
            },
            "counts": counts.tolist(),
            "laterCounts": later_counts.tolist(),
            "weights": weights.tolist(),
            "gaussian": bayes(GaussianNB(), x, later),
            "multinomial": bayes(MultinomialNB(alpha=0.5), counts, later_counts),
            "bernoulli": bayes(BernoulliNB(alpha=0.5), counts, later_counts),
            "priors": GaussianNB(priors=[0.2, 0.5, 0.3]).fit(x, label).predict_proba(later).tolist(),
        }
    )
    + "\n"
)
Path("packages/learn/src/neighbours/golden/neighbours.json").write_text(
    json.dumps(
        head
        | {
            "program": "scikit-learn KNeighborsClassifier, KNeighborsRegressor (brute)",
            "methods": {"nearest neighbours": "nearest-neighbours"},
            "amounts": amounts.tolist(),
            "fits": [neighbours(k, voice) for k in (1, 5, 12) for voice in ("uniform", "distance")],
        }
    )
    + "\n"
)
