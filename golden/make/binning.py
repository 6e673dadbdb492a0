"""Golden values of binning: scikit-learn's KBinsDiscretizer.

Run from the repository root: python golden/make/binning.py
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.cluster import KMeans
from sklearn.preprocessing import KBinsDiscretizer

random = numpy.random.default_rng(5)
rows = 90
data = numpy.column_stack(
    [
        random.normal(0, 1, rows),
        random.exponential(40, rows),  # bins of one width start empty
        random.integers(0, 30, rows).astype(float),
        1e6 + random.uniform(0, 1, rows),
    ]
).round(4)
weights = random.integers(1, 4, rows) / 2
later = numpy.vstack([data[:12], data[:8] * 1.2 - 1, numpy.array([[-1e9] * 4, [1e9] * 4])])


def at_rest(found, column, bins, sample_weight):
    """Edges of k-means run on until nothing moves are the same."""
    outer = numpy.linspace(column.min(), column.max(), bins + 1)
    start = ((outer[1:] + outer[:-1]) / 2)[:, None]
    means = KMeans(bins, init=start, n_init=1, tol=0).fit(column[:, None], sample_weight=sample_weight)
    centres = numpy.sort(means.cluster_centers_[:, 0])
    return numpy.allclose(found, (centres[1:] + centres[:-1]) / 2, rtol=0, atol=1e-9)


fits = []
for method, name in (("uniform", "uniform"), ("quantile", "quantile"), ("kmeans", "k-means")):
    for bins in (2, 5, 7):
        for weighted in (False, True):
            given = weights if weighted else None
            options = {"quantile_method": "averaged_inverted_cdf"} if method == "quantile" else {}
            ordinal = KBinsDiscretizer(bins, encode="ordinal", strategy=method, subsample=None, **options)
            ordinal.fit(data, sample_weight=given)
            one_hot = KBinsDiscretizer(bins, encode="onehot-dense", strategy=method, subsample=None, **options)
            one_hot.fit(data, sample_weight=given)
            edges = [inner[1:-1] for inner in ordinal.bin_edges_]
            if method == "kmeans":
                assert all(at_rest(edges[at], data[:, at], bins, given) for at in range(data.shape[1]))
            fits.append(
                {
                    "method": name,
                    "bins": bins,
                    "weighted": weighted,
                    "edges": [inner.tolist() for inner in edges],
                    "ordinal": ordinal.transform(later).tolist(),
                    "oneHot": one_hot.transform(later).tolist(),
                }
            )
golden = {
    "made_by": "golden/make/binning.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "program": "scikit-learn KBinsDiscretizer without subsampling",
    "methods": {"binning": "binning"},
    "data": data.tolist(),
    "later": later.tolist(),
    "weights": weights.tolist(),
    "fits": fits,
}
Path("packages/learn/src/preparation/golden/binning.json").write_text(json.dumps(golden) + "\n")
