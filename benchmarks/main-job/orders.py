"""Import: an order file into checked, classified lines with exact money, in one batch that can be taken back."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import polars as pl

from keep import keep
from non_products import non_products

TIMEZONE = "Europe/London"
CURRENCY = "GBP"
TEXTS = {"order_id": "Invoice", "product_id": "StockCode", "description": "Description", "country": "Country"}
SOURCES = {**TEXTS, "occurred_at": "InvoiceDate", "quantity": "Quantity", "price_micros": "Price", "customer_id": "Customer ID"}


def parsed_lines(path):
    price = pl.col("Price") * 1e6
    quantity = pl.col("Quantity").cast(pl.Int64)
    is_priced = price.abs() < 1e18
    micros = pl.when(is_priced).then(price.round()).cast(pl.Int64)
    is_small = (quantity.abs().cast(pl.Float64) * price.abs()) < 9e18
    return pl.scan_parquet(path).with_row_index("row_number", offset=1).select(
        "row_number",
        *[pl.col(source).str.strip_chars().replace("", None).alias(name) for name, source in TEXTS.items()],
        pl.col("Customer ID").cast(pl.Int64).alias("customer_id"),
        pl.col("InvoiceDate")
        .str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="ms")
        .dt.replace_time_zone(TIMEZONE, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC")
        .alias("occurred_at"),
        quantity.alias("quantity"),
        micros.alias("unit_price_micros"),
        pl.when(is_small).then(micros * quantity).alias("amount_micros"),
        is_rounded=(price - price.round()).abs() > 1e-4,
    )


def checks():
    """What keeps a record out, the first that holds: code, column, what must hold, and where it fails."""
    at, now = pl.col("occurred_at"), pl.lit(datetime.now(timezone.utc))
    price, quantity = pl.col("unit_price_micros"), pl.col("quantity")
    return (
        ("order-id", "order_id", "a record must say its order", pl.col("order_id").is_null()),
        ("date", "occurred_at", "the date must be one, written as the column writes it", at.is_null()),
        ("time", "occurred_at", "the date must be between 1970 and now", (at.dt.year() < 1970) | (at > now)),
        ("quantity", "quantity", "the quantity must be a number", quantity.is_null()),
        ("quantity", "quantity", "the quantity must not be 0", quantity == 0),
        ("price", "price_micros", "the price must be a number below 10¹²", price.is_null()),
        ("amount", "quantity", "quantity × price must be below 9·10¹²", pl.col("amount_micros").is_null()),
    )


QUARANTINE = {"row_number": pl.UInt32, "column": pl.String, "code": pl.String, "reason": pl.String, "raw": pl.String, "nth": pl.Int64}


def quarantined(path, bad, rules, earlier):
    """Bad records as they were, with reason, row and column; those that an earlier batch holds are left out."""
    if bad.is_empty():
        return pl.DataFrame(schema=QUARANTINE)
    raw = pl.scan_parquet(path).with_row_index("row_number", offset=1).join(bad.lazy().select("row_number", "problem"), on="row_number")
    facts = pl.LazyFrame(
        {
            "problem": range(len(rules)),
            "column": [SOURCES[column] for _, column, _, _ in rules],
            "code": [code for code, *_ in rules],
            "must": [must for _, _, must, _ in rules],
        },
        schema_overrides={"problem": pl.Int8},
    )
    read = raw.join(facts, on="problem").sort("row_number").collect()
    names = [name for name in read.columns if name not in ("row_number", "problem", "column", "code", "must")]
    cells = read.select(names).rows(named=True)
    reasons = [f"{must}, got {str('' if cell[column] is None else cell[column]).strip()[:80] or 'nothing'}" for must, column, cell in zip(read["must"], read["column"], cells)]
    made = (
        read.select("row_number", "column", "code")
        .with_columns(reason=pl.Series(reasons, dtype=pl.String), raw=pl.Series([json.dumps(cell) for cell in cells], dtype=pl.String))
        .with_columns(nth=pl.int_range(pl.len()).over("raw"))
    )
    if not earlier:
        return made
    held = pl.read_parquet([batch.with_name("quarantine.parquet") for batch in earlier], columns=["raw", "nth"])
    return made.join(held, on=["raw", "nth"], how="anti", maintain_order="left")


def cancellation_prefixes(path):
    """Letters before order ids whose lines are, nearly all, negative."""
    return (
        pl.scan_parquet(path)
        .filter(pl.col("Invoice") >= "A")
        .select(prefix=pl.col("Invoice").str.extract("^([A-Za-z]+)[0-9]"), negative=pl.col("Quantity") < 0)
        .group_by("prefix")
        .agg(pl.col("negative").mean())
        .filter(pl.col("prefix").is_not_null() & (pl.col("negative") >= 0.95))
        .collect()["prefix"]
        .to_list()
    )


def kind_of(prefixes):
    marked = pl.any_horizontal([pl.col("order_id").str.contains(f"^{prefix}[0-9]") for prefix in prefixes]) if prefixes else pl.lit(False)
    return (
        pl.when(pl.col("unit_price_micros") < 0)
        .then(pl.lit("adjustment"))
        .when(marked)
        .then(pl.lit("cancellation"))
        .when((pl.col("quantity") < 0) & (pl.col("amount_micros") == 0))
        .then(pl.lit("adjustment"))
        .when((pl.col("quantity") < 0) | (pl.col("amount_micros") < 0))
        .then(pl.lit("cancellation"))
        .otherwise(pl.lit("sale"))
        .cast(pl.Enum(["sale", "cancellation", "adjustment"]))
    )


def keyed(parsed, rules):
    """With the first rule that fails, and a 128-bit key: the record's content and how-manieth equal record it is."""
    problem = pl.coalesce(*[pl.when(fails).then(pl.lit(place, pl.Int8)) for place, (*_, fails) in enumerate(rules)])
    content = pl.struct("order_id", "customer_id", "product_id", "description", "country", "quantity", "unit_price_micros", "amount_micros", "occurred_at")
    made = parsed.with_columns(problem=problem, key_1=content.hash(seed=1), key_2=content.hash(seed=2)).collect()
    # Few records repeat: only those are counted within their key.
    again = made.lazy().filter(pl.col("problem").is_null()).filter(pl.col("key_1").is_duplicated())
    nth = again.select("row_number", ordinal=pl.int_range(pl.len(), dtype=pl.Int32).over("key_1", "key_2")).filter(pl.col("ordinal") > 0)
    made = made.join(nth.collect(), on="row_number", how="left", maintain_order="left").with_columns(pl.col("ordinal").fill_null(0))
    apart = pl.when(pl.col("ordinal") > 0)
    return made.with_columns(
        key_1=apart.then(pl.struct("key_1", "ordinal").hash(seed=1)).otherwise("key_1"),
        key_2=apart.then(pl.struct("key_2", "ordinal").hash(seed=2)).otherwise("key_2"),
    )


