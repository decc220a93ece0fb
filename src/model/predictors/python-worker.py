"""Loads one Python model and answers predictions over standard input and output, until its input ends.

A message, in both directions, is: the length of the header as 4 bytes, little-endian; the header, JSON; then the payload, whose
length the header gives. Columns of numbers travel as raw 64-bit floats, little-endian, so that no digit is lost.

Only bytes whose SHA-256 digest is the one that was scanned are ever loaded.
"""

import hashlib
import io
import json
import os
import struct
import sys
import threading
import time
import traceback

# The model's code may print. Its output goes to standard error, so that it cannot break into a message.
answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
requests = sys.stdin.buffer

# Modules of the user's project, as a script started in its folder would find them; not those beside this file.
sys.path[0] = os.getcwd()

COMPRESSED = (b"\x1f\x8b", b"\x78", b"BZh", b"\xfd7zXZ", b"\x5d\x00\x00", b"\x04\x22\x4d\x18")
JOBLIB_MARK = b"joblib.numpy_pickle"
# Calls of a traceback that are shown: pipelines and thread pools bury the one that matters under dozens of others.
INNERMOST = 6


def follow(parent):
    """Ends this process when its parent has died, also while the model is busy or hangs and reads no more requests."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def read_exactly(count):
    data = requests.read(count)
    if len(data) != count:
        raise EOFError("the request ended early")
    return data


def receive():
    length = requests.read(4)
    if not length:
        return None, b""
    header = json.loads(read_exactly(struct.unpack("<I", length)[0]))
    return header, read_exactly(header.get("bytes", 0))


def send(header, payload=b""):
    data = json.dumps({**header, "bytes": len(payload)}, allow_nan=False).encode()
    answers.write(struct.pack("<I", len(data)) + data + payload)
    answers.flush()


def load(request):
    with open(request["path"], "rb") as file:
        content = file.read()
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    if digest != request["digest"]:
        return None, {"changed": True}
    # joblib writes arrays between the opcodes, or compresses the whole, either of which plain pickle cannot read.
    if request["path"].endswith(".joblib") or JOBLIB_MARK in content or content.startswith(COMPRESSED):
        import joblib

        model = joblib.load(io.BytesIO(content))
    else:
        import pickle

        model = pickle.loads(content)
    if not hasattr(model, "predict"):
        raise TypeError(f"the file holds a {type(model).__name__}, which has no predict()")
    names = strings(getattr(model, "feature_names_in_", None))
    classes = getattr(model, "classes_", None)
    return model, {
        "features": names,
        "classes": None if classes is None else [label(value) for value in classes],
        "importances": importances(model, names),
        "expects": "array" if names is None and hasattr(model, "n_features_in_") else "frame",
    }


def strings(values):
    return None if values is None else [str(value) for value in values]


def label(value):
    """A class as JSON can carry it: text, or a number."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, (int, float, str)) else str(value)


def importances(model, names):
    """The model's own importance of each column, or None where it has none, or none that can be compared."""
    try:
        steps = [step for _, step in getattr(model, "steps", [])]
        final = steps[-1] if steps else model
        weights = getattr(final, "feature_importances_", None)
        if weights is None and getattr(final, "coef_", None) is not None and scales(model):
            import numpy

            weights = numpy.abs(numpy.atleast_2d(final.coef_)).mean(axis=0)
        if weights is None or names is None:
            return None
        weights = [float(weight) for weight in weights]
        columns = names if not steps else columns_of(model[:-1].get_feature_names_out(), names)
        total = sum(weights)
        if columns is None or len(columns) != len(weights) or not total > 0:
            return None
        shares = dict.fromkeys(names, 0.0)
        for column, weight in zip(columns, weights):
            shares[column] += weight / total
        return shares
    except Exception:  # a nicety: what a model cannot tell is measured by permutation instead
        return None


def scales(model):
    """Whether features are brought to one scale before the model: only then can coefficients be compared."""
    parts = [step for _, step in getattr(model, "steps", [])[:-1]]
    while parts:
        part = parts.pop()
        if type(part).__name__.endswith("Scaler"):
            return True
        parts += [step for _, step in getattr(part, "steps", [])]
        parts += [item[1] for item in getattr(part, "transformers_", [])]
    return False


def columns_of(derived, names):
    """The column that each derived feature (`onehot__colour_red`) was made from; None when one cannot be told."""
    columns = []
    for feature in derived:
        bare = str(feature).split("__", 1)[-1]
        fitting = [name for name in names if bare == name or bare.startswith(name + "_")]
        if not fitting:
            return None
        columns.append(max(fitting, key=len))
    return columns


def table(request, payload, expects):
    """The rows as the model wants them: a DataFrame where pandas is there and the model knows names, else an array."""
    import numpy

    columns, offset = {}, 0
    for column in request["columns"]:
        if column["kind"] == "numbers":
            end = offset + 8 * request["rows"]
            values = numpy.frombuffer(payload[offset:end], dtype="<f8")
        else:
            end = offset + column["bytes"]
            values = json.loads(payload[offset:end])
        columns[column["name"]] = values
        offset = end
    if expects == "frame":
        try:
            import pandas

            return pandas.DataFrame(columns)
        except ImportError:
            pass
    if all(isinstance(values, numpy.ndarray) for values in columns.values()):
        return numpy.column_stack(list(columns.values()))
    return numpy.array([list(row) for row in zip(*columns.values())], dtype=object)


def transformed(model, rows):
    """The last step of a scikit-learn pipeline and the rows as they reach it: both answers need them, so once is enough."""
    if type(model).__module__ != "sklearn.pipeline" or type(model).__name__ != "Pipeline" or len(model.steps) < 2:
        return model, rows
    return model.steps[-1][1], model[:-1].transform(rows)


def predict(model, request, payload, expects):
    import numpy

    rows = table(request, payload, expects)
    model, rows = transformed(model, rows)
    values = numpy.asarray(model.predict(rows)).ravel()
    if values.dtype.kind in "iuf":
        header, body = {"labels": "numbers"}, values.astype("<f8").tobytes()
    else:
        header, body = {"labels": "text"}, json.dumps([str(label(value)) for value in values]).encode()
    header.update(rows=len(values), labelBytes=len(body))
    if hasattr(model, "predict_proba"):
        probabilities = numpy.asarray(model.predict_proba(rows), dtype="<f8")
        header["shape"] = list(probabilities.shape)
        body += probabilities.tobytes()
    return header, body


def main():
    threading.Thread(target=follow, args=(os.getppid(),), daemon=True).start()
    model, expects = None, "frame"
    while True:
        request, payload = receive()
        if request is None:
            return
        try:
            if request["op"] == "load":
                model, header = load(request)
                expects = header.get("expects", "frame")
                body = b""
            else:
                header, body = predict(model, request, payload, expects)
        except Exception as error:  # whatever the model does wrong is told, and the next request may go well
            header = {
                "error": f"{type(error).__name__}: {error}",
                "missing": isinstance(error, ImportError),
                "traceback": "".join(traceback.format_exception(error, limit=-INNERMOST)),
            }
            body = b""
        send(header, body)


main()
