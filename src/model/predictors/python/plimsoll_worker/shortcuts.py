"""Labels that follow from the probabilities, so that a model need not predict twice.

predict() of the models below is, in the source of their libraries, the class of the greatest probability of predict_proba() of
the same rows. That is not so of others: a support vector machine calibrates its probabilities apart from its labels, a threshold
may have been tuned. And it is not taken on trust: both are asked for the first rows, and if they disagree in a single one, both are
asked for all.
"""

EXACT = {
    "sklearn": {
        "BaggingClassifier",
        "CalibratedClassifierCV",
        "DecisionTreeClassifier",
        "ExtraTreeClassifier",
        "ExtraTreesClassifier",
        "HistGradientBoostingClassifier",
        "KNeighborsClassifier",
        "MLPClassifier",
        "RandomForestClassifier",
        "VotingClassifier",
    },
    "xgboost": {"XGBClassifier", "XGBRFClassifier"},
    "lightgbm": {"LGBMClassifier"},
}
# Only with this setting.
SETTINGS = {"KNeighborsClassifier": ("weights", "uniform"), "VotingClassifier": ("voting", "soft")}
# predict() compares a sum with 0 that becomes the probability afterwards: the same, but where rounding makes the chances even.
CLOSE = {"sklearn": {"GradientBoostingClassifier"}}
EVEN = 1e-6


class Shortcut:
    def __init__(self, model):
        steps = getattr(model, "steps", None)
        final = steps[-1][1] if isinstance(steps, list) and steps else model
        self._asks_close = is_one_of(final, CLOSE)
        self._holds = self._asks_close or is_one_of(final, EXACT)
        self._seen = False

    def codes(self, model, rows, probabilities):
        """The index of each row's class, or None where predict() must say it."""
        import numpy

        if not self._holds or len(probabilities) == 0:
            return None
        codes = probabilities.argmax(axis=1).astype("<i4")
        if self._asks_close and probabilities.shape[1] > 1:
            two = numpy.partition(probabilities, -2, axis=1)[:, -2:]
            if not (two[:, 1] - two[:, 0] > EVEN).all():
                return None
        if not self._seen:
            self._seen = True
            predicted = numpy.asarray(model.predict(rows))
            self._holds = numpy.array_equal(numpy.asarray(model.classes_)[codes], predicted)
        return codes if self._holds else None


def is_one_of(model, table):
    """Exactly these types: a subclass may predict as it likes."""
    kind = type(model)
    setting = SETTINGS.get(kind.__name__)
    if setting is not None and getattr(model, setting[0], None) != setting[1]:
        return False
    return kind.__name__ in table.get(kind.__module__.split(".")[0], ())
