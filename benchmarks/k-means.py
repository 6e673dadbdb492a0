"""The scikit-learn side of k-means.mjs: reads rows, fits five times, prints times and quality as JSON."""

import json
import sys
import time

import numpy
import sklearn
from sklearn.cluster import KMeans

path, columns, clusters = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
data = numpy.fromfile(path).reshape(-1, columns)
times = []
for _ in range(5):
    start = time.perf_counter()
    model = KMeans(clusters, init=data[:clusters], n_init=1, max_iter=20, tol=0, algorithm="lloyd").fit(data)
    times.append(time.perf_counter() - start)
print(
    json.dumps(
        {"version": sklearn.__version__, "times": times, "inertia": model.inertia_, "rounds": int(model.n_iter_)}
    )
)
