"""How much a model relies on each column, as far as the model itself tells."""


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


