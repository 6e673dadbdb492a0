"""Reference values for Gaussian mixtures in packages/learn/src/clustering, from scikit-learn.

Run with scikit-learn installed: python golden/make/gaussian-mixture.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture

target = pathlib.Path(__file__).parents[2] / "packages/learn/src/clustering/golden"
kinds = {"full": "full", "tied": "tied", "diag": "diagonal", "spherical": "spherical"}


class FromLabels(GaussianMixture):
    """A mixture that begins from given labels, as it does from those of its own k-means."""

    def start(self, labels):
        self._labels = labels
        return self

    def _initialize_parameters(self, X, random_state, **_):
        self._initialize(X, numpy.eye(self.n_components)[self._labels])


def fit(name, data, labels, kind, tolerance, rounds, ridge):
    clusters = int(labels.max()) + 1
    model = FromLabels(
        clusters, covariance_type=kind, tol=tolerance, max_iter=rounds, reg_covar=ridge, n_init=1
    ).start(labels)
    model.fit(data)
    some = data[::20]
    return {
        "data": name,
        "covariance": kinds[kind],
        "clusters": clusters,
        "initial": labels.tolist(),
        "tolerance": tolerance,
        "roundsMax": rounds,
        "regularisation": ridge,
        "shares": model.weights_.tolist(),
        "means": model.means_.tolist(),
        "covariances": numpy.asarray(model.covariances_).reshape(model.covariances_.shape[0], -1).tolist()
        if kind != "tied"
        else model.covariances_.ravel().tolist(),
        "logLikelihood": model.score(data) * len(data),
        "bic": model.bic(data),
        "rounds": model.n_iter_,
        "isConverged": bool(model.converged_),
        "logDensities": model.score_samples(some).tolist(),
        "probabilities": model.predict_proba(some).tolist(),
    }


def main():
    random = numpy.random.default_rng(51)
    # Two crossing ellipsoids and a wide ball that overlaps both, off the origin.
    long = random.normal(size=(90, 3)) * [3, 0.4, 1]
    across = random.normal(size=(60, 3)) @ numpy.array([[0.5, 0.3, 0], [0, 2.5, 0.8], [0, 0, 0.6]])
    ball = random.normal(size=(50, 3)) * 2 + [4, 4, 0]
    crossing = (numpy.vstack([long, across, ball]) + [100, -20, 3]).round(4)
    sets = {"crossing": crossing, "iris": load_iris().data}
    fits = []
    for name, data in sets.items():
        for clusters in (1, 3) if name == "iris" else (2, 4):
            labels = KMeans(clusters, n_init=1, random_state=1).fit_predict(data)
            for kind in kinds:
                fits.append(fit(name, data, labels, kind, 1e-3, 100, 1e-6))
                if clusters == 4:
                    fits.append(fit(name, data, labels, kind, 1e-9, 2000, 1e-2))
    fits.append(fit("crossing", crossing, numpy.arange(200) % 3, "full", 1e-9, 3, 1e-6))
    for item in fits:
        print(item["data"], item["clusters"], item["covariance"], item["rounds"], item["isConverged"], item["bic"])
    (target / "gaussian-mixture.json").write_text(
        json.dumps(
            {
                "program": "scikit-learn",
                "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
                "made_by": "golden/make/gaussian-mixture.py",
                "methods": {"Gaussian mixture": "gaussian-mixture"},
                "data": {name: data.tolist() for name, data in sets.items()},
                "fits": fits,
            }
        )
    )


main()
