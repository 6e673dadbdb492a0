"""The polars side of defined-features.mjs: the same features of the same pairs, each as of its own moment.

    python defined-features.py FOLDER

FOLDER holds events.parquet, moments.parquet and definitions.json. Writes theirs.parquet; prints seconds and memory.
"""

import json
import resource
import sys
import time
from pathlib import Path

import polars as pl

DAY = 86_400_000
folder = Path(sys.argv[1])
definitions = json.loads((folder / "definitions.json").read_text())


def aggregates(value):
    """The aggregates that an expression is made of, each a dict."""
    if "aggregate" in value:
        return [value]
    if "trend" in value:
        return [value["trend"], before(value["trend"])]
    (parts,) = value.values()
    return [one for part in parts.values() for one in aggregates(part)]


def before(aggregate):
    return {**aggregate, "window": {**aggregate["window"], "skip": aggregate["window"]["last"]}}


def key(aggregate):
    return json.dumps(aggregate, sort_keys=True)


def counts(aggregate):
    """Which facts count."""
    test = pl.col("name") == aggregate["from"]["events"]
    window = aggregate.get("window")
    if window:
        skip = window.get("skip", {"count": 0})["count"]
        test &= (pl.col("age") >= skip) & (pl.col("age") < skip + window["last"]["count"])
    return test


def computed(aggregate):
    test = counts(aggregate)
    value = pl.col(aggregate["of"]) if "of" in aggregate else None
    what = aggregate["aggregate"]
    if what == "count":
        return test.sum().cast(pl.Float64)
    if what == "sum":
        return pl.when(test).then(value).sum() / 1e6
    if what == "average":
        return pl.when(test.any()).then(pl.when(test).then(value).sum() / 1e6 / test.sum())
    if what in ("min", "max"):
        return getattr(pl.when(test).then(value), what)() / 1e6
    if what == "distinct":
        return value.filter(test).n_unique().cast(pl.Float64)
    if what in ("first", "last"):
        order = [pl.col(name).filter(test) for name in ("occurred_at", "key")]
        in_order = value.filter(test).sort_by(order)
        return in_order.first() if what == "first" else in_order.last()
    moment = pl.when(test).then(pl.col("occurred_at"))
    since = moment.min() if what == "time-since-first" else moment.max()
    return (pl.col("as_of").first() - since) / DAY


def arithmetic(value, at):
    if "aggregate" in value:
        zero = value["aggregate"] in ("count", "sum", "distinct")
        column = pl.col(at[key(value)])
        return column.fill_null(0) if zero else column
    if "trend" in value:
        now, then = (arithmetic(one, at) for one in (value["trend"], before(value["trend"])))
        return pl.when(now + then != 0).then((now - then) / (now + then))
    if "ratio" in value:
        of, by = arithmetic(value["ratio"]["of"], at), arithmetic(value["ratio"]["by"], at)
        return pl.when(by != 0).then(of / by)
    return arithmetic(value["difference"]["of"], at) - arithmetic(value["difference"]["minus"], at)


start = time.perf_counter()
all_aggregates = {key(one): one for definition in definitions for one in aggregates(definition["value"])}
at = {form: f"a{index}" for index, form in enumerate(all_aggregates)}
moments = pl.scan_parquet(folder / "moments.parquet").with_row_index("moment")
events = pl.scan_parquet(folder / "events.parquet").with_columns(
    known_at=pl.max_horizontal("occurred_at", "received_at"), name=pl.col("name").cast(pl.Categorical)
)
known = (
    moments.join(events, on="customer_id")
    .filter(pl.col("known_at") <= pl.col("as_of"))
    .with_columns(age=pl.col("as_of") // DAY - pl.col("occurred_at") // DAY)
)
values = known.group_by("moment").agg(**{at[form]: computed(one) for form, one in all_aggregates.items()})
training = (
    moments.join(values, on="moment", how="left")
    .select(
        "customer_id",
        "as_of",
        **{definition["name"]: arithmetic(definition["value"], at) for definition in definitions},
    )
    .collect()
)
seconds = time.perf_counter() - start
training.write_parquet(folder / "theirs.parquet")
usage = resource.getrusage(resource.RUSAGE_SELF)
megabytes = usage.ru_maxrss // 1024
processor = usage.ru_utime + usage.ru_stime
print(json.dumps({"seconds": seconds, "megabytes": megabytes, "processor": processor, "version": pl.__version__}))
