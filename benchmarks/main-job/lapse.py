"""Lapse: periods, populations and labels by the other side's rules; three calibrated candidates judged on a later cut."""

import json

import numpy as np
import polars as pl
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, precision_recall_fscore_support, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from features import DAY_MS, compute_features
from orders import TIMEZONE

LENGTHS = np.array([14, 30, 60, 90, 120, 180, 270, 365])
PENALTIES = (1, 10, 100)


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


class Linear:
    """Signed logarithms, imputed with indicators, standardised and without near copies; then a logistic regression."""

    def __init__(self, names):
        self.names = names

    def prepare(self, table):
        numbers = table.select([name for name in self.names if name != "first_country"]).to_numpy()
        return np.sign(numbers) * np.log1p(np.abs(numbers))

    def matrix(self, table):
        data = self.scaler.transform(self.imputer.transform(self.prepare(table)))
        if self.has_country:
            dummies = self.encoder.transform(table["first_country"].to_numpy().astype(str)[:, None])
            data = np.hstack([data, self.dummy_scaler.transform(dummies)])
        return np.clip(data[:, self.kept], -5, 5)

    def fit_preparation(self, table):
        self.has_country = "first_country" in self.names
        self.imputer = SimpleImputer(strategy="median", add_indicator=True)
        imputed = self.imputer.fit_transform(self.prepare(table))
        self.scaler = StandardScaler().fit(imputed)
        if self.has_country:
            words = table["first_country"].to_numpy().astype(str)[:, None]
            self.encoder = OneHotEncoder(
                min_frequency=max(10, -(-len(table) // 200)), handle_unknown="infrequent_if_exist", sparse_output=False
            ).fit(words)
            self.dummy_scaler = StandardScaler().fit(self.encoder.transform(words))
        self.kept = slice(None)
        data = self.matrix(table)
        spread = data.std(0) > 1e-9
        correlation = np.abs(np.corrcoef(data[:, spread].T)) if spread.sum() > 1 else np.eye(spread.sum())
        kept = []
        for column in range(len(correlation)):
            if not kept or correlation[column, kept].max() <= 0.9:
                kept.append(column)
        self.kept = np.flatnonzero(spread)[kept]
        return data[:, self.kept]

    def fit(self, table, labels):
        data = self.fit_preparation(table)
        self.models = {
            penalty: LogisticRegression(C=1 / penalty, solver="newton-cholesky").fit(data, labels) for penalty in PENALTIES
        }
        self.means = data.mean(0)
        return self

    def margins(self, table):
        data = self.matrix(table)
        return {penalty: model.decision_function(data) for penalty, model in self.models.items()}


def tree_data(table, countries):
    numbers = table.select(pl.exclude("customer_id", "lapsed", "first_country")).to_numpy()
    codes = table["first_country"].replace_strict(countries, default=None, return_dtype=pl.Float64).to_numpy()
    return np.column_stack([numbers, codes])


def boosting(seed, rounds, columns, early):
    return HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_leaf_nodes=15,
        min_samples_leaf=20,
        l2_regularization=1,
        max_iter=rounds,
        early_stopping=early,
        validation_fraction=0.2,
        n_iter_no_change=15,
        tol=0,
        categorical_features=[columns - 1],
        random_state=seed,
    )


def platt(margins, labels):
    model = LogisticRegression(C=np.inf).fit(margins[:, None], labels)
    return lambda values: model.predict_proba(values[:, None])[:, 1]


def fit_candidate(kind, table, labels, folds, seed, countries):
    """A scorer fitted on everything, its calibration, and honest probabilities of the training rows."""
    if kind == "boosting":
        data = tree_data(table, countries)
        out_of_fold = np.empty(len(table))
        rounds = []
        for at, (train, test) in enumerate(folds):
            model = boosting(seed + at, 300, data.shape[1], True).fit(data[train], labels[train])
            out_of_fold[test] = model.decision_function(data[test])
            rounds.append(max(1, model.n_iter_ - 15))
        final = boosting(seed, sorted(rounds)[2], data.shape[1], False).fit(data, labels)
        score = lambda other: final.decision_function(tree_data(other, countries))
        explain = None
    else:
        names = ["recency_days"] if kind == "recency" else [n for n in table.columns if n not in ("customer_id", "lapsed")]
        scores = {penalty: np.empty(len(table)) for penalty in PENALTIES}
        for train, test in folds:
            fitted = Linear(names).fit(table[train], labels[train]).margins(table[test])
            for penalty in PENALTIES:
                scores[penalty][test] = fitted[penalty]
        signs = 2 * labels - 1
        best = min(PENALTIES, key=lambda penalty: np.logaddexp(0, -signs * scores[penalty]).mean())
        out_of_fold = scores[best]
        final = Linear(names).fit(table, labels)
        score = lambda other: final.margins(other)[best]
        explain = lambda other: (final.matrix(other) - final.means) * final.models[best].coef_[0]
    honest = np.empty(len(table))
    for train, test in folds:
        honest[test] = platt(out_of_fold[train], labels[train])(out_of_fold[test])
    calibration = platt(out_of_fold, labels)
    return {"kind": kind, "honest": honest, "predict": lambda other: calibration(score(other)), "explain": explain}


def judge(probabilities, labels):
    precision, recall, f1, _ = precision_recall_fscore_support(labels, probabilities >= 0.5, average="binary")
    top = np.argsort(-probabilities)[: max(1, len(labels) // 10)]
    return {
        "auc": roc_auc_score(labels, probabilities),
        "pr_auc": average_precision_score(labels, probabilities),
        "log_loss": log_loss(labels, probabilities),
        "brier": brier_score_loss(labels, probabilities),
        "lift": labels[top].mean() / labels.mean(),
        "f1": f1,
    }


def predict_lapse(lines, as_of, folder, seed=1):
    sales = lines.lazy().filter((pl.col("kind") == "sale") & pl.col("customer_id").is_not_null()).select(
        "customer_id", "occurred_at", pl.col("occurred_at").dt.epoch("ms").alias("at")
    ).collect().lazy()
    first = sales.select(pl.col("at").min()).collect().item()
    horizon, active, training_cut, test_cut = choose_periods(sales, first, as_of)
    # Windows that reach back beyond the records are left out.
    beyond = [f"_{days}d" for days in (7, 30, 90, 365) if days * DAY_MS > training_cut - first]
    trend = ["_trend"] if 180 * DAY_MS > training_cut - first else []

    def at_cut(cut):
        people = population(sales, cut, horizon, active)
        table = compute_features(lines, cut)
        return people.join(table, on="customer_id", how="left", maintain_order="left").select(
            pl.exclude("^.*(" + "|".join([*beyond, *trend, "NONE"]) + ")$")
        )

    training, test, now = at_cut(training_cut), at_cut(test_cut), at_cut(as_of)
    labels, test_labels = training["lapsed"].to_numpy().astype(int), test["lapsed"].to_numpy().astype(int)
    countries = {name: float(code) for code, name in enumerate(sorted(training["first_country"].unique().to_list()))}
    folds = list(StratifiedKFold(5, shuffle=True, random_state=seed).split(labels, labels))
    candidates = [
        fit_candidate(kind, training, labels, folds, seed, countries) for kind in ("recency", "logistic", "boosting")
    ]
    qualities = {one["kind"]: judge(one["predict"](test), test_labels) for one in candidates}
    losses = [-np.log(np.where(labels == 1, one["honest"], 1 - one["honest"])) for one in candidates]
    best = 0
    for candidate in range(1, 3):
        gain = losses[best] - losses[candidate]
        if gain.mean() > gain.std() / np.sqrt(len(gain)):
            best = candidate
    folds = list(StratifiedKFold(5, shuffle=True, random_state=seed).split(test_labels, test_labels))
    final = fit_candidate(candidates[best]["kind"], test, test_labels, folds, seed, countries)
    probabilities = final["predict"](now)
    scored = {"customer_id": now["customer_id"], "probability": probabilities}
    if final["explain"] is not None:
        effects = final["explain"](now)
        strongest = np.argsort(-np.abs(effects), axis=1)[:, :3]
        values = np.take_along_axis(effects, strongest, 1)
        scored["reasons"] = [
            json.dumps([{"feature": int(column), "effect": round(effect, 6)} for column, effect in zip(columns, own)])
            for columns, own in zip(strongest.tolist(), values.tolist())
        ]
    pl.DataFrame(scored).write_parquet(f"{folder}/lapse.parquet")
    return {
        "horizon_days": horizon,
        "active_days": active,
        "training": [len(labels), int(labels.sum())],
        "test": [len(test_labels), int(test_labels.sum())],
        "auc": {kind: quality["auc"] for kind, quality in qualities.items()},
        "log_loss": {kind: quality["log_loss"] for kind, quality in qualities.items()},
        "chosen": final["kind"],
        "scored": len(now),
        "expected_lapses": float(probabilities.sum()),
    }
