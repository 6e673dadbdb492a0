"""Lifetime value: MBG/NBD and Gamma-Gamma by maximum likelihood with NumPy and SciPy, hold-out and intervals."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, hyp2f1
from scipy.stats import pearsonr, spearmanr

from keep import keep
from orders import CURRENCY, TIMEZONE

PERIODS, HORIZON_DAYS, DISCOUNT = 12, 365, 1.1 ** (1 / 12) - 1
FIRST_DIFFERS = 1.25


def purchase_days(lines):
    """Customer, day and money, net of what was cancelled the same day; and the share that comes back later."""
    days = (
        lines.lazy()
        .filter(pl.col("customer_id").is_not_null() & (pl.col("kind") != "adjustment"))
        .group_by("customer_id", pl.col("occurred_at").dt.convert_time_zone(TIMEZONE).dt.date().alias("day"))
        .agg(pl.col("amount_micros").sum())
        .with_columns(day=pl.col("day").cast(pl.Int32))
        .sort("customer_id", "day")
        .collect()
    )
    lost = days.filter(pl.col("amount_micros") < 0)["amount_micros"].sum()
    kept = days.filter(pl.col("amount_micros") > 0)
    return kept.with_columns(spend=pl.col("amount_micros") / 1e6), -lost / kept["amount_micros"].sum()


def summaries(days, end, holdout_end=None):
    day, spend = pl.col("day"), pl.col("spend")
    is_repeat = (day > day.min()) & (day <= end)
    later = (day > end) & (day <= (holdout_end or end))
    made = (
        days.lazy()
        .group_by("customer_id", maintain_order=True)
        .agg(
            first=day.min(),
            frequency=is_repeat.sum().cast(pl.Float64),
            recency=(day.filter(day <= end).max() - day.min()) / 7,
            age=(end - day.min()) / 7,
            mean_spend=spend.filter(is_repeat).mean().fill_null(0),
            log_spend=spend.filter(is_repeat).log().mean(),
            first_spend=spend.filter(day == day.min()).first(),
            later=later.sum(),
            later_spend=spend.filter(later).sum(),
        )
        .filter(pl.col("first") <= end)
        .collect()
    )
    seen = {name: made[name].to_numpy() for name in made.columns}
    return {**seen, **spend_of(seen)}


def spend_of(seen):
    """Purchases that spend is learned from, and their mean: the first one too, unless it is of another size."""
    x = seen["frequency"]
    apart = (np.log(seen["first_spend"]) - seen["log_spend"])[x > 0]
    half = 1.959963984540054 * np.sqrt(apart.var(ddof=1) / len(apart))
    low, high = np.exp(apart.mean() - half), np.exp(apart.mean() + half)
    if low > FIRST_DIFFERS or high < 1 / FIRST_DIFFERS:
        return {"spend_count": x, "spend_mean": seen["mean_spend"], "first_to_later": np.exp(apart.mean())}
    mean = (seen["first_spend"] + x * seen["mean_spend"]) / (x + 1)
    return {"spend_count": x + 1, "spend_mean": mean, "first_to_later": np.exp(apart.mean())}


def fit_mbg(seen):
    """Parameters, their covariance in logarithms (None where the likelihood is flat) and the log-likelihood."""
    stacked = np.column_stack([seen["frequency"], seen["recency"], seen["age"]])
    groups, weights = np.unique(stacked, axis=0, return_counts=True)
    frequency, recency, age = groups.T
    counts, where = np.unique(frequency, return_inverse=True)

    def negative(logs):
        r, alpha, a, b = np.exp(logs)
        b1 = b + counts + 1
        level = (gammaln(r + counts) - gammaln(r) + gammaln(b1) - gammaln(a + b1) + gammaln(a + b) - gammaln(b))[where]
        to_end, to_last, shape = alpha + age, alpha + recency, r + frequency
        odds = np.log(a / (b + frequency)) + shape * (np.log(to_end) - np.log(to_last))
        gone = expit(odds)
        alive = 1 - gone
        value = weights @ (level + r * np.log(alpha) - shape * np.log(to_end) + np.logaddexp(0, odds))
        slope_end = digamma(a + b1)
        slope_r = (digamma(r + counts) - digamma(r))[where] + np.log(alpha) - alive * np.log(to_end) - gone * np.log(to_last)
        slope_alpha = r / alpha - shape * (alive / to_end + gone / to_last)
        slope_a = (digamma(a + b) - slope_end)[where] + gone / a
        slope_b = (digamma(b1) - slope_end + digamma(a + b) - digamma(b))[where] - gone / (b + frequency)
        slopes = np.array([weights @ slope for slope in (slope_r, slope_alpha, slope_a, slope_b)])
        return -value / weights.sum(), -slopes * np.exp(logs) / weights.sum()

    scale = (weights @ age) / (weights @ frequency)
    return best_fit(negative, [[0.3, 0.3 * scale, 0.8, 2.5], [1, scale, 0.3, 3]], weights.sum())


def fit_gamma_gamma(seen):
    known = seen["spend_count"] > 0
    x, z = seen["spend_count"][known], seen["spend_mean"][known]

    def negative(logs):
        p, q, v = np.exp(logs)
        px, total = p * x, v + x * z
        value = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v) + (px - 1) * np.log(z) + px * np.log(x)
        value -= (px + q) * np.log(total)
        both = digamma(px + q)
        slope_p = x * (both - digamma(px) + np.log(z) + np.log(x) - np.log(total))
        slope_q = both - digamma(q) + np.log(v) - np.log(total)
        slope_v = q / v - (px + q) / total
        slopes = np.array([slope_p.mean() * p, slope_q.mean() * q, slope_v.mean() * v])
        return -value.mean(), -slopes

    return best_fit(negative, [[6, 4, 2.5 * np.median(z)], [2, 2, np.median(z)]], len(x))


def best_fit(negative, starts, n):
    bounds = [(-30, 30)] * len(starts[0])
    options = {"gtol": 1e-9, "ftol": 1e-15, "maxiter": 500}
    fits = [minimize(negative, np.log(start), jac=True, bounds=bounds, method="L-BFGS-B", options=options) for start in starts]
    best = min(fits, key=lambda fit: fit.fun)
    d = len(best.x)
    hessian = np.empty((d, d))
    for row in range(d):
        step = np.zeros(d)
        step[row] = 1e-4
        hessian[row] = (negative(best.x + step)[1] - negative(best.x - step)[1]) / 2e-4
    hessian = (hessian + hessian.T) / 2 * n
    try:
        np.linalg.cholesky(hessian)
        covariance = np.linalg.inv(hessian)
    except np.linalg.LinAlgError:
        covariance = None
    return np.exp(best.x), covariance, -best.fun * n


def alive(parameters, seen):
    r, alpha, a, b = parameters
    x = seen["frequency"]
    return expit(-(np.log(a / (b + x)) + (r + x) * np.log1p((seen["age"] - seen["recency"]) / (alpha + seen["recency"]))))


def expected_purchases(parameters, seen, horizon):
    r, alpha, a, b = parameters
    shape, rate, b1 = r + seen["frequency"], alpha + seen["age"], b + seen["frequency"] + 1
    if a > 1e5:
        # A chance to drop out that all share: the closed form has no digits left, its limit has.
        chance = a / (a + b1)
        return alive(parameters, seen) * (1 - (1 + chance * horizon / rate) ** -shape) / chance
    tail = hyp2f1(shape, b1, a + b1 - 1, horizon / (rate + horizon))
    return alive(parameters, seen) * (a + b1 - 1) / (a - 1) * (1 - (rate / (rate + horizon)) ** shape * tail)


def expected_spend(spend, seen):
    p, q, v = spend
    x = seen["spend_count"]
    return p * (v + x * seen["spend_mean"]) / (p * x + q - 1)


def draw_values(parameters, covariance, spend, spend_covariance, seen, draws, share, seed):
    """`[draws × customers]` discounted value of one possible future each, parameters drawn too."""
    random = np.random.default_rng(seed)
    logs = random.multivariate_normal(np.log(parameters), covariance, draws)
    spend_logs = random.multivariate_normal(np.log(spend), spend_covariance, draws)
    step = 25
    starts = range(0, draws, step)
    # NumPy draws without Python's lock.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = pool.map(
            lambda start, own: draw_part(np.exp(logs[start : start + step]), np.exp(spend_logs[start : start + step]), seen, own),
            starts,
            random.spawn(len(starts)),
        )
        return share * np.vstack(list(parts))


def draw_part(parameters, spend, seen, random):
    n = len(seen["frequency"])
    weeks = HORIZON_DAYS / PERIODS / 7
    r, alpha, a, b = parameters.T[:, :, None]
    p, q, v = spend.T[:, :, None]
    living = random.random((len(r), n)) < alive((r, alpha, a, b), seen)
    at, who = np.nonzero(living)
    x = seen["frequency"][who]
    rate = random.standard_gamma(r[at, 0] + x) / (alpha[at, 0] + seen["age"][who])
    moment = random.standard_exponential(len(at)) / rate
    value = np.zeros(len(at))
    active = np.flatnonzero(moment <= PERIODS * weeks)
    # Only of those who buy within the year are the other two asked for.
    chance, money_rate = np.zeros(len(at)), np.ones(len(at))
    chance[active] = random.beta(a[at[active], 0], b[at[active], 0] + x[active] + 1)
    bought = seen["spend_count"][who[active]]
    own = p[at[active], 0] * bought + q[at[active], 0]
    money_rate[active] = random.standard_gamma(own) / (v[at[active], 0] + bought * seen["spend_mean"][who[active]])
    p = p[at, 0]
    while len(active):
        period = np.maximum(1, np.ceil(moment[active] / weeks))
        value[active] += random.standard_gamma(p[active]) / money_rate[active] * (1 + DISCOUNT) ** -period
        active = active[random.random(len(active)) >= chance[active]]
        moment[active] += random.standard_exponential(len(active)) / rate[active]
        active = active[moment[active] <= PERIODS * weeks]
    made = np.zeros((len(r), n))
    made[at, who] = value
    return made


def count_intervals(parameters, seen, horizon, level):
    """Quantiles of each customer's purchase count within `horizon`."""
    r, alpha, a, b = parameters
    x = seen["frequency"]
    shape, rate, b1 = r + x, alpha + seen["age"], b + x + 1
    most = int(np.ceil(8 + 4 * (shape * horizon / rate).max()))
    n = np.arange(most + 1)[:, None]
    log_chance = gammaln(shape + n) - gammaln(shape) - gammaln(n + 1) + shape * np.log(rate / (rate + horizon)) + n * np.log(horizon / (rate + horizon))
    chance = np.exp(log_chance)
    at_least = 1 - np.vstack([np.zeros(len(x)), np.cumsum(chance, 0)[:-1]])
    staying = np.vstack([np.ones(len(x)), np.cumprod((b1 + n) / (a + b1 + n), 0)[:-1]])
    stopping = np.vstack([np.zeros(len(x)), (staying * a / (a + b1 + n))[:-1]])
    living = alive(parameters, seen)
    counts = living * (staying * chance + stopping * at_least)
    counts[0] += 1 - living
    reached = np.cumsum(counts, 0)
    return (reached < (1 - level) / 2).sum(0), (reached < (1 + level) / 2).sum(0)


