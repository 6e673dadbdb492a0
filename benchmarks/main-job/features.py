"""The features of the catalogue that an order file has, per customer as of a moment, in polars."""

import polars as pl

from orders import TIMEZONE

WINDOWS = (7, 30, 90, 365)
DAY_MS = 86_400_000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_PARTS = (("night", 0, 6), ("morning", 6, 12), ("afternoon", 12, 18), ("evening", 18, 24))


WORDS = {
    "orders": ("orders", "orders"),
    "purchase_days": ("days with a purchase", "days"),
    "spend": ("money spent", "money"),
    "items": ("items bought", "items"),
    "average_order_value": ("average order value", "money"),
    "distinct_products": ("different products bought", "products"),
    "recency_days": ("days since the last purchase", "days"),
    "tenure_days": ("days since the first purchase", "days"),
    "items_per_order": ("items per order", "items"),
    "mean_gap_days": ("days between purchases", "days"),
    "gap_deviation_days": ("spread of days between purchases", "days"),
    "overdue_ratio": ("days since the last purchase against the customer’s own rhythm", "ratio"),
    "returned": ("money returned", "money"),
    "return_rate": ("share of spend returned", "share"),
    "first_country": ("country of the first purchase", "category"),
}


def label_of(name):
    """What a feature is called, its unit, and what it means when it is missing."""
    for days in WINDOWS:
        if name.endswith(f"_{days}d"):
            label, unit = WORDS[name.removesuffix(f"_{days}d")]
            return f"{label} in the last {days} days", unit, "nothing in the window"
    if name.endswith("_trend"):
        return f"change in {name.removesuffix('_trend')}, last 90 days against the 90 before", "change", "nothing in the last 180 days"
    if name.endswith("_share"):
        return f"share of orders on a {name.removesuffix('_share')}", "share", "no purchase yet"
    label, unit = WORDS[name]
    return label, unit, "too few purchases"


def windowed(name, value):
    """The same aggregate over every window and the whole history; `value` takes a filter."""
    made = [value(pl.col("age") < days * DAY_MS).alias(f"{name}_{days}d") for days in WINDOWS]
    return [*made, value(pl.lit(True)).alias(name)]


def compute_features(lines, as_of):
    """One row for each customer with a purchase by `as_of` (milliseconds), ordered by customer."""
    known = lines.lazy().filter(pl.col("customer_id").is_not_null() & (pl.col("occurred_at").dt.epoch("ms") <= as_of))
    sales = known.filter(pl.col("kind") == "sale")
    age = (as_of - pl.col("occurred_at").dt.epoch("ms")).alias("age")
    local = pl.col("occurred_at").dt.convert_time_zone(TIMEZONE)
    orders = (
        sales.group_by("customer_id", "order_id")
        .agg(
            pl.col("occurred_at").min(),
            pl.col("amount_micros").sum(),
            pl.col("quantity").filter(~pl.col("is_no_product")).sum().alias("items"),
            pl.col("country").min(),
        )
        .with_columns(age, local.dt.weekday().alias("weekday"), local.dt.hour().alias("hour"), local.dt.date().alias("day"))
        .collect()
        .lazy()
    )
    money = pl.col("amount_micros")
    count = pl.len().cast(pl.Float64)
    share = lambda name, where: (where.sum() / count).alias(f"{name}_share")
    before = lambda column: column.filter((pl.col("age") >= 90 * DAY_MS) & (pl.col("age") < 180 * DAY_MS)).sum()
    ones = pl.col("age").is_not_null().cast(pl.Float64)
    change = lambda column: (
        (column.filter(pl.col("age") < 90 * DAY_MS).sum() - before(column))
        / (column.filter(pl.col("age") < 180 * DAY_MS).sum())
    )
    per_order = orders.group_by("customer_id").agg(
        (pl.col("age").min() / DAY_MS).alias("recency_days"),
        (pl.col("age").max() / DAY_MS).alias("tenure_days"),
        *windowed("orders", lambda where: ones.filter(where).sum()),
        *windowed("spend", lambda where: money.filter(where).sum() / 1e6),
        *windowed("items", lambda where: pl.col("items").filter(where).sum().cast(pl.Float64)),
        *windowed("average_order_value", lambda where: money.filter(where).mean() / 1e6),
        (pl.col("items").sum() / count).alias("items_per_order"),
        change(ones).alias("orders_trend"),
        change(money).alias("spend_trend"),
        *[share(day, pl.col("weekday") == index + 1) for index, day in enumerate(WEEKDAYS)],
        share("weekend", pl.col("weekday") >= 6),
        *[share(name, (pl.col("hour") >= low) & (pl.col("hour") < high)) for name, low, high in DAY_PARTS],
        pl.col("country").sort_by("occurred_at", "country").first().alias("first_country"),
    )
    per_day = (
        orders.group_by("customer_id", "day")
        .agg(pl.col("age").min())
        .sort("customer_id", "day")
        .with_columns(gap=pl.col("day").diff().over("customer_id").dt.total_days())
        .group_by("customer_id")
        .agg(
            *windowed("purchase_days", lambda where: ones.filter(where).sum()),
            pl.col("gap").mean().alias("mean_gap_days"),
            pl.col("gap").std().alias("gap_deviation_days"),
        )
    )
    per_product = (
        sales.filter(~pl.col("is_no_product") & pl.col("product_id").is_not_null())
        .with_columns(age)
        .group_by("customer_id", "product_id")
        .agg(pl.col("age").min())
        .group_by("customer_id")
        .agg(*windowed("distinct_products", lambda where: ones.filter(where).sum()))
    )
    returned = (
        known.filter(pl.col("kind") == "cancellation")
        .group_by("customer_id")
        .agg((-money.sum() / 1e6).alias("returned"))
    )
    joined = (
        per_order.join(per_day, on="customer_id", how="left")
        .join(per_product, on="customer_id", how="left")
        .join(returned, on="customer_id", how="left")
        .with_columns(pl.col("returned", "^distinct_products.*$").fill_null(0.0))
        .with_columns(
            overdue_ratio=pl.col("recency_days") / pl.col("mean_gap_days"),
            return_rate=pl.when(pl.col("spend") != 0).then(pl.col("returned") / pl.col("spend")),
        )
        .sort("customer_id")
    )
    made = joined.collect()
    return made.with_columns(pl.col(pl.Float64).fill_nan(None))
