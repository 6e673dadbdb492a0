"""Recommendations: popularity, item-item cosine and ALS compared on a later period, lists for everybody, pairs."""

import numpy as np
import polars as pl
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender
from scipy.stats import poisson

from features import DAY_MS

K = 10
CANDIDATES = (
    ("popularity", {}),
    ("popularity", {"days": 90}),
    ("item-item", {}),
    ("item-item", {"half_life": 180}),
    ("als", {}),
    ("als", {"half_life": 180}),
)


def read_log(lines):
    """One row per customer, product and order, with numbers for customers and products."""
    bought = (
        lines.lazy()
        .filter(
            (pl.col("kind") == "sale")
            & (pl.col("quantity") > 0)
            & pl.col("customer_id").is_not_null()
            & pl.col("product_id").is_not_null()
            & ~pl.col("is_no_product")
        )
        .group_by("customer_id", "product_id", "order_id")
        .agg(at=pl.col("occurred_at").min().dt.epoch("ms"))
        .with_columns(
            customer=pl.col("customer_id").rank("dense").cast(pl.Int32) - 1,
            product=pl.col("product_id").rank("dense").cast(pl.Int32) - 1,
        )
        .collect()
    )
    customers = bought["customer_id"].unique().sort()
    products = bought["product_id"].unique().sort()
    columns = {name: bought[name].to_numpy() for name in ("customer", "product", "at")}
    return columns, customers, products


def matrix(log, shape, start, until, weights=None):
    rows = (log["at"] > start) & (log["at"] <= until)
    values = np.ones(rows.sum()) if weights is None else weights(log["at"][rows])
    return sp.csr_matrix((values, (log["customer"][rows], log["product"][rows])), shape=shape)


def history(log, shape, cut, days=None, half_life=None):
    start = -np.inf if days is None else cut - days * DAY_MS
    weights = None if half_life is None else lambda at: 0.5 ** ((cut - at) / DAY_MS / half_life)
    return matrix(log, shape, start, cut, weights)


def tf_idf(data):
    """Square roots of strengths, rarer customers counting more."""
    weighted = data.copy()
    lengths = np.diff(data.indptr)
    rarity = np.log(data.shape[1]) - np.log1p(lengths)
    weighted.data = np.sqrt(weighted.data) * np.repeat(rarity, lengths)
    return weighted


class Popularity:
    def fit(self, data):
        self.counts = np.bincount(data.indices, minlength=data.shape[1])
        return self

    def lists(self, owned, users, denied):
        order = np.argsort(-self.counts, kind="stable")
        order = order[~denied[order]]
        longest = int(np.diff(owned.indptr).max())
        top = order[: K + longest]
        has = np.asarray(owned[users][:, top].todense()) > 0
        place = np.argsort(has, axis=1, kind="stable")[:, :K]
        return top[place], self.counts[top[place]]

    def own_scores(self, owned):
        return self.counts[owned.indices].astype(float)


class ItemItem:
    def fit(self, data):
        self.data = data
        self.model = CosineRecommender(K=51)
        self.model.fit(tf_idf(data), show_progress=False)
        similarity = self.model.similarity.tocsr()
        similarity.setdiag(0)
        similarity.eliminate_zeros()
        self.similarity = similarity
        self.model.similarity = similarity
        return self

    def lists(self, owned, users, denied):
        return self.model.recommend(
            users, self.data[users], N=K, filter_already_liked_items=True, filter_items=np.flatnonzero(denied)
        )

    def own_scores(self, owned):
        return np.asarray((self.data @ self.similarity.T).multiply(owned > 0).tocsr()[owned.nonzero()]).ravel()


class Als:
    def fit(self, data):
        self.data = data
        strength = data.copy()
        strength.data = 1 + 6 * strength.data
        self.model = AlternatingLeastSquares(factors=64, regularization=10, iterations=15, random_state=1)
        self.model.fit(strength, show_progress=False)
        return self

    def lists(self, owned, users, denied):
        return self.model.recommend(
            users, self.data[users], N=K, filter_already_liked_items=True, filter_items=np.flatnonzero(denied)
        )

    def own_scores(self, owned):
        rows = np.repeat(np.arange(owned.shape[0]), np.diff(owned.indptr))
        return np.einsum("ij,ij->i", self.model.user_factors[rows], self.model.item_factors[owned.indices])


METHODS = {"popularity": Popularity, "item-item": ItemItem, "als": Als}


def quality(lists, users, later):
    """Means over users of recall, NDCG, MAP and hit rate at ten, and the share of the catalogue in any list."""
    truth = later[users]
    padded = np.where(lists < 0, 0, lists)
    rows = np.repeat(np.arange(len(users)), K)
    hits = (np.asarray(truth[rows, padded.ravel()]).reshape(-1, K) > 0) & (lists >= 0)
    held = np.diff(truth.indptr)
    most = np.minimum(held, K)
    discounts = 1 / np.log2(np.arange(2, K + 2))
    ndcg = hits @ discounts / np.cumsum(discounts)[most - 1]
    precision = np.cumsum(hits, 1) / np.arange(1, K + 1)
    return {
        "recall": (hits.sum(1) / held).mean(),
        "ndcg": ndcg.mean(),
        "margin": 1.96 * ndcg.std() / np.sqrt(len(users)),
        "map": ((hits * precision).sum(1) / most).mean(),
        "hit_rate": hits.any(1).mean(),
        "coverage": len(np.unique(lists[lists >= 0])) / later.shape[1],
    }


