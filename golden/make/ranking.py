"""Golden values of LambdaMART: LightGBM's lambdarank.

Slopes are read off one tree that is grown as far as it goes, from given scores: each leaf's value is minus the sum of its
rows' gradients by the sum of their hessians, which is its weight. Quality is that of 100 trees on queries made by
formula, the same in the test.

Run from the repository root: python golden/make/ranking.py
"""

import json
from pathlib import Path

import lightgbm
import numpy

random = numpy.random.default_rng(3)
sizes = [1, 2, 5, 12, 40, 60]
n = sum(sizes)
relevance = random.integers(0, 5, n)
relevance[3:8] = 2  # a query in which every document is as good as another
scores = numpy.round(random.normal(size=n), 2)
weights = numpy.round(0.5 + random.random(n), 2)
order = numpy.argsort(random.random(n)).astype(float)


def slopes(positions, weighted):
    data = lightgbm.Dataset(
        order[:, None],
        label=relevance,
        group=sizes,
        init_score=scores,
        weight=weights if weighted else None,
        params={"min_data_in_bin": 1, "max_bin": 255, "verbose": -1},
    )
    params = {
        "objective": "lambdarank",
        "lambdarank_truncation_level": positions,
        "num_leaves": n,
        "min_data_in_leaf": 1,
        "min_sum_hessian_in_leaf": 1e-3,
        "learning_rate": 1,
        "num_threads": 1,
        "verbose": -1,
    }
    booster = lightgbm.train(params, data, num_boost_round=1)
    leaf = booster.predict(order[:, None], pred_leaf=True).ravel().astype(int)
    nodes = booster.trees_to_dataframe()
    leaves = nodes[nodes.left_child.isna()]
    by_leaf = {int(index.split("-L")[1]): row for index, row in zip(leaves.node_index, leaves.itertuples())}
    return {
        "positions": positions,
        "weighted": weighted,
        "leaf": leaf.tolist(),
        "values": [by_leaf[at].value for at in range(len(by_leaf))],
        "hessians": [by_leaf[at].weight for at in range(len(by_leaf))],
    }


def h32(x):
    x = numpy.asarray(x, dtype=numpy.uint32).copy()
    with numpy.errstate(over="ignore"):
        x ^= x >> numpy.uint32(16)
        x *= numpy.uint32(0x7FEB352D)
        x ^= x >> numpy.uint32(15)
        x *= numpy.uint32(0x846CA68B)
        x ^= x >> numpy.uint32(16)
    return x


def uniform(stream, count):
    key = h32(numpy.array([(stream + 0x9E3779B9) & 0xFFFFFFFF], dtype=numpy.uint32))[0]
    return (h32(h32(numpy.arange(count, dtype=numpy.uint32)) ^ key).astype(float) + 0.5) / 2**32


def quality():
    """450 queries of 20 documents with 8 columns: relevance by fifths of a noisy score with an interaction."""
    queries, documents, columns = 450, 20, 8
    x = uniform(1, queries * documents * columns).reshape(-1, columns)
    score = 2 * x[:, 0] + x[:, 1] * x[:, 2] * 3 + numpy.abs(x[:, 3] - 0.5) * 2 + uniform(2, len(x)) * 1.5
    grade = numpy.floor(uniform(3, len(x)) * 0.8 + numpy.clip((score - 1.5) * 1.5, 0, 4)).astype(int).clip(0, 4)
    train = 300 * documents
    data = lightgbm.Dataset(x[:train], label=grade[:train], group=[documents] * 300)
    params = {"objective": "lambdarank", "num_threads": 1, "verbose": -1, "deterministic": True}
    booster = lightgbm.train(params, data, num_boost_round=100)
    predicted = booster.predict(x[train:])
    discounts = 1 / numpy.log2(numpy.arange(2, 12))

    def ndcg(row):
        own = slice(row * documents, (row + 1) * documents)
        gains = 2.0 ** grade[train:][own] - 1
        ranked = gains[numpy.argsort(-predicted[own], kind="stable")][:10]
        return (ranked * discounts).sum() / (numpy.sort(gains)[::-1][:10] * discounts).sum()

    counts = numpy.bincount(grade, minlength=5).tolist()
    return {"ndcg10": float(numpy.mean([ndcg(row) for row in range(150)])), "grades": counts}


result = {
    "program": "LightGBM lambdarank",
    "versions": {"lightgbm": lightgbm.__version__, "numpy": numpy.__version__},
    "made_by": "golden/make/ranking.py",
    "methods": {"LambdaMART": "lambda-mart"},
    "sizes": sizes,
    "relevance": relevance.tolist(),
    "scores": scores.tolist(),
    "weights": weights.tolist(),
    "slopes": [slopes(30, False), slopes(5, False), slopes(30, True)],
    "quality": quality(),
}
Path("packages/learn/src/trees/golden/ranking.json").write_text(json.dumps(result) + "\n")
