"""The codes in order lines that are no products, by the other side's rules."""

import unicodedata

import polars as pl

WORDS = {
    "postage": r"(^|[^a-z])(postage|shipping|versand(kosten)?|delivery (fee|charge|cost)s?|frais de (port|livraison)|gastos de envio|"
    r"spese di spedizione|p&p)([^a-z]|$)|^([a-z]+ )?(carriage|freight|porto|livraison|envio|spedizione)( (charge|fee|cost)s?)?$",
    "fee": r"(^|[^a-z])(bank charges?|amazon ?fee|handling fee|(bank|bearbeitungs)?gebuhr(en)?|frais bancaires)([^a-z]|$)|"
    r"^([a-z]+ )?(fees?|commissions?|comision(es)?|commissioni)$",
    "manual correction": r"^(manual|adjust|adjustment|korrektur|correction|ajuste|rettifica|ajustement)$|"
    r"^adjust(ment)? (by|bad debt)([^a-z]|$)|(^|[^a-z])bad debt([^a-z]|$)|^(manual|price|stock) (adjustment|correction)",
    "discount": r"^([a-z]+ )?(discounts?|rabatt|remise|descuento|sconto)([^a-z]*)$",
    "sample": r"^(samples?|muster|echantillons?|muestras?|campion[ei])$",
    "gift voucher": r"(^|[^a-z])(gift ?(voucher|certificate)|geschenkgutschein|gutschein|bon cadeau|vale regalo|buono regalo)s?([^a-z]|$)|"
    r"^([a-z]+ )?(gift ?card|carte cadeau|tarjeta regalo)s?[^a-z]*$",
    "test": r"^(this is a test|test product|testprodukt)([^a-z]|$)|^test[0-9]*$",
}


def without_accents(text):
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def non_products(lines):
    """
    By the description on more than half of a code's described lines, or by the code itself where it has none; and, where
    nine lines in ten have codes with a digit, by having none and another price on at least half of the lines.
    """
    known = lines.filter(pl.col("product_id").is_not_null())
    named = known.group_by("product_id", "description").len("lines").collect()
    words = pl.coalesce("description", "product_id").str.strip_chars().str.to_lowercase()
    named = named.with_columns(words=words, is_described=pl.col("description").is_not_null())
    foreign = named.filter(~pl.col("words").str.contains("^[\x00-\x7f]*$"))["words"].unique()
    if len(foreign):
        plain = [without_accents(text) for text in foreign]
        named = named.with_columns(pl.col("words").replace(foreign, plain))
    rule = pl.coalesce(*[pl.when(pl.col("words").str.contains(pattern)).then(pl.lit(name)) for name, pattern in WORDS.items()])
    described = pl.col("lines").filter("is_described").sum().over("product_id")
    all_lines = pl.when(described > 0).then(described).otherwise(pl.col("lines").sum().over("product_id"))
    by_words = (
        named.lazy()
        .with_columns(rule=rule, all_lines=all_lines)
        .filter(pl.col("rule").is_not_null())
        .group_by("product_id", "rule")
        .agg(pl.col("lines").sum(), pl.col("all_lines").first())
        .filter(pl.col("lines") * 2 > pl.col("all_lines"))
        .group_by("product_id")
        .agg(pl.col("rule").min())
        .collect()
    )
    has_digit = pl.col("product_id").str.contains("[0-9]")
    if named.select(pl.col("lines").filter(has_digit).sum() < 0.9 * pl.col("lines").sum()).item():
        return by_words
    without_digits = named.lazy().filter(~has_digit).select("product_id").unique()
    by_shape = (
        known.join(without_digits, on="product_id", how="semi")
        .filter(pl.col("unit_price_micros") != 0)
        .group_by("product_id")
        .agg(lines=pl.len(), prices=pl.col("unit_price_micros").n_unique())
        .filter((pl.col("lines") >= 5) & (pl.col("prices") * 2 >= pl.col("lines")))
        .join(by_words.lazy(), on="product_id", how="anti")
        .select("product_id", rule=pl.lit("code without digits"))
        .collect()
    )
    return pl.concat([by_words, by_shape])
