"""Reference values for packages/learn/src/clustering, from scikit-learn.

Run with scikit-learn and numpy installed: python golden/make/clustering.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.metrics import (
    adjusted_rand_score,
    calinski_harabasz_score,
    davies_bouldin_score,
    normalized_mutual_info_score,
    silhouette_samples,
    silhouette_score,
)

target = pathlib.Path(__file__).parents[2] / "packages/learn/src/clustering/golden"
header = {
    "program": "scikit-learn",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "made_by": "golden/make/clustering.py",
}

index_names = [
    "silhouette",
    "Davies-Bouldin",
    "Calinski-Harabasz",
    "adjusted Rand index",
    "normalised mutual information",
]


def fit(data, initial, tolerance, weights=None, rounds=300):
    model = KMeans(len(initial), init=initial, n_init=1, tol=tolerance, max_iter=rounds, algorithm="lloyd")
    model.fit(data, sample_weight=weights)
    return {
        "tolerance": tolerance,
        "roundsMax": rounds,
        "initial": initial.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "labels": model.labels_.tolist(),
        "centroids": model.cluster_centers_.tolist(),
        "inertia": model.inertia_,
        "rounds": model.n_iter_,
    }


def main():
    random = numpy.random.default_rng(20)
    # Overlapping blobs off the origin in an odd number of columns: many rounds, near ties.
    centres = random.normal(scale=2, size=(5, 3)) + 50
    data = (centres[random.integers(5, size=400)] + random.normal(size=(400, 3))).round(3)
    fits = [
        fit(data, data[:k].copy(), tolerance, weights, rounds)
        for k in (1, 2, 3, 5, 8)
        for tolerance in (0, 1e-4, 1e-2)
        for weights in (None, random.exponential(size=400).round(3) + 0.001)
        for rounds in (300,)
    ] + [fit(data, data[:5].copy(), 0, None, 3)]
    # Rows of weight 0: a third of them.
    some = numpy.random.default_rng(21)
    fits.append(fit(data, data[:4].copy(), 0, some.exponential(size=400).round(3) * (some.random(400) > 1 / 3)))
    # Two starting centroids that no row is nearest to: they take the farthest rows.
    far = numpy.vstack([data[:3], [[500, 500, 500], [-500, -500, -500]]])
    empty = [fit(data, far, 0), fit(data, far, 0, random.exponential(size=400).round(3) + 0.001)]
    (target / "k-means.json").write_text(
        json.dumps({**header, "methods": {"k-means": "k-means"}, "data": data.tolist(), "fits": fits, "emptyClusters": empty})
    )

    cases = []
    for k in (2, 3, 6):
        labels = KMeans(k, init=data[:k], n_init=1).fit_predict(data)
        labels[:2] = [0, 1]
        cases.append(indices(data, labels))
    lonely = random.integers(3, size=400)
    lonely[lonely == 2] = 1
    lonely[17] = 2  # a cluster of one row: its silhouette is 0 by definition
    cases.append(indices(data, lonely))
    rand = []
    for left, right in ((3, 3), (2, 5), (1, 4), (400, 3)):
        a = random.integers(left, size=400)
        b = numpy.where(random.random(400) < 0.7, a % right, random.integers(right, size=400))
        rand.append({"a": a.tolist(), "b": b.tolist(), "index": adjusted_rand_score(a, b), "mutual": normalized_mutual_info_score(a, b)})
    (target / "cluster-indices.json").write_text(
        json.dumps({**header, "methods": dict.fromkeys(index_names, "cluster-indices"), "data": data.tolist(), "cases": cases, "adjustedRand": rand})
    )

    iris = load_iris().data
    fits = []
    for k in (2, 3, 4, 5):
        model = KMeans(k, n_init=50, random_state=0, tol=0).fit(iris)
        fits.append({"clusters": k, "inertia": model.inertia_, "silhouette": silhouette_score(iris, model.labels_)})
    (target / "iris.json").write_text(json.dumps({**header, "methods": {"k-means": "k-means", "silhouette": "cluster-indices"}, "data": iris.tolist(), "fits": fits}))


def indices(data, labels):
    return {
        "labels": labels.tolist(),
        "silhouette": silhouette_score(data, labels),
        "silhouettes": silhouette_samples(data, labels).tolist(),
        "daviesBouldin": davies_bouldin_score(data, labels),
        "calinskiHarabasz": calinski_harabasz_score(data, labels),
    }


main()
