"""The implicit side of recommenders.mjs: reads interactions, fits three times, prints times and quality as JSON."""

import json
import statistics
import sys
import time

import implicit
import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender

folder, items, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def read(name):
    starts = np.fromfile(f"{folder}/{name}-starts.bin", dtype=np.int32)
    columns = np.fromfile(f"{folder}/{name}-items.bin", dtype=np.int32)
    return sp.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(starts) - 1, items))


def timed(make, matrix):
    times = []
    for _ in range(3):
        model = make()
        start = time.perf_counter()
        model.fit(matrix, show_progress=False)
        times.append(time.perf_counter() - start)
    return model, statistics.median(times)


def ndcg(model):
    users = np.arange(2000) * 25
    lists, _ = model.recommend(users, history[users], N=10, filter_already_liked_items=True)
    held = later.indices[users][:, None]  # one item a user
    return float(((lists == held) / np.log2(np.arange(2, 12))).sum(1).mean())


history, later = read("history"), read("heldOut")
confidence = history.copy()
confidence.data[:] = 3  # ours is 1 + 2 · strength
als, als_time = timed(
    lambda: AlternatingLeastSquares(factors=64, regularization=1, iterations=5, num_threads=threads, random_state=1),
    confidence,
)
cosine, cosine_time = timed(lambda: CosineRecommender(K=20, num_threads=threads), history)
print(
    json.dumps(
        {
            "program": f"implicit {implicit.__version__}",
            "als_s": round(als_time, 3),
            "als_ndcg": ndcg(als),
            "cosine_s": round(cosine_time, 3),
            "cosine_ndcg": ndcg(cosine),
        }
    )
)
