"""XGBoost and LightGBM: boosters without the interface of scikit-learn, and columns that are categories."""

import json
import re
import sys

from .answers import Answer


def library(model):
    return type(model).__module__.split(".")[0]


def is_booster(model):
    return type(model).__name__ == "Booster" and library(model) in ("xgboost", "lightgbm")


def booster_of(model):
    """The trees of a model of either library; None for every other model."""
    if is_booster(model):
        return model
    if library(model) == "xgboost" and hasattr(model, "get_booster"):
        return model.get_booster()
    return getattr(model, "booster_", None) if library(model) == "lightgbm" else None


def are_made_up(model, names):
    """LightGBM names the columns of an array Column_0 and so on: no names of the data."""
    return library(model) == "lightgbm" and names is not None and all(re.fullmatch(r"Column_\d+", name) for name in names)


def categories(model):
    """Positions of the columns that must come as categories. Their values are kept in the model and are found again by it."""
    booster = booster_of(model)
    if booster is None:
        return []
    if library(model) == "xgboost":
        positions = [i for i, kind in enumerate(booster.feature_types or []) if kind == "c"]
        version = tuple(int(part) for part in sys.modules["xgboost"].__version__.split(".")[:2])
        if positions and version < (3, 1):
            raise ValueError("the model has categories, whose names XGBoost before 3.1 does not keep: it would mistake one for another")
        return positions
    if not getattr(booster, "pandas_categorical", None):
        return []
    infos = told(booster, "feature_infos").split(" ")
    return [i for i, info in enumerate(infos) if info != "none" and not info.startswith("[")]


def told(booster, key):
    """A line of LightGBM's text format."""
    for line in booster.model_to_string(num_iteration=1).splitlines():
        if line.startswith(key + "="):
            return line[len(key) + 1 :]
    return ""


class Booster:
    """A booster that was saved without its wrapper. Its task is that of its objective."""

    def __init__(self, booster):
        self.booster = booster
        self.is_xgboost = library(booster) == "xgboost"
        names = booster.feature_names if self.is_xgboost else booster.feature_name()
        self.features = None if not names or are_made_up(booster, names) else list(names)
        self.takes = "frame" if self.features else "array"
        self.categories = categories(booster)
        self.importances = self._importances()
        self.objective = self._objective()
        self.classes = self._classes()

    def answer(self, rows):
        import numpy

        raw = numpy.asarray(self._predict(rows))
        if self.classes is None:
            return Answer(values=raw.reshape(len(raw), -1)[:, 0] if raw.ndim == 2 and raw.shape[1] == 1 else raw)
        if len(self.classes) == 2 and raw.ndim == 1:
            raw = numpy.column_stack([1 - raw, raw])
        return Answer(codes=raw.argmax(axis=1).astype("<i4"), probabilities=raw)

    def _predict(self, rows):
        if not self.is_xgboost:
            return self.booster.predict(rows)
        import xgboost

        return self.booster.predict(xgboost.DMatrix(rows, enable_categorical=bool(self.categories)))

    def _objective(self):
        if not self.is_xgboost:
            return told(self.booster, "objective")
        return json.loads(self.booster.save_config())["learner"]["objective"]["name"]

    def _classes(self):
        """0 to k - 1 where the booster answers probabilities."""
        if self.is_xgboost:
            config = json.loads(self.booster.save_config())["learner"]
            count = int(config["learner_model_param"]["num_class"])
            return {"binary:logistic": [0, 1], "multi:softprob": list(range(count))}.get(self.objective)
        kind, *settings = self.objective.split(" ")
        if kind == "binary":
            return [0, 1]
        counts = [setting.split(":")[1] for setting in settings if setting.startswith("num_class:")]
        return list(range(int(counts[0]))) if kind in ("multiclass", "multiclassova") and counts else None

    def _importances(self):
        if not self.features:
            return None
        if self.is_xgboost:
            gains = self.booster.get_score(importance_type="gain")
            weights = [gains.get(name, 0.0) for name in self.features]
        else:
            weights = [float(weight) for weight in self.booster.feature_importance("split")]
        total = sum(weights)
        return {name: weight / total for name, weight in zip(self.features, weights)} if total > 0 else None
