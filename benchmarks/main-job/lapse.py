"""Lapse: periods, populations and labels by the other side's rules; three candidates judged on a later cut; reasons."""

import json

import numpy as np
import polars as pl

from features import DAY_MS, compute_features, label_of
from judging import judge
from keep import keep
from lapse_models import customer_numbers, fit_candidate
from orders import TIMEZONE

LENGTHS = np.array([14, 30, 60, 90, 120, 180, 270, 365])
LABELLED_MAX = 20_000
TRAINING_CUTS_MAX = 6
REASONS, DRIVERS = 3, 12


def choose_periods(sales, first, as_of):
    """N, A, and the two cuts, from the gaps between purchase days in the first three fifths of the history."""
    until = int(first + 0.6 * (as_of - first))
    gaps = (
        sales.filter(pl.col("at") <= until)
        .select("customer_id", pl.col("occurred_at").dt.convert_time_zone(TIMEZONE).dt.date().alias("day"))
        .unique()
        .sort("customer_id", "day")
        .select(pl.col("day").diff().over("customer_id").dt.total_days().alias("gap"))
        .drop_nulls()
        .collect()["gap"]
        .to_numpy()
    )
    history = (as_of - first) / DAY_MS
    wanted_horizon, wanted_active = np.quantile(gaps, [0.75, 0.95], method="inverted_cdf")

    def longest(most, wanted):
        length = LENGTHS[LENGTHS >= wanted].min(initial=LENGTHS[-1])
        return int(length if length <= most else LENGTHS[LENGTHS <= most].max(initial=LENGTHS[0]))

    horizon = longest(history * 0.2, wanted_horizon)
    active = max(horizon, longest(history * 0.6, wanted_active))
    return horizon, active, as_of - 2 * horizon * DAY_MS, as_of - horizon * DAY_MS


def population(sales, cut, horizon, active):
    at = pl.col("at")
    return (
        sales.filter((at > cut - active * DAY_MS) & (at <= cut + horizon * DAY_MS))
        .group_by("customer_id")
        .agg(lapsed=((at > cut).sum() == 0).cast(pl.Int8), bought=(at <= cut).sum())
        .filter(pl.col("bought") > 0)
        .sort("customer_id")
        .drop("bought")
        .collect()
    )


def amount(value, unit):
    if unit == "share":
        return f"{round(value * 100)} %"
    if unit == "change":
        return f"{value:+.2f}"
    return f"{value:.{0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"


def reasons_of(effects, table, names, usual):
    """The three strongest effects on each score, in words; and what moves scores most of all."""
    strongest = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :REASONS]
    moved = np.take_along_axis(effects, strongest, 1).tolist()
    columns = [table[name].to_list() for name in names]
    labels = [label_of(name) for name in names]
    made = []
    for row, own in enumerate(strongest.tolist()):
        listed = []
        for column, effect in zip(own, moved[row], strict=True):
            if effect == 0:
                continue
            value = columns[column][row]
            label, unit, missing = labels[column]
            direction = "makes a lapse likelier" if effect > 0 else "makes a lapse less likely"
            if value is None:
                said = missing
            elif isinstance(value, str):
                said = value
            else:
                said = f"{amount(value, unit)} (usually {amount(usual[column], unit)})" if usual[column] is not None else amount(value, unit)
            listed.append({"feature": names[column], "value": value, "effect": effect, "words": f"{label}: {said}, {direction}"})
        made.append(json.dumps(listed))
    sizes = np.abs(effects).sum(0)
    order = np.argsort(-sizes, kind="stable")[:DRIVERS]
    return made, {names[column]: sizes[column] / sizes.sum() for column in order if sizes[column] > 0}