def holdout(days, first, last):
    length = min(round((last - first) * 0.3), 365)
    seen = summaries(days, last - length, last)
    parameters, _, likelihood = fit_mbg(seen)
    spend, _, _ = fit_gamma_gamma(seen)
    horizon = length / 7
    predicted = expected_purchases(parameters, seen, horizon)
    past = np.divide(seen["frequency"], seen["age"], out=np.zeros(len(predicted)), where=seen["age"] > 0) * horizon
    value = predicted * expected_spend(spend, seen)
    value_past = past * seen["mean_spend"]
    low, high = count_intervals(parameters, seen, horizon, 0.8)
    group = np.minimum(seen["frequency"], 7).astype(int)
    sizes = np.bincount(group)
    mean_of = lambda values: (np.bincount(group, values)[sizes > 0] / sizes[sizes > 0]).tolist()
    return {
        "log_likelihood": likelihood,
        "customers": len(predicted),
        "predicted": predicted.sum(),
        "actual": int(seen["later"].sum()),
        "mae": np.abs(predicted - seen["later"]).mean(),
        "mae_baseline": np.abs(past - seen["later"]).mean(),
        "spend": [value.sum(), seen["later_spend"].sum()],
        "spend_mae": np.abs(value - seen["later_spend"]).mean(),
        "spend_mae_baseline": np.abs(value_past - seen["later_spend"]).mean(),
        "rank": spearmanr(value, seen["later_spend"]).statistic,
        "rank_baseline": spearmanr(value_past, seen["later_spend"]).statistic,
        "by_frequency": [mean_of(predicted), mean_of(seen["later"]), sizes[sizes > 0].tolist()],
        "coverage": ((seen["later"] >= low) & (seen["later"] <= high)).mean(),
    }


