"""How good probabilities are: discrimination with its interval, calibration, lift, and the curves of a report."""

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_curve

Z = 1.959963984540054


def auc_interval(probabilities, labels):
    """DeLong's interval, by mid-ranks."""
    ranks = rankdata(probabilities)
    above = (ranks[labels == 1] - rankdata(probabilities[labels == 1])) / (labels == 0).sum()
    below = (ranks[labels == 0] - rankdata(probabilities[labels == 0])) / (labels == 1).sum()
    error = np.sqrt(above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below))
    value = above.mean()
    return value, max(0.0, value - Z * error), min(1.0, value + Z * error)


def average_precision(probabilities, labels):
    order = np.argsort(-probabilities, kind="stable")
    sorted_ = probabilities[order]
    ends = np.append(np.flatnonzero(np.diff(sorted_)), len(sorted_) - 1)
    found = np.cumsum(labels[order])[ends]
    return (np.diff(found, prepend=0) * found / (ends + 1)).sum() / found[-1]


def gains(probabilities, labels, shares):
    """The share of lapses among the highest-scored; equal scores count in part."""
    values, where = np.unique(-probabilities, return_inverse=True)
    sizes = np.bincount(where, minlength=len(values))
    found = np.bincount(where, labels, minlength=len(values))
    reached = np.append(0, np.cumsum(sizes)) / len(labels)
    return np.interp(shares, reached, np.append(0, np.cumsum(found)) / found.sum())


def calibration(probabilities, labels, bins=10):
    edges = np.quantile(probabilities, np.linspace(0, 1, bins + 1))
    where = np.searchsorted(edges[1:-1], probabilities)
    count = np.bincount(where, minlength=bins)
    held = count > 0
    n, seen = count[held], np.bincount(where, labels, minlength=bins)[held] / count[held]
    middle = (seen + Z**2 / 2 / n) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * np.sqrt(seen * (1 - seen) / n + Z**2 / 4 / n**2)
    predicted = np.bincount(where, probabilities, minlength=bins)[held] / n
    return np.column_stack([predicted, seen, middle - half, middle + half, n]).tolist()


def judge(probabilities, labels):
    auc, low, high = auc_interval(probabilities, labels)
    chance = np.clip(probabilities, 1e-15, 1 - 1e-15)
    said = probabilities >= 0.5
    hits = (said & (labels == 1)).sum()
    shares = np.arange(1, 21) / 20
    false_positive, true_positive, _ = roc_curve(labels, probabilities, drop_intermediate=False)
    places = np.unique(np.round(np.linspace(0, len(false_positive) - 1, min(200, len(false_positive)))).astype(int))
    return {
        "auc": auc,
        "auc_interval": [low, high],
        "pr_auc": average_precision(probabilities, labels),
        "log_loss": -np.log(np.where(labels == 1, chance, 1 - chance)).mean(),
        "brier": ((probabilities - labels) ** 2).mean(),
        "lift": gains(probabilities, labels, [0.1])[0] / 0.1,
        "precision": hits / said.sum() if said.any() else None,
        "recall": hits / labels.sum(),
        "f1": 2 * hits / (said.sum() + labels.sum()),
        "roc": [false_positive[places].tolist(), true_positive[places].tolist()],
        "calibration": calibration(probabilities, labels),
        "gain": gains(probabilities, labels, shares).tolist(),
    }
