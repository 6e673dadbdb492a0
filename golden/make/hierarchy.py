"""Reference values for agglomerative clustering in packages/learn/src/clustering, from scipy and scikit-learn.

Run with scipy and scikit-learn installed: python golden/make/hierarchy.py
"""

import json
import pathlib

import numpy
import scipy
import sklearn
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage
from sklearn.cluster import AgglomerativeClustering

target = pathlib.Path(__file__).parents[2] / "packages/learn/src/clustering/golden"


def tree(data, method):
    merges = linkage(data, method)
    heights = merges[:, 2]
    height = (heights[-6] + heights[-5]) / 2
    return {
        "linkage": method,
        "nodes": merges[:, :2].astype(int).ravel().tolist(),
        "heights": heights.tolist(),
        "sizes": merges[:, 3].astype(int).tolist(),
        "leaves": leaves_list(merges).tolist(),
        "four": AgglomerativeClustering(4, linkage=method).fit_predict(data).tolist(),
        "height": height,
        "atHeight": fcluster(merges, height, "distance").tolist(),
    }


def main():
    random = numpy.random.default_rng(31)
    # Overlapping blobs of unequal spread in three columns, off the origin: no two distances are equal.
    centres = random.normal(scale=3, size=(5, 3)) + 20
    spreads = numpy.array([0.4, 0.8, 1.0, 1.5, 2.0])
    own = random.integers(5, size=120)
    data = (centres[own] + spreads[own, None] * random.normal(size=(120, 3))).round(6)
    (target / "hierarchy.json").write_text(
        json.dumps(
            {
                "program": "scipy.cluster.hierarchy, scikit-learn (four)",
                "versions": {
                    "scipy": scipy.__version__,
                    "scikit-learn": sklearn.__version__,
                    "numpy": numpy.__version__,
                },
                "made_by": "golden/make/hierarchy.py",
                "methods": {"agglomerative clustering": "agglomerative"},
                "data": data.tolist(),
                "trees": [tree(data, method) for method in ("ward", "average", "complete", "single")],
            }
        )
    )


main()
