"""Models with the interface of scikit-learn: predict, and predict_proba and classes_ for classifiers."""

from . import boosters
from .answers import Answer, label
from .importances import importances
from .shortcuts import Shortcut


class Estimator:
    def __init__(self, model):
        if not hasattr(model, "predict"):
            raise TypeError(f"the model is a {type(model).__name__}, which has no predict()")
        self.model = model
        names = getattr(model, "feature_names_in_", None)
        self.features = None if names is None else [str(name) for name in names]
        if boosters.are_made_up(model, self.features):
            self.features = None
        self.classes, self.outputs = classes_of(model)
        self.importances = importances(model, self.features)
        self.takes = "array" if self.features is None and hasattr(model, "n_features_in_") else "frame"
        self.categories = boosters.categories(model)
        self._shortcut = Shortcut(best_of(model))

    def answer(self, rows):
        import numpy

        model, rows = last_step(best_of(self.model), rows)
        probabilities = model.predict_proba(rows) if hasattr(model, "predict_proba") else None
        if probabilities is not None and self.outputs is None and self.classes is not None:
            probabilities = numpy.asarray(probabilities)
            if probabilities.ndim == 2 and probabilities.shape[1] == len(self.classes):
                codes = self._shortcut.codes(model, rows, probabilities)
                if codes is not None:
                    return Answer(codes=codes, probabilities=probabilities)
        predicted = model.predict(rows)
        values = as_array(predicted)
        if values.ndim == 1:
            return Answer(values=values, probabilities=None if probabilities is None else numpy.asarray(probabilities))
        if values.dtype.kind == "f" and probabilities is None:
            raise ValueError(f"predict() answered {' × '.join(map(str, values.shape))} values; one for each row is needed")
        return several(predicted, values, probabilities, self.classes, self.outputs)


def best_of(model):
    """The model that a finished search over parameters hands every call to."""
    if type(model).__module__ == "sklearn.model_selection._search" and hasattr(model, "best_estimator_"):
        return model.best_estimator_
    return model


def last_step(model, rows):
    """The last step of a scikit-learn pipeline and the rows as they reach it: both answers need them, so once is enough."""
    if type(model).__module__ != "sklearn.pipeline" or type(model).__name__ != "Pipeline" or len(model.steps) < 2:
        return model, rows
    return model.steps[-1][1], model[:-1].transform(rows)


def classes_of(model):
    """The classes, or where there are several labels a row, the classes of each of these outputs."""
    classes = getattr(model, "classes_", None)
    if classes is None:
        return None, None
    if isinstance(classes, (list, tuple)) and len(classes) > 0 and hasattr(classes[0], "__len__") and not isinstance(classes[0], str):
        return None, [list(output) for output in classes]
    return [label(value) for value in classes], None


def as_array(predicted):
    """Whatever predict() answered as an array; one column is as good as none."""
    import numpy

    if hasattr(predicted, "toarray"):  # scipy's sparse matrices
        predicted = predicted.toarray()
    values = numpy.asarray(predicted)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim not in (1, 2):
        raise ValueError(f"predict() answered an array with {values.ndim} dimensions; one value for each row is needed")
    return values


def several(predicted, values, probabilities, classes, outputs):
    """The answer of a model that gives each row any number of labels."""
    import numpy

    shape = " × ".join(map(str, values.shape))
    wanted = f"predict() answered {shape} values; several for each row can only be 0 or 1, one for each label"
    if values.dtype.kind not in "biuf":
        values = values.astype(float)
    if not ((values == 0) | (values == 1)).all():
        raise ValueError(wanted)
    count = values.shape[1]
    names = list(predicted.columns) if hasattr(predicted, "columns") else classes
    names = [str(label(name)) for name in names] if names is not None and len(names) == count else [str(i) for i in range(count)]
    if isinstance(probabilities, list):
        columns = [chance_of_one(part, outputs[i] if outputs else [0, 1]) for i, part in enumerate(probabilities)]
        probabilities = numpy.column_stack(columns)
    elif probabilities is not None:
        probabilities = numpy.asarray(probabilities)
    return Answer(indicators=values, probabilities=probabilities, classes=names)


def chance_of_one(probabilities, classes):
    """Of one label among several, how likely a row has it."""
    import numpy

    probabilities = numpy.asarray(probabilities)
    ones = [i for i, value in enumerate(classes) if value == 1]
    return probabilities[:, ones[0]] if ones else numpy.zeros(len(probabilities))
