"""Reference values for the gap statistic in packages/learn/src/clustering, by its formula around scikit-learn's k-means.

Run with scikit-learn installed: python golden/make/gap.py
Tibshirani, Walther & Hastie 2001, with the reference distribution (a), uniform over each column's range.
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris

target = pathlib.Path(__file__).parents[2] / "packages/learn/src/clustering/golden"
draws = 150


def log_inertias(data, most, starts):
    return [numpy.log(KMeans(k, n_init=starts, random_state=1).fit(data).inertia_) for k in range(1, most + 1)]


def gaps(data, most, random):
    own = numpy.array(log_inertias(data, most, 50))
    lower, upper = data.min(axis=0), data.max(axis=0)
    drawn = numpy.array([log_inertias(random.uniform(lower, upper, size=data.shape), most, 10) for _ in range(draws)])
    return {
        "data": data.tolist(),
        "logInertias": own.tolist(),
        "gaps": (drawn.mean(axis=0) - own).tolist(),
        "deviations": drawn.std(axis=0).tolist(),
        "draws": draws,
    }


def main():
    random = numpy.random.default_rng(71)
    blobs = (numpy.repeat([[0, 0, 0], [5, 1, 0], [0, 4, 3]], 30, axis=0) + random.normal(size=(90, 3))).round(3)
    sets = {"iris": gaps(load_iris().data, 4, random), "blobs": gaps(blobs, 5, random)}
    (target / "gap.json").write_text(
        json.dumps(
            {
                "program": "scikit-learn (k-means), the gap statistic by formula",
                "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
                "made_by": "golden/make/gap.py",
                "methods": {"gap statistic": "cluster-indices"},
                "sets": sets,
            }
        )
    )


main()
