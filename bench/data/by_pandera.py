"""The sixteen rules as a pandera schema, on Polars or on pandas: by_pandera.py polars|pandas FILE ROWS"""
import sys

backend, path, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
if backend == "polars":
    import pandera.polars as pa
    import polars as pl

    data = pl.read_parquet(path)
    text, whole, number, day = pl.String, pl.Int64, pl.Float64, pl.Date
    small = pl.Int32
else:
    import pandas as pd
    import pandera.pandas as pa

    data = pd.read_parquet(path)
    text, whole, number, day, small = None, "int64", "float64", None, "int32"

schema = pa.DataFrameSchema(
    {
        "id": pa.Column(whole, unique=True, nullable=False),
        "age": pa.Column(small, [pa.Check.ge(18), pa.Check.le(120)], nullable=False),
        "income": pa.Column(number, pa.Check.ge(0), nullable=False),
        "score": pa.Column(small, [pa.Check.ge(0), pa.Check.le(850)], nullable=True),
        "region": pa.Column(text, pa.Check.isin(["north", "south", "east", "west"])),
        "method": pa.Column(text, pa.Check.isin(["card", "cash", "bank"])),
        "code": pa.Column(text, pa.Check.str_matches("^C[0-9]{6}$")),
        "rate": pa.Column(number, [pa.Check.ge(0), pa.Check.le(1)], nullable=True),
        "day": pa.Column(day, nullable=False),
    }
)
schema.validate(data)
assert 1 <= len(data) <= rows
