"""The model: how features are made from the columns, and what is fitted on them.

Only classes of scikit-learn are used, so the pickle needs no code of this project to be loaded.
"""

from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import Binarizer, OrdinalEncoder, StandardScaler

NUMBERS = ("pirat", "hirat", "lvrat", "chist", "mhist", "unemp")
YES_NO = ("phist", "selfemp", "insurance", "condomin", "hschool", "afam", "single")

# Lenders treat loans above 95 % of the value as a class of their own.
HIGH_LOAN_TO_VALUE = 0.95


def make_pipeline(features, inverse_penalty, seed):
    unknown = [column for column in features if column not in NUMBERS + YES_NO]
    if unknown:
        raise ValueError(f"there is no feature for {', '.join(unknown)}; known: {', '.join(NUMBERS + YES_NO)}")
    numbers = [column for column in features if column in NUMBERS]
    yes_no = [column for column in features if column in YES_NO]
    parts = [
        ("numbers", StandardScaler(), numbers),
        # An answer that is neither is an error, at training and when serving.
        ("yes_no", Pipeline([("encode", OrdinalEncoder(categories=[["no", "yes"]] * len(yes_no))), ("scale", StandardScaler())]), yes_no),
    ]
    if "lvrat" in features:
        parts.append(("high", Pipeline([("mark", Binarizer(threshold=HIGH_LOAN_TO_VALUE)), ("scale", StandardScaler())]), ["lvrat"]))
    return Pipeline(
        [
            ("features", ColumnTransformer(parts)),
            ("model", LogisticRegression(C=inverse_penalty, max_iter=1000, random_state=seed)),
        ]
    )


def sample_weights(data, rules):
    """The product of the weights of the rules that a row meets; 1 where it meets none."""
    weights = data.iloc[:, 0].map(lambda _: 1.0)
    for rule in rules:
        meets = weights == weights
        for column, value in rule["where"].items():
            meets &= data[column] == value
        weights[meets] *= rule["weight"]
    return weights