def split(log, shape, cut, until):
    owned = history(log, shape, cut)
    after = matrix(log, shape, cut, until)
    again = after.multiply(owned > 0).tocsr()
    fresh = (after - after.multiply(owned > 0)).tocsr()
    fresh.eliminate_zeros()
    has = np.diff(owned.indptr) > 0
    return {
        "cut": cut,
        "owned": owned,
        "fresh": fresh,
        "again": again,
        "fresh_users": np.flatnonzero(has & (np.diff(fresh.indptr) > 0)),
        "again_users": np.flatnonzero(has & (np.diff(again.indptr) > 0)),
    }


def top_of_own(owned, scores, users):
    """Each user's own products by score, best ten first."""
    rows = np.repeat(np.arange(owned.shape[0]), np.diff(owned.indptr))
    order = np.lexsort((owned.indices, -scores, rows))
    place = np.arange(len(order)) - owned.indptr[rows]
    lists = np.full((owned.shape[0], K), -1)
    best = place < K
    lists[rows[best], place[best]] = owned.indices[order][best]
    return lists[users]


def latest(log, owned, cut):
    rows = log["at"] <= cut
    latest_at = np.zeros(owned.nnz)
    keys = np.repeat(np.arange(owned.shape[0]), np.diff(owned.indptr)).astype(np.int64) * owned.shape[1] + owned.indices
    where = np.searchsorted(keys, log["customer"][rows].astype(np.int64) * owned.shape[1] + log["product"][rows])
    np.maximum.at(latest_at, where, log["at"][rows])
    return latest_at


def compare(log, shape, as_of):
    first = log["at"].min()
    before = lambda until: until - max(30 * DAY_MS, (until - first) * 0.2)
    cut = before(as_of)
    outer, inner = split(log, shape, cut, as_of), split(log, shape, before(cut), cut)
    allowed = np.zeros(shape[1], bool)
    best = {}
    for name, settings in CANDIDATES:
        model = METHODS[name]().fit(history(log, shape, inner["cut"], **settings))
        lists, _ = model.lists(inner["owned"], inner["fresh_users"], allowed)
        ndcg = quality(lists, inner["fresh_users"], inner["fresh"])["ndcg"]
        if ndcg > best.get(name, (-1, None))[0]:
            best[name] = (ndcg, settings)
    new, repeats = {}, {}
    owned, users = outer["owned"], outer["again_users"]
    owned.sort_indices()
    newest = latest(log, owned, cut)
    for name, scores in (("own frequency", owned.data + newest / (cut + 1)), ("own recency", newest)):
        repeats[name] = quality(top_of_own(owned, scores, users), users, outer["again"])
    for name, (_, settings) in best.items():
        model = METHODS[name]().fit(history(log, shape, cut, **settings))
        lists, _ = model.lists(owned, outer["fresh_users"], allowed)
        new[name] = quality(lists, outer["fresh_users"], outer["fresh"])
        repeats[name] = quality(top_of_own(owned, model.own_scores(owned), users), users, outer["again"])
    chosen = max(best, key=lambda name: best[name][0])
    return cut, len(outer["fresh_users"]), new, repeats, chosen, best[chosen][1]


