"""What a model says of rows, and its bytes."""

import sys


class Answer:
    """Labels as values, or as indices into the classes; probabilities; for several labels at once, indicators instead of labels."""

    def __init__(self, values=None, codes=None, probabilities=None, indicators=None, classes=None):
        self.values = values
        self.codes = codes
        self.probabilities = probabilities
        self.indicators = indicators
        # Where they are told with the answer; None where they were told when the model was loaded.
        self.classes = classes

    def encode(self):
        """The header, and the parts of the payload in order: labels, probabilities."""
        header, parts = self._labels()
        if self.classes is not None:
            header["classes"] = [label(value) for value in self.classes]
        if self.probabilities is not None:
            import numpy

            probabilities = numpy.ascontiguousarray(self.probabilities, dtype="<f8")
            header["probabilities"] = list(probabilities.shape)
            parts.append(probabilities.reshape(-1))
        header["parts"] = [memoryview(part).nbytes for part in parts]
        return header, parts

    def _labels(self):
        import numpy

        if self.indicators is not None:
            indicators = numpy.ascontiguousarray(self.indicators, dtype="u1")
            return {"labels": "indicators", "rows": len(indicators), "width": indicators.shape[1]}, [indicators.reshape(-1)]
        if self.codes is not None:
            return {"labels": "codes", "rows": len(self.codes)}, [self.codes.astype("<i4")]
        values = self.values
        if values.dtype.kind in "iuf":
            return {"labels": "numbers", "rows": len(values)}, [values.astype("<f8")]
        codes, entries = dictionary(values)
        texts = [str(label(entry)).encode("utf-8", "replace") for entry in entries]
        ends = numpy.cumsum([len(text) for text in texts], dtype="<i4")
        header = {"labels": "dictionary", "rows": len(values), "entries": len(entries)}
        return header, [codes.astype("<i4"), ends, b"".join(texts)]


def dictionary(values):
    """The different values, and for each row the index of its own; -1 for what is missing (None, NaN)."""
    import numpy

    pandas = sys.modules.get("pandas")
    if pandas is not None:
        return pandas.factorize(values.astype(object))
    index = {}
    codes = [-1 if is_missing(value) else index.setdefault(value, len(index)) for value in values.tolist()]
    return numpy.array(codes, dtype="<i4"), list(index)


def is_missing(value):
    return value is None or value != value


def label(value):
    """A class as JSON can carry it: text, or a number."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value - value != 0:  # JSON knows neither NaN nor infinity
        return str(value)
    return value if isinstance(value, (int, float, str)) else str(value)
