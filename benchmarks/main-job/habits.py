"""What customers were seen to do, and how often, as points between which distance means how surely they differ."""

import numpy as np
import polars as pl

from orders import TIMEZONE

CONCENTRATION = (0.1, 1e4)
BETWEEN_MIN = 0.01


def counts_of(frame, levels, n):
    made = np.zeros((n, levels))
    made[frame["customer"].to_numpy(), frame["level"].to_numpy()] = frame["times"].to_numpy()
    return made


def part_of_counts(counts):
    """Square roots of shares pulled towards everybody's, how surely each row is known, and how much rows differ."""
    totals = counts.sum(1)
    levels = counts.shape[1]
    own = counts.sum(0)
    usual = (own + 1) / (own.sum() + levels)
    shares = (own + levels * usual) / (own.sum() + levels)
    agreeing = (counts * (counts - 1)).sum()
    pairs = (totals * (totals - 1)).sum()
    by_chance = shares @ shares
    correlation = (agreeing / pairs - by_chance) / (1 - by_chance) if pairs > 0 and by_chance < 1 else 0
    concentration = np.clip((1 - correlation) / correlation, *CONCENTRATION) if correlation > 0 else CONCENTRATION[1]
    pulled = (counts + concentration * shares) / (totals + concentration)[:, None]
    spread = ((1 - shares) / 4).sum() / (concentration + 1)
    return np.sqrt(pulled) - np.sqrt(shares), totals / (totals + concentration), spread


def part_of_level(times, totals, squares):
    seen, often = times > 0, times >= 2
    within = (squares[often] - totals[often] ** 2 / times[often]).sum() / (times[often] - 1).sum()
    mean = totals.sum() / times.sum()
    apart = (times[seen] * (totals[seen] / times[seen] - mean) ** 2).sum()
    between = max(BETWEEN_MIN * within, (apart - within * seen.sum()) / times.sum())
    pull = within / between
    values = (totals - times * mean) / (times + pull) / (2 * np.sqrt(within))
    return values[:, None], times / (times + pull), 1 / (4 * pull)


def read_habits(lines, as_of):
    """
    Customers, `[n × columns]` coordinates and `[n]` how much of what sets each apart was seen.

    This file has neither categories nor discounts: what is left are the part of the day and the weekday of orders, and the
    price of lines against what lines usually cost.
    """
    sales = lines.lazy().filter(
        (pl.col("kind") == "sale") & pl.col("customer_id").is_not_null() & (pl.col("occurred_at").dt.epoch("ms") <= as_of)
    )
    customers = sales.select(pl.col("customer_id").unique().sort()).collect()["customer_id"]
    n = len(customers)
    is_priced = (pl.col("amount_micros") > 0) & (pl.col("quantity") > 0)
    sold = (
        sales.filter(~pl.col("is_no_product"))
        .select(
            pl.col("customer_id").replace_strict(customers, range(n), return_dtype=pl.Int32).alias("customer"),
            "order_id",
            "occurred_at",
            log_price=pl.when(is_priced).then((1000 * (pl.col("amount_micros") / pl.col("quantity")).log()).round()),
        )
        .collect()
    )
    local = pl.col("occurred_at").dt.convert_time_zone(TIMEZONE)
    orders = (
        sold.group_by("customer", "order_id")
        .agg(pl.col("occurred_at").min())
        .select("customer", day_part=local.dt.hour() // 3, weekday=local.dt.weekday() - 1)
    )
    counted = [(orders.group_by("customer", level).len("times").rename({level: "level"}), levels) for level, levels in (("day_part", 8), ("weekday", 7))]
    apart = (pl.col("log_price") - pl.col("log_price").mean()).round()
    prices = (
        sold.lazy()
        .filter(pl.col("log_price").is_not_null())
        .select("customer", apart=apart)
        .group_by("customer")
        .agg(times=pl.len(), total=pl.col("apart").sum(), squares=(pl.col("apart") ** 2).sum())
        .collect()
    )
    level = np.zeros((3, n))
    level[:, prices["customer"].to_numpy()] = prices.select("times", pl.col("total") / 1e3, pl.col("squares") / 1e6).to_numpy().T
    parts = [part_of_counts(counts_of(frame, levels, n)) for frame, levels in counted] + [part_of_level(*level)]
    coordinates = np.column_stack([values for values, _, _ in parts])
    spreads = np.array([spread for _, _, spread in parts])
    return customers, coordinates, np.array([known for _, known, _ in parts]).T @ spreads / spreads.sum()
