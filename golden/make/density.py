"""Reference values for DBSCAN and HDBSCAN in packages/learn/src/clustering, from scikit-learn.

Run with scikit-learn installed: python golden/make/density.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.datasets import make_moons
from sklearn.neighbors import NearestNeighbors

target = pathlib.Path(__file__).parents[2] / "packages/learn/src/clustering/golden"
header = {
    "program": "scikit-learn",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "made_by": "golden/make/density.py",
}


def dbscan(name, radius, neighbours, data, weights=None):
    model = DBSCAN(eps=radius, min_samples=neighbours).fit(data, sample_weight=weights)
    return {
        "data": name,
        "radius": radius,
        "neighboursMin": neighbours,
        "weights": None if weights is None else weights.tolist(),
        "labels": model.labels_.tolist(),
        "cores": model.core_sample_indices_.tolist(),
    }


def hdbscan(name, data, size, neighbours, selection):
    method = {"most-stable": "eom", "leaves": "leaf"}[selection]

    def fit(rows):
        model = HDBSCAN(min_cluster_size=size, min_samples=neighbours, cluster_selection_method=method, copy=True)
        model.fit(rows)
        return model.labels_, model.probabilities_.round(12)

    labels, strengths = fit(data)
    # Edges at a row's core distance are tied, and which comes first depends on the order of the rows. A row is settled
    # when it is with the same rows, as firmly, in whichever order they come.
    settled = numpy.ones(len(data), bool)
    random = numpy.random.default_rng(44)
    for _ in range(30):
        order = random.permutation(len(data))
        other = numpy.empty_like(labels)
        other_strengths = numpy.empty_like(strengths)
        other[order], other_strengths[order] = fit(data[order])
        for label in set(other) - {-1}:
            rows = other == label
            settled[rows] &= labels[rows] == numpy.bincount(labels[rows] + 1).argmax() - 1
        settled &= ((labels < 0) == (other < 0)) & (strengths == other_strengths)
    distances, _ = NearestNeighbors(n_neighbors=neighbours).fit(data).kneighbors(data)
    return {
        "data": name,
        "sizeMin": size,
        "neighboursMin": neighbours,
        "selection": selection,
        "labels": labels.tolist(),
        "strengths": strengths.tolist(),
        "settled": settled.astype(int).tolist(),
        "cores": distances[:, -1].round(12).tolist(),
    }


def data_sets():
    random = numpy.random.default_rng(41)
    moons, _ = make_moons(250, noise=0.08, random_state=5)
    # Four blobs of unequal density in five columns, among noise; on a grid of 0.1, so that rows and distances repeat.
    centres = random.uniform(-4, 4, size=(4, 5))
    spreads = numpy.array([0.3, 0.5, 0.5, 0.9])
    own = random.integers(4, size=240)
    blobs = centres[own] + spreads[own, None] * random.normal(size=(240, 5))
    noise = random.uniform(-6, 6, size=(60, 5))
    return {"moons": moons.round(5), "blobs": numpy.vstack([blobs, noise]).round(1)}


def main():
    sets = data_sets()
    weights = numpy.random.default_rng(42).exponential(size=300).round(3) + 0.01
    fits = [
        dbscan("moons", 0.2, 5, sets["moons"]),
        dbscan("moons", 0.12, 4, sets["moons"]),
        dbscan("moons", 0.25, 12, sets["moons"]),
        dbscan("blobs", 0.95, 5, sets["blobs"]),
        dbscan("blobs", 1.25, 10, sets["blobs"]),
        dbscan("blobs", 1.25, 6, sets["blobs"], weights),
        dbscan("blobs", 0.05, 3, sets["blobs"]),
    ]
    # Rows of weight 0: a third of them.
    some = numpy.random.default_rng(45)
    fits.append(dbscan("moons", 0.2, 4, sets["moons"], some.exponential(size=250).round(3) * (some.random(250) > 1 / 3)))
    for fit in fits:
        print(fit["data"], fit["radius"], "clusters", max(fit["labels"]) + 1, "noise", fit["labels"].count(-1))
    (target / "dbscan.json").write_text(
        json.dumps({**header, "methods": {"DBSCAN": "dbscan"}, "data": {name: rows.tolist() for name, rows in sets.items()}, "fits": fits})
    )

    random = numpy.random.default_rng(43)
    spreads = numpy.repeat([0.2, 0.6, 1.2], [70, 90, 90])[:, None]
    centres = numpy.repeat([[0, 0, 0], [5, 0, 1], [0, 7, -2]], [70, 90, 90], axis=0)
    unlike = numpy.vstack([centres + spreads * random.normal(size=(250, 3)), random.uniform(-6, 12, size=(50, 3))])
    sets = {"moons": sets["moons"], "unlike": unlike.round(6)}
    fits = [
        hdbscan(name, sets[name], size, neighbours, selection)
        for name in sets
        for size, neighbours in ((5, 5), (10, 4), (25, 10), (15, 1))
        for selection in ("most-stable", "leaves")
    ]
    for fit in fits:
        print(fit["data"], fit["sizeMin"], fit["selection"], max(fit["labels"]) + 1, "noise", fit["labels"].count(-1), "unsettled", fit["settled"].count(0))
    (target / "hdbscan.json").write_text(
        json.dumps({**header, "methods": {"HDBSCAN": "hdbscan"}, "data": {name: rows.tolist() for name, rows in sets.items()}, "fits": fits})
    )


main()
