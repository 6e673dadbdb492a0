"""Reference values for item-item similarity and implicit ALS.

Run: python golden/make/recommenders.py
Needs: implicit, numpy, scipy. Writes the golden files of packages/learn/src/{factorization,recommenders}.
"""

import json
import platform
from pathlib import Path

import implicit
import numpy as np
import scipy
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender

root = Path(__file__).resolve().parents[2] / "packages" / "learn" / "src"
header = {
    "program": "implicit",
    "versions": {
        "implicit": implicit.__version__,
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "python": platform.python_version(),
    },
    "made_by": "golden/make/recommenders.py",
}


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**header, **content}) + "\n")


def interactions(rng, users, items, share):
    dense = (rng.random_sample((users, items)) < share) * rng.randint(1, 5, (users, items))
    dense[3] = 0  # a user without history
    dense[:, 7] = 0  # an item that nobody took
    dense[5, 2] = 40  # a heavy hitter
    return sp.csr_matrix(dense.astype(np.float32))


def triplets(matrix):
    coo = matrix.tocoo()
    return {
        "rows": int(coo.shape[0]),
        "columns": int(coo.shape[1]),
        "row": coo.row.tolist(),
        "column": coo.col.tolist(),
        "value": coo.data.tolist(),
    }


def normal_solutions(fixed, confidence, penalties):
    """Rows solved exactly in double precision: (Y'Y + Y'(C - I)Y + penalty) x = Y'C p."""
    dense = confidence.toarray().astype(float)
    solved = np.zeros((dense.shape[0], fixed.shape[1]))
    for row, extra in enumerate(dense):
        if not extra.any():
            continue
        system = fixed.T @ fixed + fixed.T @ (extra[:, None] * fixed) + penalties[row] * np.eye(fixed.shape[1])
        solved[row] = np.linalg.solve(system, fixed.T @ ((1 + extra) * (extra > 0)))
    return solved


def make_als():
    rng = np.random.RandomState(11)
    strengths = interactions(rng, 30, 20, 0.25)
    factors, alpha, penalty, rounds = 6, 2.0, 0.5, 5
    users = np.zeros((30, factors), dtype=np.float32)
    items = (rng.normal(size=(20, factors)) * 0.3).astype(np.float32)
    items[7] = 0
    # implicit takes confidences as they are; ours are 1 + alpha * strength.
    confidence = strengths.copy()
    confidence.data = 1 + alpha * confidence.data
    model = AlternatingLeastSquares(
        factors=factors, regularization=penalty, alpha=1.0, iterations=rounds, num_threads=1, use_cg=True
    )
    model.user_factors, model.item_factors = users.copy(), items.copy()
    model.fit(confidence, show_progress=False)

    extra = strengths * alpha
    exact_users, exact_items = users.astype(float), items.astype(float)
    for _ in range(rounds):
        exact_users = normal_solutions(exact_items, extra, np.full(30, penalty))
        exact_items = normal_solutions(exact_users, extra.T.tocsr(), np.full(20, penalty))
    dense = extra.toarray()
    predicted = exact_users @ exact_items.T
    loss = ((1 + dense) * ((dense > 0) - predicted) ** 2).sum()
    loss += penalty * ((exact_users**2).sum() + (exact_items**2).sum())
    write(
        root / "factorization" / "golden" / "als.json",
        {
            "methods": {"implicit ALS": "als"},
            "interactions": triplets(strengths),
            "factors": factors,
            "confidence": alpha,
            "regularization": penalty,
            "rounds": rounds,
            "startItems": items.ravel().tolist(),
            "conjugateGradient": {
                "users": model.user_factors.ravel().tolist(),
                "items": model.item_factors.ravel().tolist(),
            },
            "closedForm": {
                "users": exact_users.ravel().tolist(),
                "items": exact_items.ravel().tolist(),
                "loss": loss,
            },
        },
    )


def make_item_item():
    rng = np.random.RandomState(5)
    strengths = interactions(rng, 40, 15, 0.3)
    similarity = {}
    for name, model in [
        ("none", CosineRecommender(K=15, num_threads=1)),
        ("tf-idf", TFIDFRecommender(K=15, num_threads=1)),
        ("bm25", BM25Recommender(K=15, num_threads=1)),
    ]:
        # An item that nobody took has length 0; implicit divides by it before it drops the row.
        with np.errstate(invalid="ignore", divide="ignore"):
            model.fit(strengths.astype(np.float64), show_progress=False)
        dense = model.similarity.toarray()
        np.fill_diagonal(dense, 0)  # implicit counts an item as its own neighbour
        similarity[name] = dense.ravel().tolist()
    write(
        root / "recommenders" / "golden" / "item-item.json",
        {
            "methods": {"item-item similarity": "item-item"},
            "interactions": triplets(strengths),
            "similarity": similarity,
        },
    )


make_als()
make_item_item()