def independence(seen):
    """Whether spend depends on frequency: both correlations with their intervals."""
    known = seen["spend_count"] > 0
    x, z = seen["frequency"][known], seen["spend_mean"][known]
    made = {}
    for name, test in (("linear", pearsonr), ("rank", spearmanr)):
        found = test(x, z)
        half = 1.959964 * np.sqrt((1 if name == "linear" else 1 + found.statistic**2 / 2) / (len(x) - 3))
        middle = np.arctanh(found.statistic)
        made[name] = [float(found.statistic), float(found.pvalue), *np.tanh([middle - half, middle + half]).tolist()]
    return made


def shapes(value):
    """What the most valuable customers are worth together, and a histogram with a bin for the largest."""
    best = np.sort(value)[::-1]
    running = np.cumsum(best)
    shares = np.array([0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1])
    concentration = running[np.maximum(np.ceil(shares * len(best)).astype(int) - 1, 0)] / running[-1]
    top = best[int(len(best) * 0.01)]
    counts = np.bincount(np.minimum((value / top * 20).astype(int), 20), minlength=21)
    return {"concentration": concentration.tolist(), "histogram": counts.tolist()}


def predict_lifetime(lines, as_of, folder, seed=1):
    days, refund_share = purchase_days(lines)
    first = days["day"].min()
    last = pl.select(
        pl.from_epoch(pl.lit(as_of), time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone(TIMEZONE).dt.date().cast(pl.Int32)
    ).item()
    seen = summaries(days, last)
    parameters, covariance, likelihood = fit_mbg(seen)
    spend, spend_covariance, spend_likelihood = fit_gamma_gamma(seen)
    share = 1 - refund_share
    weeks = HORIZON_DAYS / PERIODS / 7
    reached = np.array([expected_purchases(parameters, seen, period * weeks) for period in range(PERIODS + 1)])
    discounted = ((1 + DISCOUNT) ** -np.arange(1.0, PERIODS + 1)) @ np.diff(reached, axis=0)
    value = share * discounted * expected_spend(spend, seen)
    result = {
        "parameters": parameters.tolist(),
        "log_likelihood": likelihood,
        "spend_log_likelihood": spend_likelihood,
        "customers": len(value),
        "total_value": value.sum(),
        "independence": independence(seen),
        "holdout": holdout(days, first, last),
    }
    low = high = np.full(len(value), np.nan)
    if covariance is not None and spend_covariance is not None:
        draws = max(100, min(400, 2_000_000 // len(value)))
        futures = draw_values(parameters, covariance, spend, spend_covariance, seen, draws, share, seed)
        low, high = np.quantile(futures, [0.1, 0.9], axis=0)
        result["total_interval"] = np.quantile(futures.sum(1), [0.1, 0.9]).tolist()
        result["low"], result["high"] = low.sum(), high.sum()
    model_id = "lifetime-mbg-nbd-1"
    chance = alive(parameters, seen)
    result["alive"] = chance.sum()
    result["purchases"] = reached[-1].sum()
    scores = pl.DataFrame(
        {
            "customer_id": seen["customer_id"],
            "probability_alive": chance,
            "expected_purchases": reached[-1],
            "expected_spend": expected_spend(spend, seen),
            "lifetime_value": value,
            "low": low,
            "high": high,
            "model_id": model_id,
        }
    )
    fitted = {"purchases": parameters.tolist(), "spend": spend.tolist(), "covariance": None if covariance is None else covariance.tolist()}
    card = {"currency": CURRENCY, "refund_share": refund_share, "first_to_later": float(seen["first_to_later"]), **{name: result[name] for name in ("independence", "holdout")}, **shapes(value)}
    plain = lambda of: {name: plain(one) if isinstance(one, dict) else one.item() if hasattr(one, "item") else one for name, one in of.items()}
    keep(folder, "lifetime", {"scores.parquet": scores, "model.json": {"model_id": model_id, "card": plain(card), "fitted": fitted}})
    return result
