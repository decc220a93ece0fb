"""Loads a model. Of files, only bytes whose SHA-256 digest is the one that was scanned are ever loaded."""

import hashlib
import importlib
import io
import os

from .boosters import Booster, is_booster
from .estimators import Estimator
from .functions import model_of

COMPRESSED = (b"\x1f\x8b", b"\x78", b"BZh", b"\xfd7zXZ", b"\x5d\x00\x00", b"\x04\x22\x4d\x18")
JOBLIB_MARK = b"joblib.numpy_pickle"


class Changed(Exception):
    """The file is not the one that was scanned."""


def load(request):
    loaders = {"pickle": pickled, "skops": skops, "xgboost": xgboost, "lightgbm": lightgbm, "callable": called}
    return loaders[request["kind"]](request)


def admitted(request):
    """The bytes of the file, which are loaded as they are here: nobody can change them any more."""
    with open(request["path"], "rb") as file:
        content = file.read()
    if digest_of(content) != request["digest"]:
        raise Changed()
    return content


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def pickled(request):
    content = admitted(request)
    # joblib writes arrays between the opcodes, or compresses the whole, either of which plain pickle cannot read.
    if request["path"].endswith(".joblib") or JOBLIB_MARK in content or content.startswith(COMPRESSED):
        import joblib

        model = joblib.load(io.BytesIO(content))
    else:
        import pickle

        model = pickle.loads(content)
    return Booster(model) if is_booster(model) else Estimator(model)


def xgboost(request):
    """A file of XGBoost's own, as its MLflow flavor keeps it: JSON or UBJSON."""
    content = admitted(request)
    import xgboost

    kind = request.get("class") or "Booster"
    model = getattr(xgboost, kind)()
    model.load_model(bytearray(content))
    return Booster(model) if kind == "Booster" else Estimator(model)


def lightgbm(request):
    """A file of LightGBM's own, as its MLflow flavor keeps it: text."""
    content = admitted(request)
    import lightgbm

    return Booster(lightgbm.Booster(model_str=content.decode()))


def skops(request):
    """A file of skops, which makes nothing but types that it is told to trust; those of scikit-learn, NumPy and SciPy it trusts."""
    content = admitted(request)
    import skops.io

    return Estimator(skops.io.loads(content, trusted=list(request["trusted"])))


def called(request):
    """A name of the user's own code. The module is found as a script in the project's folder would find it."""
    module = importlib.import_module(request["module"])
    found = module
    for part in request["attribute"].split("."):
        found = getattr(found, part)
    model = model_of(found, f"{request['module']}:{request['attribute']}")
    source = getattr(module, "__file__", None)
    if source is not None and os.path.isfile(source):
        with open(source, "rb") as file:
            model.digest = digest_of(file.read())
    return model
