"""The three candidates for lapse: recency alone, a logistic regression, boosted trees; calibrated out of fold."""

import os
from concurrent.futures import ThreadPoolExecutor

import lightgbm as lgb
import numpy as np
import polars as pl
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import OneHotEncoder, StandardScaler

PENALTIES = (3, 30, 300)
ROUNDS, PATIENCE, HELD_BACK = 200, 15, 0.2
CATEGORY = "first_country"


def customer_numbers(table):
    return np.unique(table["customer_id"].to_numpy(), return_inverse=True)[1]


def folds_of(customers, labels, seed):
    """With many rows three folds train on enough; all rows of a customer, one for each cut, are in one fold."""
    ever = np.bincount(customers, labels) > 0
    splitter = StratifiedKFold(3 if len(labels) > 2000 else 5, shuffle=True, random_state=seed)
    held = [np.isin(customers, test) for _, test in splitter.split(np.zeros(len(ever)), ever)]
    return [(np.flatnonzero(~test), np.flatnonzero(test)) for test in held]


class Linear:
    """Signed logarithms, imputed with indicators, standardised and without near copies; then a logistic regression."""

    def __init__(self, names):
        self.names = names
        self.numbers = [name for name in names if name != CATEGORY]

    def prepare(self, table):
        values = table.select(self.numbers).to_numpy()
        return np.sign(values) * np.log1p(np.abs(values))

    def matrix(self, table):
        data = self.scaler.transform(self.imputer.transform(self.prepare(table)))
        if self.has_category:
            dummies = self.encoder.transform(table[CATEGORY].to_numpy().astype(str)[:, None])
            data = np.hstack([data, self.dummy_scaler.transform(dummies)])
        return np.clip(data[:, self.kept], -5, 5)

    def fit_preparation(self, table):
        self.has_category = CATEGORY in self.names
        self.imputer = SimpleImputer(strategy="median", add_indicator=True)
        imputed = self.imputer.fit_transform(self.prepare(table))
        self.scaler = StandardScaler().fit(imputed)
        column_names = [*self.numbers, *(self.numbers[at] for at in self.imputer.indicator_.features_)]
        if self.has_category:
            words = table[CATEGORY].to_numpy().astype(str)[:, None]
            self.encoder = OneHotEncoder(
                min_frequency=max(10, -(-len(table) // 200)), handle_unknown="infrequent_if_exist", sparse_output=False
            ).fit(words)
            dummies = self.encoder.transform(words)
            self.dummy_scaler = StandardScaler().fit(dummies)
            column_names += [CATEGORY] * dummies.shape[1]
        self.kept = slice(None)
        data = self.matrix(table)
        spread = np.flatnonzero(data.std(0) > 1e-9)
        correlation = np.atleast_2d(np.abs(np.corrcoef(data[:, spread].T)))
        kept = []
        for column in range(len(correlation)):
            if not kept or correlation[column, kept].max() <= 0.9:
                kept.append(column)
        self.kept = spread[kept]
        self.feature_of = np.array([self.names.index(column_names[column]) for column in self.kept])
        return data[:, self.kept]

    def fit(self, table, labels, penalties=PENALTIES):
        data = self.fit_preparation(table)
        self.models = {
            penalty: LogisticRegression(C=1 / penalty, solver="newton-cholesky").fit(data, labels) for penalty in penalties
        }
        self.means = data.mean(0)
        return self

    def margins(self, table):
        data = self.matrix(table)
        return {penalty: model.decision_function(data) for penalty, model in self.models.items()}

    def effects(self, table, penalty):
        """`[n × features]` what each feature moves the log odds by, against an average customer."""
        own = (self.matrix(table) - self.means) * self.models[penalty].coef_[0]
        return own @ np.eye(len(self.names))[self.feature_of]


def tree_data(table, names, countries):
    codes = pl.col(CATEGORY).replace_strict(countries, default=None, return_dtype=pl.Float64)
    return table.select(codes if name == CATEGORY else pl.col(name) for name in names).to_numpy()


def boosted(data, labels, customers, columns, seed, rounds=None):
    """Without a number of rounds, customers are held back to find it; the rounds up to the best are kept."""
    settings = {
        "objective": "binary", "learning_rate": 0.1, "num_leaves": 15, "min_data_in_leaf": 20, "min_sum_hessian_in_leaf": 0,
        "lambda_l2": 1, "max_bin": 255, "num_threads": 1, "force_col_wise": True, "verbosity": -1, "seed": seed,
    }
    sets = {"categorical_feature": [columns.index(CATEGORY)], "free_raw_data": True}
    if rounds is not None:
        return lgb.train(settings, lgb.Dataset(data, labels, **sets), rounds)
    different = np.random.default_rng(seed).permutation(np.unique(customers))
    held = np.isin(customers, different[: round(HELD_BACK * len(different))])
    training = lgb.Dataset(data[~held], labels[~held], **sets)
    judging = lgb.Dataset(data[held], labels[held], reference=training, **sets)
    return lgb.train(settings, training, ROUNDS, valid_sets=[judging], callbacks=[lgb.early_stopping(PATIENCE, verbose=False)])


def platt(margins, labels):
    """A sigmoid of the score, or everybody's share where scores say nothing."""
    model = None if np.ptp(margins) == 0 else LogisticRegression(C=np.inf, solver="newton-cholesky").fit(margins[:, None], labels)
    if model is None or model.coef_[0, 0] <= 0:
        share = labels.mean()
        return (lambda values: np.full(len(values), share)), {"share": share}
    slope, intercept = model.coef_[0, 0], model.intercept_[0]
    return (lambda values: 1 / (1 + np.exp(-(slope * values + intercept)))), {"slope": slope, "intercept": intercept}


def fit_trees(table, labels, customers, names, folds, seed, countries):
    data = tree_data(table, names, countries)
    out_of_fold = np.empty(len(table))

    def fold(at):
        train, test = folds[at]
        model = boosted(data[train], labels[train], customers[train], names, seed + at)
        out_of_fold[test] = model.predict(data[test], raw_score=True, num_threads=1)
        return model.best_iteration

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rounds = sorted(pool.map(fold, range(len(folds))))
    final = boosted(data, labels, customers, names, seed, max(1, rounds[len(rounds) // 2]))
    score = lambda other: final.predict(tree_data(other, names, countries), raw_score=True)
    # TreeSHAP; the last column is what everybody has.
    explain = lambda other: final.predict(tree_data(other, names, countries), pred_contrib=True)[:, :-1]
    return out_of_fold, score, explain, final.model_to_string


def fit_linear(table, labels, names, folds):
    scores = {penalty: np.empty(len(table)) for penalty in PENALTIES}

    def fold(at):
        train, test = folds[at]
        fitted = Linear(names).fit(table[train], labels[train]).margins(table[test])
        for penalty in PENALTIES:
            scores[penalty][test] = fitted[penalty]

    for at in range(len(folds)):
        fold(at)
    signs = 2 * labels - 1
    best = min(PENALTIES, key=lambda penalty: np.logaddexp(0, -signs * scores[penalty]).mean())
    final = Linear(names).fit(table, labels, (best,))
    describe = lambda: {"features": names, "columns": final.kept.tolist(), "coefficients": final.models[best].coef_[0].tolist()}
    return scores[best], lambda other: final.margins(other)[best], lambda other: final.effects(other, best), describe


def fit_candidate(kind, table, labels, names, seed, countries):
    """A scorer fitted on everything, its calibration, and honest probabilities of the training rows."""
    customers = customer_numbers(table)
    folds = folds_of(customers, labels, seed)
    wanted = ["recency_days"] if kind == "recency" else names
    if kind == "boosting":
        out_of_fold, score, explain, describe = fit_trees(table, labels, customers, wanted, folds, seed, countries)
    else:
        out_of_fold, score, explain, describe = fit_linear(table, labels, wanted, folds)
    honest = np.empty(len(table))
    for train, test in folds:
        honest[test] = platt(out_of_fold[train], labels[train])[0](out_of_fold[test])
    calibrate, calibration = platt(out_of_fold, labels)
    return {
        "kind": kind,
        "names": wanted,
        "honest": honest,
        "predict": lambda other: calibrate(score(other)),
        "explain": explain,
        "describe": lambda: {"kind": kind, "calibration": calibration, "model": describe()},
    }
