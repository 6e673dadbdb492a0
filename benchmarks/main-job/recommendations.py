"""Recommendations: popularity, item-item cosine and ALS compared on a later period, lists for everybody, pairs."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender

from features import DAY_MS
from keep import keep
from together import pairs

K = 10
BLOCK = 256
# A penalty of this much per product: the other side's, which grows with what a customer has besides, for one who has nothing.
PENALTY = 0.0175
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


def best_of(scores_of, owned, users, denied, least):
    """The best ten products that a user does not have, of those that score above `least`; −1 where there are fewer."""
    made, scores = np.full((len(users), K), -1), np.zeros((len(users), K))

    def block(start):
        own = users[start : start + BLOCK]
        values = scores_of(own)
        held = owned[own]
        values[np.repeat(np.arange(len(own)), np.diff(held.indptr)), held.indices] = least
        values[:, denied] = least
        top = np.argpartition(values, -K, axis=1)[:, -K:]
        best = np.take_along_axis(values, top, 1)
        order = np.lexsort((top, -best), axis=1)
        best = np.take_along_axis(best, order, 1)
        made[start : start + BLOCK] = np.where(best > least, np.take_along_axis(top, order, 1), -1)
        scores[start : start + BLOCK] = np.where(best > least, best, 0)

    # In blocks over the cores: implicit makes lists user by user.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(block, range(0, len(users), BLOCK)))
    return made, scores


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

    def kept(self):
        return pl.DataFrame({"customers": self.counts})


class ItemItem:
    def fit(self, data):
        self.data = data
        self.model = CosineRecommender(K=51)
        self.model.fit(tf_idf(data), show_progress=False)
        similarity = self.model.similarity.tocsr()
        # Every product is its own nearest: that says nothing of what else to buy, or what to buy again.
        similarity.data[similarity.indices == np.repeat(np.arange(similarity.shape[0]), np.diff(similarity.indptr))] = 0
        similarity.eliminate_zeros()
        self.similarity = similarity
        return self

    def lists(self, owned, users, denied):
        return best_of(lambda own: (self.data[own] @ self.similarity).toarray(), owned, users, denied, 0)

    def own_scores(self, owned):
        return np.asarray((self.data @ self.similarity).multiply(owned > 0).tocsr()[owned.nonzero()]).ravel()

    def kept(self):
        of = self.similarity.tocoo()
        return pl.DataFrame({"product": of.row, "other": of.col, "similarity": of.data})


class Als:
    def fit(self, data):
        self.data = data
        strength = data.copy()
        strength.data = 1 + 6 * strength.data
        self.model = AlternatingLeastSquares(factors=64, regularization=PENALTY * data.shape[1], iterations=15, random_state=1)
        self.model.fit(strength, show_progress=False)
        return self

    def lists(self, owned, users, denied):
        products = self.model.item_factors.T
        return best_of(lambda own: self.model.user_factors[own] @ products, owned, users, denied, -np.inf)

    def own_scores(self, owned):
        rows = np.repeat(np.arange(owned.shape[0]), np.diff(owned.indptr))
        return np.einsum("ij,ij->i", self.model.user_factors[rows], self.model.item_factors[owned.indices])

    def kept(self):
        return pl.DataFrame(np.asarray(self.model.item_factors))


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


def filled(lists, scores, popular):
    """Where the model knows of fewer products, the popular ones that are not in the list yet."""
    short = np.flatnonzero((lists < 0).any(1))
    by_popularity = lists < 0
    for row in short:
        held = lists[row][lists[row] >= 0]
        added = popular[row][~np.isin(popular[row], held)]
        scores[row] = np.concatenate([scores[row][lists[row] >= 0], np.zeros(K - len(held))])
        lists[row] = np.concatenate([held, added])[:K]
        by_popularity[row] = np.arange(K) >= len(held)
    return lists, scores, by_popularity


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
    gone = as_of - last > 180 * DAY_MS
    return gone, ~gone & (sold >= 10) & (returned >= 0.5 * sold)


def reasons(owned, similarity, lists):
    """The past purchase that speaks most for each product of each list, by number; −1 where none does."""
    because = np.full(lists.shape, -1, np.int32)
    for start in range(0, len(lists), 512):
        rows = owned[start : start + 512]
        of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        # What each past purchase is similar to, as lists of products in every list of its customer.
        for place in range(lists.shape[1]):
            wanted = lists[start + of, place]
            strength = rows.data * np.asarray(similarity[rows.indices, wanted]).ravel()
            order = np.lexsort((-rows.indices, strength, of))
            best = order[rows.indptr[1:] - 1]
            because[start : start + 512, place] = np.where(strength[best] > 0, rows.indices[best], -1)
    return because


def similar_products(similarity, denied, names):
    """The ten most similar products of each product, without what must not be shown."""
    rows = np.repeat(np.arange(similarity.shape[0]), np.diff(similarity.indptr))
    shown = (similarity.indices != rows) & ~denied[similarity.indices]
    rows, others, scores = rows[shown], similarity.indices[shown], similarity.data[shown]
    order = np.lexsort((others, -scores, rows))
    rows = rows[order]
    position = np.arange(len(rows)) - np.searchsorted(rows, rows) + 1
    best = position <= K
    return pl.DataFrame(
        {
            "product_id": names[rows[best]],
            "position": position[best].astype(np.int32),
            "other_product_id": names[others[order][best]],
            "score": scores[order][best],
        }
    ).with_columns(relation=pl.lit("similar"), together=pl.lit(None, pl.Int64))


def bought_together(together, denied, products):
    """The strongest ten pairs of each product, both ways."""
    one = together.select(product_id="first", other_product_id="second", score="lift", together="orders").with_row_index("place")
    other = one.rename({"product_id": "other_product_id", "other_product_id": "product_id"})
    allowed = products.filter(pl.Series(~denied))
    return (
        pl.concat([one, other], how="diagonal")
        .lazy()
        .filter(pl.col("product_id").is_in(products.implode()) & pl.col("other_product_id").is_in(allowed.implode()))
        .sort("product_id", "place")
        .with_columns(position=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("product_id"))
        .filter(pl.col("position") <= K)
        .select("product_id", "position", "other_product_id", "score", relation=pl.lit("bought-together"), together=pl.col("together").cast(pl.Int64))
        .collect()
    )


def recommend(lines, as_of, folder):
    log, customers, products = read_log(lines)
    shape = (len(customers), len(products))
    cut, tested, new, repeats, chosen, settings = compare(log, shape, as_of)
    together = pairs(lines)
    gone, returned = excluded(lines, products, as_of)
    denied = gone | returned
    owned = history(log, shape, as_of)
    everyone = np.arange(len(customers))
    model = METHODS[chosen]().fit(history(log, shape, as_of, **settings))
    lists, scores = model.lists(owned, everyone, denied)
    popularity = Popularity().fit(owned)
    lists, scores, by_popularity = filled(lists, scores, popularity.lists(owned, everyone, denied)[0])
    similarity = (model.similarity if chosen == "item-item" else ItemItem().fit(owned).similarity).tocsr()
    because = reasons(owned, similarity, lists)
    names = products.to_numpy()
    model_id, popular_id = f"recommendations-{chosen}-1", "recommendations-popularity-1"
    entries = pl.DataFrame(
        {
            "customer_id": np.repeat(customers.to_numpy(), K),
            "position": np.tile(np.arange(1, K + 1, dtype=np.int32), len(customers)),
            "product_id": names[lists.ravel()],
            "score": scores.ravel().astype(float),
            "because_product_id": pl.Series(names[because.ravel()]).set(pl.Series(because.ravel() < 0), None),
            "model_id": np.where(by_popularity, popular_id, model_id).ravel(),
        }
    )
    related = pl.concat([similar_products(similarity, denied, names), bought_together(together, denied, products)], how="diagonal")
    card = {"cut": cut, "settings": settings, "new": new, "repeats": repeats, "denied": [int(gone.sum()), int(returned.sum())]}
    plain = lambda of: {name: plain(one) if isinstance(one, dict) else one.item() if hasattr(one, "item") else one for name, one in of.items()}
    keep(
        folder,
        "recommendations",
        {
            "lists.parquet": entries,
            "related.parquet": related,
            "model.parquet": model.kept(),
            "popularity.parquet": popularity.kept(),
            "model.json": {"models": [model_id, popular_id], "card": plain(card)},
        },
    )
    similar = related.filter(pl.col("relation") == "similar")
    pairs_kept = related.filter(pl.col("relation") == "bought-together")
    return {
        "tested": tested,
        "customers": len(customers),
        "products": len(products),
        "unavailable": int(gone.sum()),
        "mostly_returned": int(returned.sum()),
        "entries": len(entries),
        "by_popularity": int(by_popularity.sum()),
        "explained": len(entries) - entries["because_product_id"].null_count(),
        "similar": len(similar),
        "similar_score": similar["score"].sum(),
        "pairs": len(pairs_kept),
        "pairs_orders": pairs_kept["together"].sum(),
        "pairs_lift": pairs_kept["score"].sum(),
        "chosen": chosen,
        "ndcg": {name: one["ndcg"] for name, one in new.items()},
        "repeat_ndcg": {name: one["ndcg"] for name, one in repeats.items()},
    }
