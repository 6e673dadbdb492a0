"""Golden values of preparation: scikit-learn's transformers.

Run from the repository root: python golden/make/preparation.py
"""

import json
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

random = numpy.random.default_rng(3)
rows = 41
data = numpy.column_stack(
    [
        random.normal(1000, 3, rows).round(2),
        random.gamma(0.5, 30, rows).round(1),
        random.integers(-3, 4, rows).astype(float),
        numpy.full(rows, 4.5),
    ]
)
holes = data.copy()
holes[random.uniform(size=data.shape) < 0.15] = numpy.nan
later = data[:6] * 1.3 - 2


def tidy(values):
    return [[None if numpy.isnan(value) else value for value in row] for row in numpy.asarray(values, float)]


def both(transformer):
    transformer.fit(holes)
    return {"training": tidy(transformer.transform(holes)), "later": tidy(transformer.transform(later))}


words = random.choice(["red", "green", "blue", "Red", ""], size=rows, p=[0.4, 0.3, 0.2, 0.06, 0.04]).tolist()
target = random.integers(0, 2, rows)
encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(numpy.array(words, object)[:, None])
rare = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=4, sparse_output=False)
rare.fit(numpy.array(words, object)[:, None])
asked = ["red", "violet", "Red", ""]
means = TargetEncoder(smooth=5.0, target_type="continuous").fit(numpy.array(words, object)[:, None], target)
golden = {
    "made_by": "golden/make/preparation.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__},
    "program": "scikit-learn transformers with NaN kept",
    "methods": {
        "scaling": "scaling",
        "Yeo-Johnson power": "scaling",
        "quantile reshaping": "scaling",
        "imputation": "imputation",
        "one-hot codes": "encoding",
        "target encoding": "encoding",
    },
    "data": tidy(holes),
    "later": tidy(later),
    "standard": both(StandardScaler()),
    "robust": both(RobustScaler()),
    "min-max": both(MinMaxScaler()),
    "yeo-johnson": both(PowerTransformer(standardize=False)),
    "uniform": both(QuantileTransformer(n_quantiles=20, subsample=None)),
    "normal": both(QuantileTransformer(n_quantiles=20, subsample=None, output_distribution="normal")),
    "mean": both(SimpleImputer(strategy="mean", add_indicator=True)),
    "median": both(SimpleImputer(strategy="median", add_indicator=True)),
    "most-frequent": both(SimpleImputer(strategy="most_frequent", add_indicator=True)),
    "words": words,
    "asked": asked,
    "target": target.tolist(),
    "categories": encoder.categories_[0].tolist(),
    "oneHot": encoder.transform(numpy.array(asked, object)[:, None]).tolist(),
    "oneHotRare": rare.transform(numpy.array(asked, object)[:, None]).tolist(),
    "targetMeans": means.transform(numpy.array(asked, object)[:, None])[:, 0].tolist(),
}
Path("packages/learn/src/preparation/golden/preparation.json").write_text(json.dumps(golden) + "\n")
