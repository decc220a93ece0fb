"""The sixteen answers by one lazy Polars query written by hand."""
import sys

import polars as pl

c = pl.col
checks = [
    pl.len().alias("rows"),
    c("id").is_null().sum().alias("id_null"),
    (c("id").count() - c("id").n_unique()).alias("id_repeated"),
    c("age").is_null().sum().alias("age_null"),
    (c("age") < 18).sum().alias("age_low"),
    (c("age") > 120).sum().alias("age_high"),
    (c("income").is_null() | ~c("income").is_finite()).sum().alias("income_null"),
    (c("income") < 0).sum().alias("income_low"),
    (c("score") < 0).sum().alias("score_low"),
    (c("score") > 850).sum().alias("score_high"),
    (~c("region").is_in(["north", "south", "east", "west"])).sum().alias("region"),
    (~c("method").is_in(["card", "cash", "bank"])).sum().alias("method"),
    (~c("code").str.contains("^C[0-9]{6}$")).sum().alias("code"),
    (c("rate") < 0).sum().alias("rate_low"),
    (c("rate") > 1).sum().alias("rate_high"),
    c("day").is_null().sum().alias("day_null"),
]
row = pl.scan_parquet(sys.argv[1]).select(checks).collect(engine="streaming").row(0)
assert not any(row[1:]), row
