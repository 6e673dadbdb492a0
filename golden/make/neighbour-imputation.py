"""Golden values of imputation by neighbours: scikit-learn's KNNImputer.

Run from the repository root: python golden/make/neighbour-imputation.py
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.impute import KNNImputer
from sklearn.preprocessing import StandardScaler

random = numpy.random.default_rng(12)
rows = 60
base = random.normal(size=rows)
data = numpy.column_stack(
    [
        10 * base + random.normal(0, 3, rows),
        random.gamma(2, 5, rows) * (1 + 0.2 * base),
        0.01 * base + random.normal(0, 0.004, rows),
        random.uniform(-1, 1, rows),
    ]
).round(5)
holes = data.copy()
holes[random.uniform(size=data.shape) < 0.2] = numpy.nan
holes[:, 3] = data[:, 3]  # complete in training, with holes later
later = random.permutation(data * 1.1 + 0.003)[:12]
later[random.uniform(size=later.shape) < 0.4] = numpy.nan
later[0] = numpy.nan  # shares no column with any donor
later[1] = [numpy.nan, numpy.nan, 0.01, numpy.nan]


def tidy(values):
    return [[None if numpy.isnan(value) else value for value in row] for row in numpy.asarray(values, float)]


def distance(one, other, *, missing_values=numpy.nan):
    """scikit-learn's nan_euclidean, from differences: its own sums of squares and products lose half of the digits."""
    differences = (one - other)[~numpy.isnan(one - other)]
    if differences.size == 0:
        return numpy.nan
    return numpy.sqrt(numpy.sum(differences**2) * one.size / differences.size)


fits = []
for neighbours in (1, 5, 100):
    for voice in ("equal", "distance"):
        for scale in ("none", "standard"):
            scaler = StandardScaler().fit(holes)
            change = scaler.transform if scale == "standard" else (lambda values: values)
            back = scaler.inverse_transform if scale == "standard" else (lambda values: values)
            weights = "uniform" if voice == "equal" else "distance"
            imputer = KNNImputer(n_neighbors=neighbours, weights=weights, metric=distance).fit(change(holes))
            usual = KNNImputer(n_neighbors=neighbours, weights=weights).fit(change(holes))
            numpy.testing.assert_allclose(imputer.transform(change(later)), usual.transform(change(later)), rtol=1e-5)
            fits.append(
                {
                    "neighbours": neighbours,
                    "voice": voice,
                    "scale": scale,
                    "training": tidy(back(imputer.transform(change(holes)))),
                    "later": tidy(back(imputer.transform(change(later)))),
                }
            )
golden = {
    "made_by": "golden/make/neighbour-imputation.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "program": "scikit-learn KNNImputer, after StandardScaler where scale is standard",
    "methods": {"imputation by neighbours": "imputation"},
    "data": tidy(holes),
    "laterData": tidy(later),
    "fits": fits,
}
path = Path("packages/learn/src/preparation/golden/neighbour-imputation.json")
path.write_text(json.dumps(golden) + "\n")
