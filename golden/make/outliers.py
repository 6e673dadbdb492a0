"""Golden values of outliers: scipy's spreads, scikit-learn's IsolationForest with its trees.

Run from the repository root: python golden/make/outliers.py
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy import stats
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

random = numpy.random.default_rng(8)
holes = numpy.column_stack(
    [random.normal(50, 9, 61), random.gamma(1, 40, 61), random.poisson(0.4, 61).astype(float)]
).round(3)
holes[random.uniform(size=holes.shape) < 0.1] = numpy.nan
low, high = numpy.nanpercentile(holes, [25, 75], axis=0)
median = numpy.nanmedian(holes, axis=0)
deviation = stats.median_abs_deviation(holes, axis=0, nan_policy="omit", scale="normal")

# Two clouds and scattered rows; sixty-fourths, which single precision holds exactly as the trees see them.
rows = 600
cloud = random.integers(0, 2, rows)[:, None] * 6 + random.normal(size=(rows, 3)) * [1, 1.5, 0.5]
outlier = numpy.zeros(rows, int)
outlier[:30] = 1
cloud[:30] = random.uniform(-8, 14, size=(30, 3))
data = (numpy.round(cloud * 64) / 64).astype(numpy.float32)


def tree_of(estimator):
    """Nodes in scikit-learn's order, a left child after its parent; in a leaf the length of the path to it."""
    tree = estimator.tree_
    depth = tree.compute_node_depths() - 1

    def path(n):
        if n <= 1:
            return 0.0
        return 1.0 if n == 2 else 2 * (numpy.log(n - 1) + numpy.euler_gamma) - 2 * (n - 1) / n

    leaf = tree.children_left < 0
    assert all(tree.children_left[node] == node + 1 for node in numpy.flatnonzero(~leaf))
    bounds = [
        float(depth[node] + path(tree.n_node_samples[node])) if leaf[node] else float(tree.threshold[node])
        for node in range(tree.node_count)
    ]
    return {
        "asked": numpy.where(leaf, -1, tree.feature).tolist(),
        "bounds": bounds,
        "right": numpy.where(leaf, 0, tree.children_right).tolist(),
    }


small = IsolationForest(n_estimators=12, max_samples=64, random_state=3).fit(data)
areas = [
    roc_auc_score(outlier, -IsolationForest(random_state=seed).fit(data).score_samples(data)) for seed in range(20)
]
large = -IsolationForest(n_estimators=600, random_state=1).fit(data).score_samples(data)
golden = {
    "made_by": "golden/make/outliers.py",
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": numpy.__version__},
    "program": "numpy percentile, scipy median_abs_deviation, scikit-learn IsolationForest",
    "methods": {"fences": "outliers", "isolation forest": "outliers"},
    "holes": [[None if numpy.isnan(value) else value for value in row] for row in holes],
    "iqr": [(low - 1.5 * (high - low)).tolist(), (high + 1.5 * (high - low)).tolist()],
    "mad": [(median - 3.5 * deviation).tolist(), (median + 3.5 * deviation).tolist()],
    "data": data.tolist(),
    "outlier": outlier.tolist(),
    "trees": [tree_of(estimator) for estimator in small.estimators_],
    "scores": (-small.score_samples(data)).tolist(),
    "areas": areas,
    "largeScores": large.tolist(),
}
Path("packages/learn/src/outliers/golden/outliers.json").write_text(json.dumps(golden) + "\n")
