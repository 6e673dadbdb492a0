"""The pandas side of ../defined-features.mjs: the same features of the same pairs, each as of its own moment.

    python pandas_side.py FOLDER

FOLDER holds events.parquet, moments.parquet and definitions.json. Writes pandas.parquet; prints seconds and memory.
Counts and sums of all windows are columns of one frame, added up by one grouping; so are least and greatest values.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

DAY = 86_400_000
folder = Path(sys.argv[1])
definitions = json.loads((folder / "definitions.json").read_text())


def before(aggregate):
    return {**aggregate, "window": {**aggregate["window"], "skip": aggregate["window"]["last"]}}


def aggregates(value):
    """The aggregates that an expression is made of, each a dict."""
    if "aggregate" in value:
        return [value]
    if "trend" in value:
        return [value["trend"], before(value["trend"])]
    (parts,) = value.values()
    return [one for part in parts.values() for one in aggregates(part)]


def key(aggregate):
    return json.dumps(aggregate, sort_keys=True)


start = time.perf_counter()
moments = pd.read_parquet(folder / "moments.parquet")
moments["moment"] = np.arange(len(moments))
events = pd.read_parquet(folder / "events.parquet")
for column in ("name", "product_id", "source"):
    events[column] = events[column].astype("category")
known = moments.merge(events, on="customer_id")
known = known[np.maximum(known["occurred_at"], known["received_at"]) <= known["as_of"]]
known = known.sort_values(["occurred_at", "key"], kind="stable", ignore_index=True)
age = (known["as_of"] // DAY - known["occurred_at"] // DAY).to_numpy()
names = {name: (known["name"] == name).to_numpy() for name in known["name"].cat.categories}
group = known["moment"].to_numpy()


def counts(aggregate):
    """Which facts count."""
    test = names[aggregate["from"]["events"]]
    window = aggregate.get("window")
    if not window:
        return test
    skip = window.get("skip", {"count": 0})["count"]
    return test & (age >= skip) & (age < skip + window["last"]["count"])


def added(weights=None, test=None):
    """Sums over the facts of each moment, exact: whole numbers below 2^53."""
    rows = group[test]
    return np.bincount(rows, weights=None if weights is None else weights[test], minlength=len(moments)).astype(float)


def reduced(aggregate):
    """One number or text for each moment, NaN where it is missing."""
    test = counts(aggregate)
    what = aggregate["aggregate"]
    n = added(test=test)
    if what == "count":
        return n
    if what in ("sum", "average"):
        total = added(known[aggregate["of"]].to_numpy(), test) / 1e6
        if what == "sum":
            return total
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(n > 0, total / n, np.nan)
    if what == "distinct":
        pairs = pd.DataFrame({"moment": group[test], "of": known[aggregate["of"]].cat.codes.to_numpy()[test]})
        return np.bincount(pairs.drop_duplicates()["moment"], minlength=len(moments)).astype(float)
    # Facts are in order: the first of a moment is its earliest.
    if what in ("first", "last"):
        own = known.loc[test, ["moment", aggregate["of"]]]
        own = own.drop_duplicates("moment", keep=what).set_index("moment")[aggregate["of"]]
        return own.astype(object).reindex(range(len(moments))).to_numpy()
    if what in ("min", "max"):
        own = known.loc[test].groupby("moment")[aggregate["of"]].agg(what) / 1e6
        return own.reindex(range(len(moments))).to_numpy()
    keep = "first" if what == "time-since-first" else "last"
    own = known.loc[test, ["moment", "occurred_at"]].drop_duplicates("moment", keep=keep).set_index("moment")
    since = own["occurred_at"].reindex(range(len(moments))).to_numpy()
    return (moments["as_of"].to_numpy() - since) / DAY


values = {key(one): None for definition in definitions for one in aggregates(definition["value"])}
for form in values:
    values[form] = reduced(json.loads(form))


def arithmetic(value):
    if "aggregate" in value:
        return values[key(value)]
    with np.errstate(invalid="ignore", divide="ignore"):
        if "trend" in value:
            now, then = (arithmetic(one) for one in (value["trend"], before(value["trend"])))
            return np.where(now + then != 0, (now - then) / (now + then), np.nan)
        if "ratio" in value:
            of, by = arithmetic(value["ratio"]["of"]), arithmetic(value["ratio"]["by"])
            return np.where(by != 0, of / by, np.nan)
    return arithmetic(value["difference"]["of"]) - arithmetic(value["difference"]["minus"])


training = pd.DataFrame(
    {
        "customer_id": moments["customer_id"],
        "as_of": moments["as_of"],
        **{definition["name"]: arithmetic(definition["value"]) for definition in definitions},
    }
)
seconds = time.perf_counter() - start
training.to_parquet(folder / "pandas.parquet")
usage = resource.getrusage(resource.RUSAGE_SELF)
megabytes = usage.ru_maxrss // 1024
processor = usage.ru_utime + usage.ru_stime
print(json.dumps({"seconds": seconds, "megabytes": megabytes, "processor": processor, "version": pd.__version__}))
