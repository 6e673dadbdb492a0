"""RFM scores and segments, and groups found by k-means, with numpy, SciPy and scikit-learn."""

import numpy as np
import polars as pl
from joblib import Parallel, delayed
from scipy.optimize import isotonic_regression
from scipy.stats import norm, rankdata
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, davies_bouldin_score
from sklearn.metrics.pairwise import euclidean_distances

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
COUNTS = range(2, 9)


def rfm_segments(lines, as_of, folder):
    """Customers of each segment."""
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
    scored.write_parquet(f"{folder}/rfm.parquet")
    return {name: int(count) for name, count in zip(names, np.bincount(segment, minlength=len(names)), strict=True)}


def cluster_data(features):
    """`[customers × columns]` scaled as customers are compared; missing values filled, outliers clipped."""
    orders = features["orders"].to_numpy()
    columns = []
    for name in ("items_per_order", "average_order_value", "orders", "mean_gap_days"):
        values = features[name].to_numpy()
        columns.append(np.log1p(np.maximum(0, np.where(np.isnan(values), np.nanmedian(values), values))))
    for name in ("weekend_share", "morning_share", "evening_share"):
        values = features[name].to_numpy()
        mean = np.nanmean(values)
        columns.append(np.where(np.isnan(values), mean, (values * orders + mean * 3) / (orders + 3)))
    data = np.column_stack(columns)
    return np.clip((data - data.mean(0)) / data.std(0), -3, 3)


def fit(data, clusters, seed, starts):
    return KMeans(clusters, n_init=starts, random_state=seed).fit(data)


def silhouette(distances, labels, clusters, own):
    """Mean silhouette of the rows of `distances` (to all rows), whose labels are `own`."""
    counts = np.bincount(labels, minlength=clusters)
    sums = distances @ np.eye(clusters)[labels]
    rows = np.arange(len(own))
    inside = sums[rows, own] / np.maximum(counts[own] - 1, 1)
    means = sums / counts
    means[rows, own] = np.inf
    outside = means.min(1)
    values = np.where(counts[own] == 1, 0, (outside - inside) / np.maximum(inside, outside))
    return values.mean()


def leads(data, seed):
    distances = euclidean_distances(data[:400], data)
    made = []
    for clusters in COUNTS:
        labels = fit(data, clusters, seed + clusters, 3).labels_
        made.append(silhouette(distances, labels, clusters, labels[:400]))
    return made


def unimodal(values):
    """The unimodal distribution of greatest likelihood: distinct values and their cumulative probability."""
    distinct, counts = np.unique(values, return_counts=True)
    shares = counts / len(values)
    if len(distinct) == 1:
        return distinct, np.ones(1)
    gaps = np.diff(distinct)
    widths = (np.append(gaps[0], gaps) + np.append(gaps, gaps[-1])) / 2
    density = shares / widths
    best, best_likelihood = None, -np.inf
    for peak in np.unique(np.round(np.linspace(0, len(distinct) - 1, min(17, len(distinct)))).astype(int)):
        left = isotonic_regression(density[: peak + 1], weights=widths[: peak + 1]).x
        right = isotonic_regression(density[peak + 1 :], weights=widths[peak + 1 :], increasing=False).x if peak + 1 < len(distinct) else ()
        fitted = np.concatenate([left, right])
        likelihood = shares @ np.log(fitted)
        if likelihood > best_likelihood:
            best, best_likelihood = fitted, likelihood
    cumulative = np.cumsum(best * widths)
    cumulative[-1] = 1
    return distinct, cumulative


def quantiles(margin, probabilities):
    values, cumulative = margin
    return values[np.minimum(np.searchsorted(cumulative, probabilities), len(values) - 1)]


def null_leads(margins, factor, rows, seed):
    random = np.random.default_rng(seed)
    normals = norm.cdf(random.standard_normal((rows, len(margins))) @ factor.T)
    data = np.column_stack([quantiles(margin, normals[:, column]) for column, margin in enumerate(margins)])
    return leads(data, seed)


def stability(data, labels, clusters, seed, starts, resamples):
    random = np.random.default_rng(seed)
    agreements, overlaps = [], np.zeros(clusters)
    for resample in range(resamples):
        rows = random.integers(len(data), size=len(data))
        again = fit(data[rows], clusters, seed + resample, starts).predict(data)
        agreements.append(adjusted_rand_score(labels, again))
        both = np.zeros((clusters, clusters))
        np.add.at(both, (labels, again), 1)
        union = both.sum(1, keepdims=True) + both.sum(0, keepdims=True) - both
        overlaps += (both / union).max(1) / resamples
    return np.mean(agreements), overlaps


