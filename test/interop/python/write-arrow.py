"""Writes the same table in every layout of Arrow and in Parquet, and prints its values as DuckDB writes them as text."""

import datetime as dt
import decimal
import json
import os
import sys

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.feather as feather
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

folder = sys.argv[1]
D = decimal.Decimal
columns = {
    "int8": (pa.array([1, None, -3], pa.int8()), ["1", None, "-3"]),
    "uint16": (pa.array([1, 65535, None], pa.uint16()), ["1", "65535", None]),
    "int64": (pa.array([9007199254740993, None, -(2**63)], pa.int64()), ["9007199254740993", None, "-9223372036854775808"]),
    "uint64": (pa.array([2**64 - 1, 0, None], pa.uint64()), ["18446744073709551615", "0", None]),
    "half": (pa.array([1.5, None, -2.0], pa.float16()), ["1.5", None, "-2.0"]),
    "float": (pa.array([0.5, None, float("nan")], pa.float32()), ["0.5", None, "nan"]),
    "double": (pa.array([0.1, None, float("inf")]), ["0.1", None, "inf"]),
    "bool": (pa.array([True, None, False]), ["true", None, "false"]),
    "text": (pa.array(["é😀", None, ""]), ["é😀", None, ""]),
    "large_text": (pa.array(["a", None, "b"], pa.large_string()), ["a", None, "b"]),
    "dictionary": (pa.array(["x", None, "y"]).dictionary_encode(), ["x", None, "y"]),
    "binary": (pa.array([b"ab", None, b""], pa.binary()), ["ab", None, ""]),
    "date": (pa.array([dt.date(2024, 1, 31), None, dt.date(1969, 12, 31)]), ["2024-01-31", None, "1969-12-31"]),
    "seconds": (pa.array([dt.datetime(2024, 1, 31, 12), None, None], pa.timestamp("s")), ["2024-01-31 12:00:00", None, None]),
    "millis": (pa.array([1706702400005, None, -1], pa.timestamp("ms")), ["2024-01-31 12:00:00.005", None, "1969-12-31 23:59:59.999"]),
    "micros": (pa.array([1706702400000007, None, -1], pa.timestamp("us")), ["2024-01-31 12:00:00.000007", None, "1969-12-31 23:59:59.999999"]),
    "nanos": (pa.array([1706702400000000007, None, None], pa.timestamp("ns")), ["2024-01-31 12:00:00.000000007", None, None]),
    "zoned": (pa.array([1706702400000007, None, None], pa.timestamp("us", "Europe/Berlin")), ["2024-01-31 12:00:00.000007+00", None, None]),
    "time": (pa.array([dt.time(12, 30, 1, 5), None, None], pa.time64("us")), ["12:30:01.000005", None, None]),
    "decimal": (pa.array([D("123.45"), None, D("-0.01")], pa.decimal128(20, 2)), ["123.45", None, "-0.01"]),
    "list": (pa.array([[1, None, 3], None, []], pa.list_(pa.int32())), ["[1, NULL, 3]", None, "[]"]),
    "struct": (
        pa.array([{"a": 1, "b": {"c": "x"}}, None, {"a": None, "b": None}], pa.struct([("a", pa.int64()), ("b", pa.struct([("c", pa.string())]))])),
        ["{'a': 1, 'b': {'c': x}}", None, "{'a': NULL, 'b': NULL}"],
    ),
    "nothing": (pa.nulls(3), [None, None, None]),
}
table = pa.table({name: values for name, (values, _text) in columns.items()})
for codec in ("uncompressed", "lz4", "zstd"):
    feather.write_feather(table, os.path.join(folder, f"{codec}.feather"), compression=codec)
for codec in (None, "lz4", "zstd"):
    with ipc.new_stream(os.path.join(folder, f"stream-{codec}.arrow"), table.schema, options=ipc.IpcWriteOptions(compression=codec)) as writer:
        writer.write_table(table, max_chunksize=2)
pq.write_table(table.drop_columns(["half"]), os.path.join(folder, "table.parquet"))
feather.write_feather(table.slice(0, 0), os.path.join(folder, "empty.feather"))
feather.write_feather(pa.table({"x": pa.array([i % 977 for i in range(100_000)]).dictionary_encode()}), os.path.join(folder, "many.feather"), compression="lz4", chunksize=3000)
parts = pa.table({"x": [1, 2, 3], "day": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None], "region": ["a b", "ü/ö", "c"]})
ds.write_dataset(parts, os.path.join(folder, "parts"), format="parquet", partitioning=ds.partitioning(pa.schema([("day", pa.date32()), ("region", pa.string())]), flavor="hive"))
codec = pa.Codec("zstd")
with open(os.path.join(folder, "two-frames.csv.zst"), "wb") as file:
    file.write(codec.compress(b"a,b\n1,2\n", asbytes=True) + codec.compress(b"3,4\n" * 50_000, asbytes=True))
print(json.dumps({name: text for name, (_values, text) in columns.items()}))
