"""How many clusters data have, if any, by the other side's rules: a null without clusters, valleys, and resampling."""

import multiprocessing
import os

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata
from sklearn import config_context
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.pairwise import euclidean_distances
from threadpoolctl import threadpool_limits

COUNTS = range(2, 9)
SAMPLE_ROWS, TARGET_ROWS, NULL_DRAWS, STARTS, JUDGED_STARTS, RESAMPLES = 1500, 400, 39, 3, 10, 10
LEVEL, STABILITY_MIN, PARTED_MIN, BLUR = 0.05, 0.6, 0.5, 0.2


def fit(data, clusters, seed, starts):
    return KMeans(clusters, n_init=starts, random_state=seed, copy_x=False).fit(data)


def indices(data, distances, labels, clusters):
    """Silhouette of the first rows (as many as `distances` has), Davies-Bouldin and Calinski-Harabasz."""
    members = np.eye(clusters)[labels]
    sizes = members.sum(0)
    rows = np.arange(len(distances))
    own = labels[rows]
    sums = distances @ members
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    outside = means.min(1)
    silhouettes = np.where(sizes[own] == 1, 0, (outside - inside) / np.maximum(inside, outside))
    centers = members.T @ data / sizes[:, None]
    squares = ((data - centers[labels]) ** 2).sum(1)
    spread = np.bincount(labels, np.sqrt(squares)) / sizes
    gaps = euclidean_distances(centers)
    np.fill_diagonal(gaps, np.inf)
    davies_bouldin = ((spread[:, None] + spread) / gaps).max(1).mean()
    between = (sizes * ((centers - data.mean(0)) ** 2).sum(1)).sum()
    calinski_harabasz = between / (clusters - 1) / (squares.sum() / (len(data) - clusters))
    return silhouettes.mean(), davies_bouldin, calinski_harabasz


def leads(data, seed):
    """`[counts × 3]` the indices at each number of clusters."""
    distances = euclidean_distances(data[:TARGET_ROWS], data)
    return [indices(data, distances, fit(data, clusters, seed + clusters, STARTS).labels_, clusters) for clusters in COUNTS]


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
    for peak in np.unique(np.floor(np.linspace(0, len(distinct) - 1, min(17, len(distinct))) + 0.5).astype(int)):
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


def copula_of(sample):
    """The lower Cholesky factor of the correlations of normal scores; a constant column correlates with nothing."""
    scores = ndtri((rankdata(sample, axis=0) - 0.5) / len(sample))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlations = np.nan_to_num(np.corrcoef(scores.T))
    np.fill_diagonal(correlations, 1)
    shrink = 1e-9
    while True:
        try:
            return np.linalg.cholesky(correlations * (1 - shrink) + shrink * np.eye(len(correlations)))
        except np.linalg.LinAlgError:
            shrink *= 10


def null_leads(margins, factor, rows, seed):
    random = np.random.default_rng(seed)
    probabilities = ndtr(random.standard_normal((rows, len(margins))) @ factor.T)
    drawn = [quantiles(margin, probabilities[:, column]) for column, margin in enumerate(margins)]
    return leads(np.column_stack(drawn), seed)


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
    return np.mean(agreements), np.std(agreements, ddof=1) / np.sqrt(resamples), overlaps


def candidate(data, clusters, seed):
    labels = fit(data, clusters, seed + clusters, JUDGED_STARTS).labels_
    agreement, error, _ = stability(data, labels, clusters, 1000 + clusters, STARTS, RESAMPLES)
    return labels, (*indices(data, euclidean_distances(data), labels, clusters), agreement, error)


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


def share_behind_valleys(data, labels, clusters):
    """The share of clusters that a valley parts from their nearest neighbour."""
    means = np.array([data[labels == cluster].mean(0) for cluster in range(clusters)])
    between = euclidean_distances(means)
    np.fill_diagonal(between, np.inf)
    behind = 0
    for cluster, other in enumerate(between.argmin(1)):
        first, second = sorted((cluster, int(other)))
        random = np.random.default_rng(first * clusters + second)
        line = data[(labels == cluster) | (labels == other)] @ (means[second] - means[first])
        line = line + BLUR * line.std() * random.standard_normal(len(line))
        behind += one_peak_p(line, random, int(np.ceil(2 / LEVEL)) - 1) <= LEVEL
    return behind / clusters


def spread_over_cores(tasks):
    """Runs (function, arguments) on all cores, in copies of this process: nothing is started or sent but results."""
    # One thread each, set before the copies are made, so that no pool of threads is copied in the middle of its work. Fits
    # of some hundred rows are so short that checks of their input would tell.
    settings = config_context(assume_finite=True, skip_parameter_validation=True)
    with settings, threadpool_limits(1), multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        waiting = [pool.apply_async(function, arguments) for function, arguments in tasks]
        return [one.get() for one in waiting]


def choose_k(data, seed):
    random = np.random.default_rng(seed)
    sample = data[random.permutation(len(data))[:SAMPLE_ROWS]]
    if len(np.unique(sample, axis=0)) < 10 * COUNTS[-1]:
        return {"k": None, "because": "too-few-rows", "rows": len(sample)}
    margins = [unimodal(column) for column in sample.T]
    factor = copula_of(sample)
    # The longest first, so that both cores end together.
    tasks = [(candidate, (sample, clusters, seed)) for clusters in reversed(COUNTS)]
    tasks += [(leads, (sample, seed))]
    tasks += [(null_leads, (margins, factor, len(sample), 100 + draw)) for draw in range(NULL_DRAWS)]
    done = spread_over_cores(tasks)
    candidates, all_leads = done[: len(COUNTS)][::-1], np.array(done[len(COUNTS) :])
    silhouettes = all_leads[:, :, 0]
    spread = silhouettes.std(0, ddof=1)
    largest = ((silhouettes - silhouettes.mean(0)) / np.where(spread > 0, spread, np.inf)).max(1)
    p = float((largest >= largest[0]).mean())
    seen = np.array([numbers for _, numbers in candidates])
    null = all_leads[1:].mean(0)
    merits = np.column_stack([seen[:, 0] - null[:, 0], null[:, 1] / seen[:, 1], seen[:, 2] / null[:, 2]])
    ranks = (merits[None, :, :] > merits[:, None, :]).sum((1, 2))
    # A stability counts as another only by more than two standard errors of the difference.
    ranks += (seen[None, :, 3] - seen[:, None, 3] > 2 * np.hypot(seen[None, :, 4], seen[:, None, 4])).sum(1)
    best = int(ranks.argmin())
    labels, clusters = candidates[best][0], COUNTS[best]
    because = None
    if p > LEVEL:
        because = "like-the-null"
    elif seen[best, 3] < STABILITY_MIN:
        because = "unstable"
    elif share_behind_valleys(sample, labels, clusters) < PARTED_MIN:
        because = "no-valley"
    named = lambda column: {clusters: float(value) for clusters, value in zip(COUNTS, column, strict=True)}
    return {
        "k": None if because else clusters,
        "because": because,
        "best": clusters,
        "rows": len(sample),
        "p": p,
        "silhouettes": named(seen[:, 0]),
        "davies_bouldin": named(seen[:, 1]),
        "calinski_harabasz": named(seen[:, 2]),
        "stability": named(seen[:, 3]),
        "null_silhouettes": named(null[:, 0]),
    }
