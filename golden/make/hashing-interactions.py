"""Golden values of feature hashing and interactions: scikit-learn's FeatureHasher and PolynomialFeatures.

Run from the repository root: python golden/make/hashing-interactions.py
"""

import json
from pathlib import Path

import numpy
import sklearn
from sklearn.feature_extraction import FeatureHasher
from sklearn.preprocessing import PolynomialFeatures
from sklearn.utils import murmurhash3_32

words = ["", "a", "ab", "abc", "abcd", "abcde", "city=Rome", "Zürich", "東京", "😀 smile", "x" * 257]
rows = [
    ["city=Rome", "plan=pro", "city=Rome"],
    [],
    ["Zürich", "東京", "😀"],
    [f"product {number}" for number in range(40)],
]
pairs = [[("orders", 3.0), ("spend", -2.5), ("orders", 1.0)], [("city=Rome", 1.0)]]
hashed = []
for columns in (1, 7, 16, 1024):
    for signed in (True, False):
        of_words = FeatureHasher(columns, input_type="string", alternate_sign=signed).transform(rows)
        of_pairs = FeatureHasher(columns, input_type="pair", alternate_sign=signed).transform(pairs)
        entries = [sorted([int(row), int(column), float(m[row, column])] for row, column in zip(*m.nonzero())) for m in (of_words, of_pairs)]
        hashed.append({"columns": columns, "signed": signed, "words": entries[0], "pairs": entries[1]})

random = numpy.random.default_rng(2)
data = random.normal(size=(5, 4)).round(3)
products = []
for degree in (2, 3):
    for distinct in (True, False):
        features = PolynomialFeatures(degree, interaction_only=distinct, include_bias=False)
        products.append({"degree": degree, "distinct": distinct, "values": features.fit_transform(data).tolist()})
golden = {
    "made_by": "golden/make/hashing-interactions.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__},
    "program": "scikit-learn murmurhash3_32, FeatureHasher and PolynomialFeatures",
    "methods": {"feature hashing": "hashing-interactions", "interactions": "hashing-interactions"},
    "hashes": [[word, seed, int(murmurhash3_32(word, seed=seed))] for word in words for seed in (0, 42)],
    "rows": rows,
    "pairs": pairs,
    "hashed": hashed,
    "data": data.tolist(),
    "products": products,
}
path = Path("packages/learn/src/preparation/golden/hashing-interactions.json")
path.write_text(json.dumps(golden, ensure_ascii=False) + "\n")
