"""Golden values of principal components, truncated SVD and non-negative factorization: scikit-learn.

Run from the repository root: python golden/make/factorization.py
"""

import json
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.decomposition import NMF, PCA, TruncatedSVD

random = numpy.random.default_rng(43)
rows, columns = 30, 7
x = (random.normal(size=(rows, 3)) @ random.normal(size=(3, columns)) + 0.3 * random.normal(size=(rows, columns))).round(3)
x[:, 6] = (50 * x[:, 6] + 1000).round(2)
wide = random.normal(size=(5, 9)).round(3)
counts = (random.gamma(0.3, 1, size=(40, 4)) @ random.gamma(0.3, 1, size=(4, 15)) * 3).round() * (
    random.uniform(size=(40, 15)) < 0.6
)
later = (random.gamma(0.3, 1, size=(6, 4)) @ random.gamma(0.3, 1, size=(4, 15)) * 3).round()


def components(data, count):
    model = PCA(n_components=count, svd_solver="full").fit(data)
    return {
        "means": model.mean_.tolist(),
        "components": model.components_.tolist(),
        "variances": model.explained_variance_.tolist(),
        "varianceShares": model.explained_variance_ratio_.tolist(),
        "scores": model.transform(data)[:5].tolist(),
    }


svd = TruncatedSVD(n_components=4, algorithm="arpack", tol=0).fit(counts)
warnings.simplefilter("ignore")


def factors(count, tolerance, rounds):
    model = NMF(n_components=count, init="nndsvda", tol=tolerance, max_iter=rounds, random_state=0).fit(counts)
    return {"components": count, "error": float(model.reconstruction_err_), "rounds": model.n_iter_}


exact = NMF(n_components=3, init="nndsvda", tol=1e-10, max_iter=20_000, random_state=0).fit(counts)
golden = {
    "made_by": "golden/make/factorization.py",
    "versions": {"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__},
    "program": "scikit-learn PCA(full), TruncatedSVD(arpack), NMF(nndsvda)",
    "methods": {
        "principal components": "pca",
        "truncated SVD": "truncated-svd",
        "non-negative matrix factorization": "nmf",
    },
    "x": x.tolist(),
    "wide": wide.tolist(),
    "counts": counts.tolist(),
    "later": later.tolist(),
    "pca": components(x, 5),
    "pcaWide": components(wide, 4),
    "svd": {
        "components": svd.components_.tolist(),
        "singularValues": svd.singular_values_.tolist(),
        "varianceShares": svd.explained_variance_ratio_.tolist(),
    },
    "nmf": [factors(count, 1e-4, 200) for count in (2, 4, 6)],
    "nmfExact": {"components": exact.components_.tolist(), "error": float(exact.reconstruction_err_), "later": exact.transform(later).tolist()},
}
Path("packages/learn/src/factorization/golden/factorization.json").write_text(json.dumps(golden) + "\n")
