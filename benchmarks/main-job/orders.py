"""Import: an order file into checked, classified lines with exact money, and the codes that are no products."""

import hashlib
from datetime import datetime, timezone
from pathlib import Path

import polars as pl

NON_PRODUCT_WORDS = {
    "postage": r"(^|[^a-z])(postage|shipping|carriage|delivery (fee|charge|cost)|freight|porto|versand(kosten)?|livraison|"
    r"frais de port|envio|gastos de envio|spedizione|spese di spedizione|p&p)([^a-z]|$)",
    "fee": r"(^|[^a-z])(bank charges?|amazon fee|commission|handling fee|gebuhr(en)?|frais bancaires|comision(es)?|"
    r"commissioni)([^a-z]|$)|^(fee|fees)( |$)",
    "manual correction": r"^(manual|adjust|adjustment|adjust bad debt|bad debt|correction|korrektur|ajuste|rettifica|"
    r"ajustement)([^a-z]|$)|adjustment by|bad debt",
    "discount": r"^(discount|rabatt|remise|descuento|sconto)([^a-z]|$)",
    "sample": r"^(samples?|muster|echantillons?|muestras?|campion[ei])( |$)",
    "gift voucher": r"(^|[^a-z])(gift ?(voucher|card|certificate)|geschenkgutschein|gutschein|bon cadeau|carte cadeau|"
    r"tarjeta regalo|vale regalo|buono regalo|dotcomgiftshop gift voucher)([^a-z]|$)",
    "test": r"^(this is a test|test product|testprodukt|test$)|(^|[^a-z])test(product|produkt)?[0-9]*$",
}
TIMEZONE = "Europe/London"


def import_orders(path, folder):
    """Reads, checks and writes the lines; returns them and a summary."""
    fingerprint = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    read = pl.read_parquet(path)
    columns = read.columns
    text = {name: pl.col(name).str.strip_chars().replace("", None) for name in ("Invoice", "StockCode", "Description", "Country")}
    amounts = {
        "order_id": text["Invoice"],
        "product_id": text["StockCode"],
        "description": text["Description"],
        "country": text["Country"],
        "quantity": pl.col("Quantity"),
        "unit_price_micros": (pl.col("Price") * 1e6).round().cast(pl.Int64),
        "customer_id": pl.col("Customer ID").cast(pl.Int64),
        "occurred_at": pl.col("InvoiceDate")
        .str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="ms")
        .dt.replace_time_zone(TIMEZONE, ambiguous="earliest", non_existent="null")
        .dt.convert_time_zone("UTC"),
        "line_hash": pl.struct(columns).hash(seed=1),
    }
    parsed = read.lazy().select(**amounts).with_row_index("row_number", offset=1).with_columns(
        amount_micros=pl.col("unit_price_micros") * pl.col("quantity")
    )
    bad = (
        pl.col("order_id").is_null()
        | pl.col("occurred_at").is_null()
        | (pl.col("occurred_at").dt.year() < 1970)
        | (pl.col("occurred_at") > pl.lit(datetime.now(timezone.utc)))
        | pl.col("quantity").is_null()
        | (pl.col("quantity") == 0)
        | pl.col("unit_price_micros").is_null()
    ).fill_null(False)
    parsed = parsed.with_columns(is_bad=bad).collect()
    quarantined = parsed.filter("is_bad")
    lines = parsed.filter(~pl.col("is_bad")).drop("is_bad")

    prefixes = (
        read.lazy()
        .filter(pl.col("Invoice") >= "A")
        .select(prefix=pl.col("Invoice").str.extract("^([A-Za-z]+)[0-9]"), negative=pl.col("Quantity") < 0)
        .group_by("prefix")
        .agg(pl.col("negative").mean())
        .filter(pl.col("prefix").is_not_null() & (pl.col("negative") >= 0.95))
        .collect()["prefix"]
        .to_list()
    )
    marked = pl.any_horizontal([pl.col("order_id").str.starts_with(prefix) for prefix in prefixes]) if prefixes else pl.lit(False)
    kind = (
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
    lines = lines.lazy().with_columns(
        kind=kind, ordinal=pl.int_range(pl.len(), dtype=pl.Int32).over("line_hash")
    ).collect()
    codes = non_products(lines)
    lines = lines.with_columns(is_no_product=pl.col("product_id").is_in(codes["product_id"].implode()).fill_null(False))
    lines.write_parquet(Path(folder) / "lines.parquet", compression="lz4")
    quarantined.write_parquet(Path(folder) / "quarantine.parquet")
    codes.write_parquet(Path(folder) / "non-products.parquet")
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
    return lines, {"sha256": fingerprint, "read": len(read), "quarantined": len(quarantined), "non_products": len(codes), **counted}


def non_products(lines):
    """By the code or the description that a code has most often."""
    codes = (
        lines.lazy()
        .filter(pl.col("product_id").is_not_null())
        .group_by("product_id", "description")
        .len()
        .sort("len", descending=True)
        .group_by("product_id", maintain_order=True)
        .agg(pl.col("description").drop_nulls().first(), lines=pl.col("len").sum())
        .collect()
    )
    has_digit = codes["product_id"].str.contains("[0-9]")
    share = codes.filter(has_digit)["lines"].sum() / codes["lines"].sum()
    words = (pl.col("description").fill_null("") + " " + pl.col("product_id")).str.to_lowercase()
    rule = pl.coalesce(
        *[pl.when(words.str.contains(pattern)).then(pl.lit(name)) for name, pattern in NON_PRODUCT_WORDS.items()],
        pl.when(~pl.col("product_id").str.contains("[0-9]") & pl.lit(share >= 0.9)).then(pl.lit("code without digits")),
    )
    return codes.with_columns(rule=rule).filter(pl.col("rule").is_not_null()).select("product_id", "rule")
