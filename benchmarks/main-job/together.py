"""Products that are in one order more often than chance puts them there."""

import numpy as np
import polars as pl
from scipy.stats import poisson

PRODUCTS_MAX, ORDERS_MIN, BUYERS_MIN, FALSE_SHARE_MAX = 100, 5, 3, 0.01


def baskets(lines):
    """One row per order and product, by number and in order; orders of very many products left out."""
    return (
        lines.lazy()
        .filter((pl.col("kind") == "sale") & (pl.col("quantity") > 0) & pl.col("product_id").is_not_null() & ~pl.col("is_no_product"))
        .group_by("order_id", "product_id")
        .agg(pl.col("customer_id").min())
        .filter(pl.len().over("order_id") <= PRODUCTS_MAX)
        .with_columns(
            order=pl.col("order_id").rank("dense").cast(pl.Int32) - 1,
            product=pl.col("product_id").rank("dense").cast(pl.Int32) - 1,
            buyer=pl.coalesce(pl.col("customer_id").cast(pl.String), "order_id").rank("dense").cast(pl.Int32) - 1,
        )
        .sort("order", "product")
        .collect()
    )


def pairs(lines):
    """Pairs in at least five orders of three buyers that stand out from chance, the strongest first."""
    held = baskets(lines)
    order, product, buyer = (held[name].to_numpy() for name in ("order", "product", "buyer"))
    sizes = np.bincount(order)
    counts = np.bincount(product)
    names = held.select("product", "product_id").unique().sort("product")["product_id"].to_numpy()
    frequent = np.flatnonzero(counts >= ORDERS_MIN)
    number = np.full(len(counts), -1, np.int32)
    number[frequent] = np.arange(len(frequent))
    # Every pair of frequent products in every order: each entry with those behind it in its order.
    kept = number[product] >= 0
    orders_of, own, who = order[kept], number[product[kept]], buyer[kept]
    held_by = np.bincount(orders_of)
    places = np.arange(len(own), dtype=np.int32)
    partners = np.cumsum(held_by, dtype=np.int32)[orders_of] - places - 1
    first = np.repeat(places, partners)
    second = np.arange(len(first), dtype=np.int32)
    second += np.repeat(places + 1 - (np.cumsum(partners, dtype=np.int32) - partners), partners)
    key = own[first] * np.int32(len(frequent)) + own[second]
    together = np.bincount(key, minlength=len(frequent) ** 2)
    # Of the pairs in enough orders, how many buyers they have.
    enough = together[key] >= ORDERS_MIN
    found = np.flatnonzero(together >= ORDERS_MIN)
    bought = np.sort((key[enough].astype(np.int64) << 32) + who[first[enough]])
    distinct = bought[np.append(True, bought[1:] != bought[:-1])] >> 32
    ends = np.append(np.flatnonzero(np.diff(distinct)), len(distinct) - 1)
    found = found[np.diff(ends, prepend=-1) >= BUYERS_MIN]
    one, other, orders = found // len(frequent), found % len(frequent), together[found]
    own_orders = counts[frequent]
    expected = own_orders[one] * own_orders[other] * float(sizes @ (sizes - 1)) / len(order) ** 2
    chance = poisson.sf(orders - 1, expected)
    rank = np.argsort(chance)
    comparisons = len(frequent) * (len(frequent) - 1) / 2
    adjusted = np.minimum.accumulate((chance[rank] * comparisons / np.arange(1, len(rank) + 1))[::-1])[::-1]
    passed = np.zeros(len(rank), bool)
    passed[rank] = adjusted <= FALSE_SHARE_MAX
    passed &= orders > expected
    made = pl.DataFrame(
        {
            "first": names[frequent[one[passed]]],
            "second": names[frequent[other[passed]]],
            "orders": orders[passed],
            "lift": orders[passed] / expected[passed],
            "strength": np.maximum(orders - 1.96 * np.sqrt(orders), 0)[passed] / expected[passed],
        }
    )
    return made.sort("strength", "first", "second", descending=[True, False, False])
