"""The Python side of main-job.mjs: the analysis of one order file, stage by stage.

    python main-job.py ORDERS.parquet FOLDER [--checks]

Prints one JSON document: seconds, processor seconds and peak memory of each stage, what came out, and versions.
"""

import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path

# Threads that wait without spinning, so that two pools do not fight over the same cores.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "main-job"))
os.environ["PYTHONPATH"] = sys.path[0]
warnings.filterwarnings("ignore")


def busy_seconds():
    """Processor seconds of this process and its children, running ones included."""
    ticks, pages = 0, 0
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rsplit(") ", 1)[1].split()
            except OSError:
                continue
            parents[int(entry)] = (int(fields[1]), sum(map(int, fields[11:15])))
    wanted = {os.getpid()}
    grown = True
    while grown:
        more = {pid for pid, (parent, _) in parents.items() if parent in wanted} - wanted
        wanted |= more
        grown = bool(more)
    ticks = sum(parents[pid][1] for pid in wanted if pid in parents)
    return ticks / os.sysconf("SC_CLK_TCK")


def clusterings(data):
    """Lloyd's rounds to their end on the coordinates that groups are looked for in, from the same rows on both sides."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    def ended(clusters):
        start = data[[row * len(data) // clusters for row in range(clusters)]]
        return KMeans(clusters, init=start, n_init=1, tol=0).fit(data)

    models = {clusters: ended(clusters) for clusters in range(2, 9)}
    return {
        "rows": len(data),
        "columns": data.shape[1],
        "scatter": ((data - data.mean(0)) ** 2).sum(),
        "inertias": {clusters: model.inertia_ for clusters, model in models.items()},
        "silhouettes": {clusters: silhouette_score(data, model.labels_) for clusters, model in models.items()},
    }


def main(path, folder):
    stages = []

    def stage(name, run):
        started, busy = time.perf_counter(), busy_seconds()
        result = run()
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        stages.append(
            {
                "stage": name,
                "seconds": time.perf_counter() - started,
                "cpu": busy_seconds() - busy,
                "rss": rss,
            }
        )
        return result

    def libraries():
        from features import compute_features
        from keep import keep
        from lapse import predict_lapse
        from lifetime import predict_lifetime
        from orders import import_orders
        from recommendations import recommend
        from segments import discover_segments, rfm_segments

        return import_orders, compute_features, keep, rfm_segments, discover_segments, predict_lapse, predict_lifetime, recommend

    made = stage("start", libraries)
    import_orders, compute_features, keep, rfm_segments, discover_segments, predict_lapse, predict_lifetime, recommend = made
    outputs = {}
    lines, outputs["import"] = stage("import", lambda: import_orders(path, folder))
    # A second after the last order, as the other side has it.
    as_of = int(lines["occurred_at"].max().timestamp() * 1000) + 1000

    def features_kept():
        table = compute_features(lines, as_of)
        keep(folder, "features", {"features.parquet": table, "features.json": {"as_of": as_of, "columns": table.columns}})
        return table

    features = stage("features", features_kept)
    outputs["features"] = {
        name: features[name].sum() for name in features.columns if features[name].dtype.is_numeric() and name != "customer_id"
    }
    outputs["rfm"] = stage("RFM", lambda: rfm_segments(lines, as_of, folder))
    data, outputs["groups"] = stage("groups", lambda: discover_segments(lines, features, as_of, folder))
    outputs["lapse"] = stage("lapse", lambda: predict_lapse(lines, as_of, folder))
    outputs["lifetime"] = stage("lifetime value", lambda: predict_lifetime(lines, as_of, folder))
    outputs["recommendations"] = stage("recommendations", lambda: recommend(lines, as_of, folder))
    if "--checks" in sys.argv:
        outputs["checks"] = clusterings(data)
    import implicit, lightgbm, numpy, polars, scipy, sklearn

    versions = {m.__name__: m.__version__ for m in (polars, numpy, scipy, sklearn, lightgbm, implicit)}
    plain = lambda value: value.item() if hasattr(value, "item") else str(value)
    print(json.dumps({"stages": stages, "outputs": outputs, "versions": versions}, default=plain))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
