"""The peer's side of one case in a process of its own; see run-ours.mjs.

python run_theirs.py CASE FOLDER RUNS
"""

import json
import os
import sys
import time
from importlib.metadata import version

import numpy
from classifiers import classifier

name, folder, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
data = {
    file.split(".")[0]: numpy.fromfile(os.path.join(folder, file), numpy.int32 if file.endswith(".i32") else float)
    for file in os.listdir(folder)
}


def scikit_learn(name, data):
    """What runs, and what tells how good the result is."""
    from scipy.sparse import csr_matrix
    from sklearn import cluster, decomposition, metrics

    if name in ("svd", "nmf"):
        starts = data["starts"]
        matrix = csr_matrix((data["values"], data["columns"], starts), shape=(len(starts) - 1, 20_000))
        norm = float(numpy.sqrt((data["values"] ** 2).sum()))
        if name == "svd":
            svd = decomposition.TruncatedSVD(20, algorithm="randomized", random_state=0)
            return lambda: svd.fit(matrix), lambda fit: {"energy": float((fit.singular_values_**2).sum()) / norm**2}
        nmf = decomposition.NMF(20, init="nndsvda", solver="cd", max_iter=50, tol=0, random_state=0)
        return lambda: nmf.fit(matrix), lambda fit: {"relative error": float(fit.reconstruction_err_) / norm}
    labels = data.get("labels")
    columns = {"dbscan": 3, "ward": 10}.get(name, 16)
    rows = data["rows"].reshape(-1, columns)
    indices = {
        "silhouette": ("mean", metrics.silhouette_score),
        "davies-bouldin": ("index", metrics.davies_bouldin_score),
        "calinski-harabasz": ("index", metrics.calinski_harabasz_score),
    }
    if name in indices:
        what, score = indices[name]
        return lambda: score(rows, labels), lambda value: {what: float(value)}
    if name == "dbscan":
        return (
            lambda: cluster.DBSCAN(eps=1, min_samples=10, n_jobs=-1).fit(rows),
            lambda fit: {"clusters": int(fit.labels_.max()) + 1, "noise": int((fit.labels_ < 0).sum())},
        )
    if name == "ward":
        return (
            lambda: cluster.AgglomerativeClustering(10).fit(rows),
            lambda fit: {"adjusted Rand": float(metrics.adjusted_rand_score(labels, fit.labels_))},
        )
    raise SystemExit(f"no case {name}")


def lifetimes(data):
    from lifetimes import BetaGeoFitter

    history = [data["frequency"], data["recency"], data["age"]]

    def log_likelihood(fit):
        # What the fitter keeps is of another unit of time.
        weights = numpy.ones(len(data["age"]))
        mean = fit._negative_log_likelihood(numpy.log(fit.params_.to_numpy()), *history, weights, 0)
        return {"log-likelihood": -float(mean) * len(weights)}

    return lambda: BetaGeoFitter(penalizer_coef=0).fit(*history), log_likelihood


def status(field):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":")) / 1024


if name == "bg-nbd":
    package, (run, quality) = "lifetimes", lifetimes(data)
elif name.startswith(("logistic", "forest", "boosting", "batch", "one-row")):
    package, run, quality = classifier(name, data)
else:
    package, (run, quality) = "scikit-learn", scikit_learn(name, data)
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
before = status("VmRSS")
times, megabytes = [], None
for _ in range(runs):
    start = time.perf_counter()
    result = run()
    # A call that measures itself gives its seconds.
    times.append(result if name == "one-row" else time.perf_counter() - start)
    megabytes = status("VmHWM") - before if megabytes is None else megabytes
print(
    json.dumps(
        {
            "times": times,
            "megabytes": megabytes,
            "quality": quality(result),
            "version": f"{package} {version(package)}",
        }
    )
)