def candidate(data, distances, clusters, seed):
    labels = fit(data, clusters, seed + clusters, 3).labels_
    agreement, _ = stability(data, labels, clusters, 1000 + clusters, 3, 10)
    return {
        "k": clusters,
        "silhouette": silhouette(distances, labels, clusters, labels),
        "davies_bouldin": davies_bouldin_score(data, labels),
        "calinski_harabasz": calinski_harabasz_score(data, labels),
        "stability": agreement,
        "labels": labels,
    }


def share_behind_valleys(data, labels, clusters):
    means = np.array([data[labels == cluster].mean(0) for cluster in range(clusters)])
    between = euclidean_distances(means)
    np.fill_diagonal(between, np.inf)
    behind = 0
    for cluster, other in enumerate(between.argmin(1)):
        random = np.random.default_rng(min(cluster, other) * clusters + max(cluster, other))
        line = data[(labels == cluster) | (labels == other)] @ (means[other] - means[cluster])
        line = line + 0.2 * line.std() * random.standard_normal(len(line))
        behind += one_peak_p(line, random, 39) <= 0.05
    return behind / clusters


def one_peak_p(sample, random, draws):
    def distance(values, margin):
        return np.abs(np.searchsorted(np.sort(values), margin[0], side="right") / len(values) - margin[1]).max()

    fitted = unimodal(sample)
    seen = distance(sample, fitted)
    as_far = 1
    for _ in range(draws):
        drawn = quantiles(fitted, random.random(len(sample)))
        as_far += distance(drawn, unimodal(drawn)) >= seen
    return as_far / (draws + 1)


def choose_k(data, seed, run):
    """How many clusters, if any, by the rules of the other side; `run` spreads calls over the cores."""
    random = np.random.default_rng(seed)
    sample = data[random.permutation(len(data))[:1500]]
    margins = [unimodal(column) for column in sample.T]
    scores = norm.ppf((rankdata(sample, axis=0) - 0.5) / len(sample))
    factor = np.linalg.cholesky(np.corrcoef(scores.T) * (1 - 1e-9) + 1e-9 * np.eye(sample.shape[1]))
    distances = euclidean_distances(sample)
    tasks = [delayed(leads)(sample, seed)]
    tasks += [delayed(null_leads)(margins, factor, len(sample), 100 + draw) for draw in range(39)]
    tasks += [delayed(candidate)(sample, distances, clusters, seed) for clusters in COUNTS]
    done = run(tasks)
    all_leads, candidates = np.array(done[:40]), done[40:]
    spread = all_leads.std(0, ddof=1)
    largest = ((all_leads - all_leads.mean(0)) / np.where(spread > 0, spread, np.inf)).max(1)
    p = (largest >= largest[0]).mean()
    for at, one in enumerate(candidates):
        one["null_silhouette"] = all_leads[1:, at].mean()
    table = np.array([[-c["silhouette"], c["davies_bouldin"], -c["calinski_harabasz"], -c["stability"]] for c in candidates])
    best = candidates[(table[:, None, :] > table[None, :, :]).sum((1, 2)).argmin()]
    is_found = p <= 0.05 and best["stability"] >= 0.6 and share_behind_valleys(sample, best["labels"], best["k"]) >= 0.5
    return best["k"] if is_found else None, p, candidates


def discover_segments(features, folder, seed=1):
    data = cluster_data(features)
    with Parallel(n_jobs=-1, max_nbytes=None) as run:
        clusters, p, candidates = choose_k(data, seed, run)
    result = {"k": clusters, "p": p, "silhouettes": {c["k"]: c["silhouette"] for c in candidates}}
    if clusters is None:
        return data, result
    model = fit(data, clusters, seed, 10)
    distances = np.sqrt(((data - model.cluster_centers_[model.labels_]) ** 2).sum(1))
    sample = data[np.random.default_rng(7).permutation(len(data))[:5000]]
    again = fit(sample, clusters, seed, 3)
    _, overlaps = stability(sample, again.labels_, clusters, 11, 3, 10)
    nearest = again.predict(model.cluster_centers_)
    plane = PCA(2).fit_transform(data)
    deviation = features.select(pl.col(pl.Float64)).to_numpy()
    profile = [np.nanmean(deviation[model.labels_ == cluster], 0) for cluster in range(clusters)]
    pl.DataFrame(
        {
            "customer_id": features["customer_id"],
            "cluster": model.labels_,
            "distance": distances,
            "x": plane[:, 0],
            "y": plane[:, 1],
        }
    ).write_parquet(f"{folder}/discovered.parquet")
    spend = np.bincount(model.labels_, features["spend"].to_numpy())
    return data, {
        **result,
        "inertia": model.inertia_,
        "stability": float(overlaps[nearest].mean()),
        "sizes": sorted(np.bincount(model.labels_).tolist(), reverse=True),
        "revenue": sorted(spend.tolist(), reverse=True),
        "profiles": len(profile),
    }
