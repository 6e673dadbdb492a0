"""Reference values for DBSCAN in packages/learn/src/clustering, from scikit-learn.

Run with scikit-learn installed: python golden/make/density.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.cluster import DBSCAN
from sklearn.datasets import make_moons

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
    for fit in fits:
        print(fit["data"], fit["radius"], "clusters", max(fit["labels"]) + 1, "noise", fit["labels"].count(-1))
    (target / "dbscan.json").write_text(
        json.dumps({**header, "data": {name: rows.tolist() for name, rows in sets.items()}, "fits": fits})
    )


main()
