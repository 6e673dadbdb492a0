"""RFM scores and segments, and groups looked for among customers by their habits, with NumPy, SciPy and scikit-learn."""

import numpy as np
import polars as pl
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from choose_k import choose_k, fit, stability
from habits import read_habits
from keep import keep
from orders import TIMEZONE

RFM_RULES = (
    ("Champions", (5, 5), (5, 5), (5, 5)),
    ("Potential Loyalist", (3, 5), (3, 5), (2, 5)),
    ("Loyal Customers", (2, 4), (2, 4), (2, 4)),
    ("Promising", (3, 4), (1, 3), (3, 5)),
    ("New Customers", (4, 5), (1, 3), (1, 5)),
    ("Can't Lose Them", (1, 2), (3, 4), (4, 5)),
    ("At Risk", (1, 2), (2, 5), (4, 5)),
    ("Need Attention", (1, 3), (3, 5), (3, 5)),
    ("About To Sleep", (2, 3), (1, 3), (1, 4)),
    ("Lost", (1, 1), (1, 5), (1, 5)),
)
# Groups are looked for among customers of whom at least this much is known.
RELIABILITY_MIN = 0.5
STABILITY_ROWS_MAX = 5000


def rfm_segments(lines, as_of, folder):
    """Customers of each segment; keeps members and what describes each segment."""
    day = pl.from_epoch(pl.lit(as_of), time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone(TIMEZONE).dt.date()
    buyers = (
        lines.lazy()
        .filter((pl.col("kind") == "sale") & pl.col("customer_id").is_not_null())
        .group_by("customer_id")
        .agg(
            recency=(day - pl.col("occurred_at").max().dt.convert_time_zone(TIMEZONE).dt.date()).dt.total_days(),
            orders=pl.col("order_id").n_unique(),
            spent=pl.col("amount_micros").sum() / 1e6,
        )
        .sort("customer_id")
        .collect()
    )

    def score(values):
        edges = np.quantile(values, [0.2, 0.4, 0.6, 0.8]) + 1
        return np.searchsorted(edges, values, side="right") + 1

    recency = 6 - score(buyers["recency"].to_numpy())
    frequency = score(buyers["orders"].to_numpy())
    money = score(buyers["spent"].to_numpy())
    inside = lambda values, ends: (values >= ends[0]) & (values <= ends[1])
    matches = [inside(recency, r) & inside(frequency, f) & inside(money, m) for _, r, f, m in RFM_RULES]
    names = np.array([name for name, *_ in RFM_RULES] + ["Others"])
    segment = np.select(matches, range(len(RFM_RULES)), default=len(RFM_RULES))
    scored = buyers.with_columns(
        recency_score=recency, frequency_score=frequency, money_score=money, segment=names[segment]
    )
    described = scored.group_by("segment").agg(pl.len(), pl.col("recency", "orders", "spent").mean(), revenue=pl.col("spent").sum())
    heatmap = scored.group_by("recency_score", "frequency_score").agg(pl.len(), pl.col("spent").mean())
    rules = {name: rule for name, *rule in RFM_RULES}
    members = scored.select("customer_id", "segment")
    keep(folder, "rfm", {"members.parquet": members, "segments.parquet": described, "heatmap.parquet": heatmap, "rules.json": rules})
    return {name: int(count) for name, count in zip(names, np.bincount(segment, minlength=len(names)), strict=True)}


def discover_segments(lines, features, as_of, folder, seed=1):
    """How many groups of alike customers there are, if any, and who is in which."""
    customers, coordinates, reliability = read_habits(lines, as_of)
    known = np.flatnonzero(reliability >= RELIABILITY_MIN)
    data = coordinates[known]
    with threadpool_limits(1):
        choice = choose_k(data, seed)
    result = {"columns": coordinates.shape[1], "known": len(known), **choice}
    clusters = choice["k"]
    if clusters is None:
        keep(folder, "discovered", {"verdict.json": choice})
        return data, result
    model = KMeans(clusters, n_init=10, random_state=seed).fit(data)
    sample = data[np.sort(np.random.default_rng(7).permutation(len(data))[:STABILITY_ROWS_MAX])]
    again = fit(sample, clusters, seed, 3)
    *_, overlaps = stability(sample, again.labels_, clusters, 11, 3, 10)
    nearest = again.predict(model.cluster_centers_)
    # Everybody else by the nearest centre; the other side asks a mixture of what was seen of them instead.
    labels = model.predict(coordinates)
    distances = np.sqrt(((coordinates - model.cluster_centers_[labels]) ** 2).sum(1))
    plane = PCA(2).fit(data).transform(coordinates)
    numbers = features.filter(pl.col("customer_id").is_in(customers.implode())).select(pl.col(pl.Float64)).to_numpy()
    profile = [np.nanmean(numbers[labels == cluster], 0).tolist() for cluster in range(clusters)]
    members = pl.DataFrame(
        {"customer_id": customers, "cluster": labels, "distance": distances, "x": plane[:, 0], "y": plane[:, 1]}
    )
    facts = {"choice": choice, "centers": model.cluster_centers_.tolist(), "overlaps": overlaps[nearest].tolist(), "profile": profile}
    keep(folder, "discovered", {"members.parquet": members, "model.json": facts})
    return data, {**result, "sizes": sorted(np.bincount(labels).tolist(), reverse=True)}