def pairs(lines):
    """Pairs in at least five orders of three buyers that stand out from chance."""
    held = (
        lines.lazy()
        .filter(
            (pl.col("kind") == "sale") & (pl.col("quantity") > 0) & pl.col("product_id").is_not_null() & ~pl.col("is_no_product")
        )
        .select("order_id", "product_id", "customer_id")
        .unique(["order_id", "product_id"])
        .filter(pl.len().over("order_id") <= 100)
        .with_columns(
            order=pl.col("order_id").rank("dense").cast(pl.Int32) - 1,
            product=pl.col("product_id").rank("dense").cast(pl.Int32) - 1,
            buyer=pl.coalesce(pl.col("customer_id").cast(pl.String), "order_id").rank("dense").cast(pl.Int32) - 1,
        )
        .collect()
    )
    order, product = held["order"].to_numpy(), held["product"].to_numpy()
    baskets = sp.csr_matrix((np.ones(len(order), np.float32), (order, product)))
    sizes = np.diff(baskets.indptr)
    counts = np.bincount(product)
    frequent = np.flatnonzero(counts >= 5)
    kept = baskets[:, frequent]
    together = sp.triu(kept.T @ kept, 1).tocoo()
    enough = together.data >= 5
    first, second, orders = together.row[enough], together.col[enough], together.data[enough]
    # Buyers of a pair, for those pairs only: customers' own baskets, not the orders'.
    buyers = held.filter(pl.col("product").is_in(frequent)).select("order", "product", "buyer")
    buyer_of_order = np.zeros(baskets.shape[0], np.int32)
    buyer_of_order[buyers["order"].to_numpy()] = buyers["buyer"].to_numpy()
    columns = kept.tocsc()
    columns.sort_indices()
    few = np.flatnonzero(orders < 60)
    is_kept = np.ones(len(first), bool)
    starts, rows = columns.indptr, columns.indices
    for at in few:
        one, other = first[at], second[at]
        both = np.intersect1d(rows[starts[one] : starts[one + 1]], rows[starts[other] : starts[other + 1]], assume_unique=True)
        is_kept[at] = len(np.unique(buyer_of_order[both])) >= 3
    first, second, orders = first[is_kept], second[is_kept], orders[is_kept]
    own = counts[frequent]
    expected = own[first] * own[second] * float(sizes @ (sizes - 1)) / len(order) ** 2
    chance = poisson.sf(orders - 1, expected)
    rank = np.argsort(chance)
    comparisons = len(frequent) * (len(frequent) - 1) / 2
    adjusted = np.minimum.accumulate((chance[rank] * comparisons / np.arange(1, len(rank) + 1))[::-1])[::-1]
    passed = np.zeros(len(rank), bool)
    passed[rank] = adjusted <= 0.01
    passed &= orders > expected
    strength = (orders - 1.96 * np.sqrt(orders)) / expected
    names = held.select("product", "product_id").unique().sort("product")["product_id"].to_numpy()[frequent]
    made = pl.DataFrame(
        {"first": names[first[passed]], "second": names[second[passed]], "orders": orders[passed], "strength": strength[passed]}
    )
    return made.sort("strength", descending=True)


def excluded(lines, products, as_of):
    facts = (
        lines.lazy()
        .filter(pl.col("product_id").is_not_null() & ~pl.col("is_no_product"))
        .group_by("product_id")
        .agg(
            last=pl.col("occurred_at").filter(pl.col("kind") == "sale").max().dt.epoch("ms"),
            sold=pl.col("quantity").filter(pl.col("kind") == "sale").sum(),
            returned=pl.col("quantity").filter(pl.col("kind") == "cancellation").abs().sum(),
        )
        .collect()
    )
    facts = pl.DataFrame({"product_id": products}).join(facts, on="product_id", how="left", maintain_order="left")
    last, sold, returned = (facts[name].to_numpy() for name in ("last", "sold", "returned"))
    return (as_of - last > 180 * DAY_MS) | ((sold >= 10) & (returned >= 0.5 * sold))


def recommend(lines, as_of, folder):
    log, customers, products = read_log(lines)
    shape = (len(customers), len(products))
    cut, tested, new, repeats, chosen, settings = compare(log, shape, as_of)
    together = pairs(lines)
    denied = excluded(lines, products, as_of)
    owned = history(log, shape, as_of)
    everyone = np.arange(len(customers))
    model = METHODS[chosen]().fit(history(log, shape, as_of, **settings))
    lists, scores = model.lists(owned, everyone, denied)
    popular, _ = Popularity().fit(owned).lists(owned, everyone, denied)
    lists = np.where(lists >= 0, lists, popular)
    similarity = model.similarity if chosen == "item-item" else ItemItem().fit(owned).similarity
    # The past purchase that speaks most for each product of a list.
    because = np.empty(lists.shape, np.int32)
    for start in range(0, len(everyone), 512):
        rows = owned[start : start + 512]
        pair_rows = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        for place in range(K):
            strength = rows.data * np.asarray(similarity[rows.indices, lists[start + pair_rows, place]]).ravel()
            order = np.lexsort((strength, pair_rows))
            because[start : start + 512, place] = rows.indices[order[rows.indptr[1:] - 1]]
    names = products.to_numpy()
    pl.DataFrame(
        {
            "customer_id": np.repeat(customers.to_numpy(), K),
            "position": np.tile(np.arange(1, K + 1), len(customers)),
            "product_id": names[lists.ravel()],
            "score": np.asarray(scores).ravel(),
            "because": names[because.ravel()],
        }
    ).write_parquet(f"{folder}/recommendations.parquet")
    similar = similarity.tocsr()
    top = [similar.indices[similar.indptr[row] : similar.indptr[row + 1]][np.argsort(-similar.data[similar.indptr[row] : similar.indptr[row + 1]])] for row in range(shape[1])]
    related = [own[~denied[own]][:K] for own in top]
    pl.DataFrame(
        {"product_id": np.repeat(names, [len(own) for own in related]), "other": names[np.concatenate(related)]}
    ).write_parquet(f"{folder}/similar.parquet")
    together.write_parquet(f"{folder}/pairs.parquet")
    return {
        "tested": tested,
        "customers": len(customers),
        "products": len(products),
        "denied": int(denied.sum()),
        "pairs": len(together),
        "chosen": chosen,
        "ndcg": {name: one["ndcg"] for name, one in new.items()},
        "repeat_ndcg": {name: one["ndcg"] for name, one in repeats.items()},
    }
