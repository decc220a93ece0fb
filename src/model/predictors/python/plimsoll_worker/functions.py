"""Models that are a function of the rows: the user's own, or an MLflow model."""

import inspect

from .answers import Answer
from .estimators import Estimator, as_array

# How far the probabilities of a row may be from 1 in sum: they may be single-precision, or rounded to a few digits.
ROUNDING = 1e-2


class Function:
    """What it answers says what it is: one value a row, a label; several, the probability of each class, or 0 and 1 for each label."""

    features = None
    takes = "frame"
    categories = ()
    importances = None

    def __init__(self, function, name):
        self.function = function
        self.name = name
        classes = getattr(function, "classes_", None)
        self.classes = None if classes is None else list(classes)

    def answer(self, rows):
        predicted = self.function(rows)
        values = as_array(predicted)
        if values.ndim == 1:
            return Answer(values=values)
        names = list(predicted.columns) if hasattr(predicted, "columns") else self.classes
        if names is None:
            names = list(range(values.shape[1]))
        if len(names) != values.shape[1]:
            raise ValueError(f"{self.name} answered {values.shape[1]} values for each row, but its classes_ are {len(names)}")
        if values.dtype.kind in "bi" or (values.dtype.kind == "u"):
            if not ((values == 0) | (values == 1)).all():
                raise ValueError(f"{self.name} answered whole numbers other than 0 and 1, several for each row; one is needed")
            return Answer(indicators=values, classes=[str(name) for name in names])
        probabilities = values.astype("<f8")
        sums = probabilities.sum(axis=1)
        if ((probabilities < 0) | (probabilities > 1)).any() or (abs(sums - 1) > ROUNDING).any():
            raise ValueError(
                f"{self.name} answered {values.shape[1]} values for each row that are no probabilities of classes: they are to be 0 to 1, and 1 in sum"
            )
        return Answer(codes=probabilities.argmax(axis=1).astype("<i4"), probabilities=probabilities, classes=names)


def model_of(found, name):
    """What a user's name stands for: a model, a class or a function without parameters that makes one, or a function of the rows."""
    if inspect.isclass(found):
        found = found()
    if hasattr(found, "predict"):
        return Estimator(found)
    if not callable(found):
        raise TypeError(f"{name} is a {type(found).__name__}: no function, and nothing with predict()")
    if not takes_rows(found):
        made = found()
        if hasattr(made, "predict"):
            return Estimator(made)
        if not callable(made):
            raise TypeError(f"{name}() answered a {type(made).__name__}: no function, and nothing with predict()")
        return Function(made, f"{name}()")
    return Function(found, name)


def takes_rows(function):
    """Whether it can be called with the rows. What does not tell its parameters (written in C) is taken to be."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        return True
    return any(parameter.kind not in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD) for parameter in parameters)
