"""pandas: tables, indexes, extension arrays and their types, dates, offsets."""

import datetime
import inspect

import numpy as np
import pandas as pd
from pandas.tseries import offsets


def objects():
    rows = pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 2.5], "c": ["x", "y", None], "d": pd.date_range("2020", periods=3), "e": [True, False, True]})
    rows["f"] = pd.Categorical(["u", "v", "u"])
    rows["g"] = pd.Categorical(["u", "v", "u"], ordered=True)
    rows["h"] = pd.timedelta_range("1D", periods=3)
    yield "table", rows
    yield "table", rows.set_index("a")
    yield "table", rows.set_index(["a", "c"])
    yield "table", rows.groupby("f", observed=True).sum(numeric_only=True)
    yield "table", pd.get_dummies(rows[["c"]], sparse=True)
    yield "table", rows.convert_dtypes()
    yield "table", rows.T
    yield "table", rows[["a", "b"]].astype("float32")
    yield "table", rows.astype({"a": "int8"})
    for name in rows:
        yield name, rows[name]
        yield name, rows[name].array
        yield name, rows[name].dtype
        yield name, pd.Index(rows[name])
        yield name, rows[name].iloc[0]
    values = {
        "Int8": [1, None], "Int16": [1, None], "Int32": [1, None], "Int64": [1, None], "UInt8": [1, None], "UInt16": [1, None],
        "UInt32": [1, None], "UInt64": [1, None], "Float32": [1.5, None], "Float64": [1.5, None], "boolean": [True, None],
        "string": ["a", None], "string[python]": ["a", None], "string[pyarrow]": ["a", None], "str": ["a", None], "category": ["a", None], "Sparse[int]": [1, 0], "Sparse[float]": [1, 0], "object": ["a", None],
        "interval": pd.interval_range(0, 2), "period[D]": pd.period_range("2020", periods=2, freq="D"), "period[M]": pd.period_range("2020", periods=2, freq="M"),
        "datetime64[ns, UTC]": pd.date_range("2020", periods=2, tz="UTC"), "datetime64[ns, Europe/Berlin]": pd.date_range("2020", periods=2, tz="Europe/Berlin"),
        "timedelta64[ns]": pd.timedelta_range("1D", periods=2), "datetime64[s]": pd.date_range("2020", periods=2),
        "float16": [1.0, 2.0], "uint8": [1, 2], "int16": [1, 2], "complex128": [1j, 2], "bool": [True, False], "int64[pyarrow]": [1, None], "double[pyarrow]": [1.0, None], "timestamp[ns][pyarrow]": pd.date_range("2020", periods=2),
    }
    for name, value in values.items():
        try:
            column = pd.Series(value, dtype=name)
        except Exception:
            continue
        yield name, column
        yield name, column.array
        yield name, column.dtype
        yield name, column.iloc[0]
        yield name, pd.DataFrame({"a": column, "b": column})
        try:
            yield name, pd.Index(column)
        except Exception:
            pass
    for index in (
        pd.RangeIndex(3), pd.Index([1, 2]), pd.Index([1.5]), pd.Index(["a"]), pd.Index([1, 2], dtype="uint64"), pd.MultiIndex.from_product([[1, 2], ["a"]]),
        pd.CategoricalIndex(["a"]), pd.date_range("2020", periods=3, freq="D"), pd.date_range("2020", periods=3, freq="MS"), pd.timedelta_range("1D", periods=3), pd.interval_range(0, 3),
        pd.period_range("2020", periods=3, freq="M"), pd.date_range("2020", periods=3, freq="B"), pd.date_range("2020", periods=3, tz="UTC"), pd.Index([True, False]),
        pd.date_range("2020", periods=3, tz=datetime.timezone.utc), pd.bdate_range("2020", periods=3), pd.date_range("2020", periods=3, freq="W-MON"),
    ):
        yield "index", index
        yield "index", pd.Series(range(len(index)), index=index)
        yield "index", pd.DataFrame({"a": range(len(index))}, index=index)
    for value in (
        pd.NA, pd.NaT, pd.Timestamp("2020"), pd.Timestamp("2020", tz="UTC"), pd.Timestamp("2020", tz="Europe/Berlin"), pd.Timedelta("1D"), pd.Period("2020", "M"),
        pd.Interval(0, 1), pd.Timestamp("2020", tz=datetime.timezone.utc), pd.Categorical(["a"]), pd.CategoricalDtype(["a"]), pd.IntervalDtype("int64"), pd.PeriodDtype("M"),
        pd.DatetimeTZDtype(tz="UTC"), pd.SparseDtype(float), pd.StringDtype(), pd.Grouper(key="a"), pd.NamedAgg("a", "sum"), pd.Flags if hasattr(pd, "Flags") else 1,
    ):
        yield "value", value
    for name, found in inspect.getmembers(offsets, inspect.isclass):
        try:
            yield name, found()
        except Exception:
            try:
                yield name, found(weekday=1, startingMonth=1)
            except Exception:
                pass
    yield "holidays", pd.tseries.holiday.USFederalHolidayCalendar() if hasattr(pd.tseries, "holiday") else None
    yield "offset", offsets.CustomBusinessDay(holidays=[np.datetime64("2020-01-01")])
    yield "offset", pd.DateOffset(months=1)
    for value in (rows.groupby("f", observed=True), rows.rolling(2), rows.style if hasattr(rows, "nothing") else rows["a"].rolling(2), rows["a"].ewm(1), rows["c"].str, rows["d"].dt):
        yield "view", value
    for found in (pd.to_numeric, pd.to_datetime, pd.isna, pd.notna, pd.isnull, pd.cut, pd.qcut, pd.get_dummies, pd.concat, pd.factorize, pd.DataFrame, pd.Series, pd.Index, pd.Categorical):
        yield "function", found