def without_known(lines, earlier):
    """The lines that no earlier batch holds."""
    if not earlier:
        return lines
    held = pl.scan_parquet(earlier).select("key_1", "key_2")
    return lines.lazy().join(held, on=["key_1", "key_2"], how="anti", maintain_order="left").collect()


def with_earlier(lines, earlier):
    """What the rules for codes judge by: the lines of every batch."""
    judged = ["product_id", "description", "unit_price_micros"]
    return pl.concat([pl.scan_parquet(earlier).select(judged), lines.lazy().select(judged)]) if earlier else lines.lazy()


def import_orders(path, folder):
    """Reads, checks and commits a batch of lines; returns them and a summary."""
    pool = ThreadPoolExecutor(1)
    fingerprint = pool.submit(lambda: hashlib.sha256(Path(path).read_bytes()).hexdigest())
    prefixes = cancellation_prefixes(path)
    rules = checks()
    parsed = keyed(parsed_lines(path), rules)
    bad = parsed.filter(pl.col("problem").is_not_null())
    earlier = sorted(Path(folder).glob("batch-*/lines.parquet"))
    quarantine = quarantined(path, bad, rules, earlier)
    good = parsed.lazy().filter(pl.col("problem").is_null()).drop("problem").with_columns(kind=kind_of(prefixes)).collect()
    lines = without_known(good, earlier)
    codes = non_products(with_earlier(lines, earlier))
    batch = 1 + max((int(one.parent.name.removeprefix("batch-")) for one in earlier), default=0)
    warnings = {
        "negative prices": int((lines["unit_price_micros"] < 0).sum()),
        "more than six decimals": int(lines["is_rounded"].sum()),
    }
    lines = lines.drop("is_rounded").with_columns(
        is_no_product=pl.col("product_id").is_in(codes["product_id"].implode()).fill_null(False)
    )
    facts = {
        "batch": batch,
        "file": str(path),
        "sha256": fingerprint.result(),
        "imported_at": datetime.now(timezone.utc).isoformat(),
        "settings": {"currency": CURRENCY, "timezone": TIMEZONE},
        "read": len(parsed),
        "accepted": len(lines),
        "duplicates": len(good) - len(lines) + len(bad) - len(quarantine),
        "quarantined": len(quarantine),
        "reasons": quarantine.group_by("code", "column").len().rows(),
        "warnings": warnings,
    }
    # Taking a batch back is to remove its folder. A file that was taken before changes nothing.
    if len(lines) + len(quarantine) > 0:
        keep(folder, f"batch-{batch}", {"lines.parquet": lines, "quarantine.parquet": quarantine, "non-products.parquet": codes, "batch.json": facts})
    counted = lines.select(
        sales=(pl.col("kind") == "sale").sum(),
        cancelled_lines=(pl.col("kind") == "cancellation").sum(),
        adjustments=(pl.col("kind") == "adjustment").sum(),
        repeated=(pl.col("ordinal") > 0).sum(),
        without_customer=pl.col("customer_id").is_null().sum(),
        customers=pl.col("customer_id").drop_nulls().n_unique(),
        orders=pl.col("order_id").n_unique(),
        quantity=pl.col("quantity").sum(),
        amount_micros=pl.col("amount_micros").sum(),
    ).row(0, named=True)
    return lines, {**{name: facts[name] for name in ("sha256", "read", "duplicates", "quarantined")}, "non_products": len(codes), **counted}
