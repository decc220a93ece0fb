"""The rows of a request as the model wants them: a pandas data frame, or arrays where pandas is missing.

Columns come as pandas would read them from a file: numbers are float64 with NaN for what is missing, truth values are bool (objects
when some are missing), text is text with NaN for what is missing.
"""


def columns_of(request, payload):
    """Column by name, in the model's order. Numbers lie in the payload one column after the other, before everything else."""
    import numpy

    rows = request["rows"]
    described = request["columns"]
    columns = {column["name"]: None for column in described}
    offset = 0

    def take(dtype, count):
        nonlocal offset
        part = numpy.frombuffer(payload, dtype, count, offset)
        offset += part.nbytes
        return part

    for column in described:
        if column["kind"] == "numbers":
            columns[column["name"]] = take("<f8", rows)
    for column in described:
        kind, name = column["kind"], column["name"]
        if kind == "booleans":
            columns[name] = truths(take("u1", rows))
        elif kind == "dictionary":
            codes = take("<i4", rows)
            columns[name] = numpy.append(texts(take, column, column["entries"]), numpy.nan)[codes]
        elif kind == "text":
            kept = take("u1", rows) if column["missing"] else None
            values = texts(take, column, rows)
            if kept is not None:
                values[kept == 0] = numpy.nan
            columns[name] = values
        elif kind == "mixed":
            columns[name] = mixed(take, column, take("u1", rows))
    return columns


def truths(bytes_):
    """0 and 1; 2 stands for what is missing."""
    import numpy

    if not (bytes_ > 1).any():
        return bytes_.astype(bool)
    values = bytes_.astype(bool).astype(object)
    values[bytes_ > 1] = numpy.nan
    return values


def texts(take, column, count):
    """`count` texts, in UTF-8 end to end, with their ends before them."""
    import numpy

    ends = take("<i4", count).tolist()
    whole = bytes(take("u1", column["length"]))
    values = numpy.empty(count, dtype=object)
    if whole.isascii():  # then a character is a byte, and one decoding does for all
        whole = whole.decode("ascii")
        values[:] = [whole[start:end] for start, end in zip([0, *ends], ends)]
    else:
        values[:] = [whole[start:end].decode() for start, end in zip([0, *ends], ends)]
    return values


def mixed(take, column, kinds):
    """A column of several kinds of cells: 0 missing, 1 number, 2 false, 3 true, 4 text. Whole numbers are int, as in JSON."""
    import numpy

    values = numpy.full(len(kinds), numpy.nan, dtype=object)
    numbers = take("<f8", column["numbers"]).tolist()
    values[kinds == 1] = [int(number) if number.is_integer() else number for number in numbers]
    values[kinds == 2] = False
    values[kinds == 3] = True
    values[kinds == 4] = texts(take, column, column["texts"])
    return values


def frame(request, payload, types=None, categories=()):
    """The rows as a data frame; where pandas is missing, as a dictionary of arrays.

    types: what a model declares of its columns, for example {"age": "int64"}. A column is brought to its type when no value is
    lost by it.
    categories: names of columns that the model was given as categories.
    """
    try:
        import pandas
    except ImportError:
        return columns_of(request, payload)
    names = [column["name"] for column in request["columns"]]
    if all(column["kind"] == "numbers" for column in request["columns"]):
        rows = pandas.DataFrame(block(request, payload).T, columns=names, copy=False)
    else:
        rows = pandas.DataFrame(columns_of(request, payload), columns=names, copy=False)
    for name, wanted in (types or {}).items():
        if name in rows.columns:
            rows[name] = brought_to(rows[name], wanted)
    for name in categories:
        rows[name] = brought_to(rows[name], "int64").astype("category")
    return rows


def brought_to(column, wanted):
    """The column as this type, or as it is where a value would be lost."""
    kind = getattr(column.dtype, "kind", "O")
    if kind == "f" and wanted.startswith("int"):
        most = 2**31 - 1 if wanted == "int32" else 2**53
        return column.astype(wanted) if ((column % 1 == 0) & (column.abs() <= most)).all() else column
    if kind in "fb" and wanted in ("float32", "float64", "bool"):
        exact = column.astype(wanted)
        return exact if ((exact == column) | column.isna()).all() else column
    return column


def block(request, payload):
    """Columns of numbers alone: they lie one after the other, as pandas keeps them itself, so that nothing is copied."""
    import numpy

    count = len(request["columns"])
    return numpy.frombuffer(payload, "<f8", count * request["rows"]).reshape(count, request["rows"])


def array(request, payload):
    """The rows as a matrix: of numbers, or of objects when there is anything else."""
    import numpy

    if all(column["kind"] == "numbers" for column in request["columns"]):
        return numpy.ascontiguousarray(block(request, payload).T)
    columns = list(columns_of(request, payload).values())
    kind = float if all(values.dtype.kind in "fb" for values in columns) else object
    return numpy.column_stack([values.astype(kind) for values in columns])