def predict_lapse(lines, as_of, folder, seed=1):
    sales = (
        lines.lazy()
        .filter((pl.col("kind") == "sale") & pl.col("customer_id").is_not_null())
        .select("customer_id", "occurred_at", pl.col("occurred_at").dt.epoch("ms").alias("at"))
        .collect()
        .lazy()
    )
    first = sales.select(pl.col("at").min()).collect().item()
    horizon, active, training_cut, test_cut = choose_periods(sales, first, as_of)
    count = max(1, min(TRAINING_CUTS_MAX, int((training_cut - first) // (horizon * DAY_MS))))
    cuts = [training_cut - at * horizon * DAY_MS for at in range(count)]
    # Windows that reach back beyond the records are left out.
    beyond = [f"_{days}d" for days in (7, 30, 90, 365) if days * DAY_MS > cuts[-1] - first]
    trend = ["_trend"] if 180 * DAY_MS > cuts[-1] - first else []
    left_out = tuple([*beyond, *trend])

    def at_cut(cut, most=LABELLED_MAX):
        people = population(sales, cut, horizon, active)
        if cut < as_of and len(people) > most:
            people = people.sample(most, seed=seed).sort("customer_id")
        table = compute_features(lines.filter(pl.col("customer_id").is_in(people["customer_id"].implode())), cut)
        table = table.select(name for name in table.columns if not (left_out and name.endswith(left_out)))
        return people.join(table, on="customer_id", how="left", maintain_order="left")

    parts = [at_cut(cut, LABELLED_MAX // count) for cut in cuts]
    test, now = at_cut(test_cut), at_cut(as_of)
    training, latest = pl.concat(parts), pl.concat([test, *parts[:-1]])
    labels, test_labels, latest_labels = (table["lapsed"].to_numpy().astype(int) for table in (training, test, latest))
    names = [name for name in training.columns if name not in ("customer_id", "lapsed")]
    countries = {name: float(code) for code, name in enumerate(sorted({*training["first_country"], *test["first_country"], *now["first_country"]}))}
    candidates = [fit_candidate(kind, training, labels, names, seed, countries) for kind in ("recency", "logistic", "boosting")]
    qualities = {one["kind"]: judge(one["predict"](test), test_labels) for one in candidates}
    losses = [-np.log(np.where(labels == 1, one["honest"], 1 - one["honest"])) for one in candidates]
    customers = customer_numbers(training)
    best = 0
    for candidate in range(1, 3):
        gain = losses[best] - losses[candidate]
        # Rows of one customer are no more news than one.
        error = np.sqrt((np.bincount(customers, gain - gain.mean()) ** 2).sum()) / len(gain)
        if gain.mean() > error:
            best = candidate
    final = fit_candidate(candidates[best]["kind"], latest, latest_labels, names, seed, countries)
    probabilities = final["predict"](now)
    effects = final["explain"](now)
    usual = [None if test[name].dtype == pl.String else test[name].quantile(0.5, "higher") for name in final["names"]]
    reasons, drivers = reasons_of(effects, now, final["names"], usual)
    model_id = f"lapse-{final['kind']}-1"
    scores = pl.DataFrame({"customer_id": now["customer_id"], "value": probabilities, "reasons": reasons, "model_id": model_id})
    card = {"horizon_days": horizon, "active_days": active, "cuts": [*cuts, test_cut, as_of], "qualities": qualities, "drivers": drivers}
    keep(folder, "lapse", {"scores.parquet": scores, "model.json": {"model_id": model_id, "card": card, **final["describe"]()}})
    return {
        "horizon_days": horizon,
        "active_days": active,
        "training": [int(customers.max()) + 1, round((int(customers.max()) + 1) * labels.mean())],
        "test": [len(test_labels), int(test_labels.sum())],
        "auc": {kind: quality["auc"] for kind, quality in qualities.items()},
        "log_loss": {kind: quality["log_loss"] for kind, quality in qualities.items()},
        "chosen": final["kind"],
        "scored": len(now),
        "reasons": sum(len(json.loads(one)) for one in reasons[:50]),
        "expected_lapses": float(probabilities.sum()),
    }
