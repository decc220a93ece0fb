"""Writes models of scikit-learn as skl2onnx exports them, with what scikit-learn itself predicts: python onnx_models.py FOLDER"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron, RidgeClassifier, SGDClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
cases = []


def data(load):
    x, y = load(return_X_y=True, as_frame=True)
    return x.astype(np.float32), y.to_numpy()


def plain(values):
    return np.asarray(values).tolist()


def write(name, model, x, types=None, options=None, metadata=None, rows=None, target_opset=None):
    """Exports a fitted model and notes what it predicts for `rows`, which are those of the frame `x` as the model takes them."""
    rows = x.to_numpy() if rows is None else rows
    onnx = to_onnx(model, rows[:1] if types is None else None, initial_types=types, options=options, target_opset=target_opset)
    for key, value in (metadata or {}).items():
        entry = onnx.metadata_props.add()
        entry.key, entry.value = key, json.dumps(value)
    (folder / f"{name}.onnx").write_bytes(onnx.SerializeToString())
    case = {"name": name, "columns": {column: plain(x[column]) for column in x.columns}, "labels": plain(model.predict(rows))}
    if hasattr(model, "predict_proba"):
        scores = model.predict_proba(rows)
        if isinstance(scores, list):
            scores = np.stack([yes[:, 1] for yes in scores], axis=1)
        case["probabilities"] = plain(scores)
        case["classes"] = plain(model.classes_) if not isinstance(model.classes_, list) else list(range(len(model.classes_)))
    cases.append(case)


iris, species = data(load_iris)
iris = iris.iloc[::2]
species = species[::2]
names = np.array(["setosa", "versicolor", "virginica"])[species]
cancer, malignant = data(load_breast_cancer)
cancer, malignant = (cancer / cancer.max()).iloc[:150, :8], malignant[:150]
verdict = np.where(malignant == 1, "benign", "malignant")
diabetes, progression = data(load_diabetes)
diabetes, progression = diabetes.iloc[:120], progression[:120]

no_map = {"zipmap": False}
logistic = LogisticRegression(max_iter=500).fit(iris.to_numpy(), names)
write("logistic", logistic, iris)
write("logistic-without-map", logistic, iris, options=no_map)
write("logistic-one-output-per-class", logistic, iris, options={"zipmap": "columns"})
numbered = LogisticRegression(max_iter=500).fit(iris.to_numpy(), species * 10 - 10)
write("logistic-of-numbers-one-output-per-class", numbered, iris, options={"zipmap": "columns"})
write("logistic-of-numbers", numbered, iris)
write("logistic-of-two", make_pipeline(StandardScaler(), LogisticRegression()).fit(cancer.to_numpy(), verdict), cancer)
write(
    "logistic-in-double-precision",
    make_pipeline(StandardScaler(), LogisticRegression()).fit(cancer.to_numpy(), verdict),
    cancer.astype(np.float64),
    types=[("x", DoubleTensorType([None, cancer.shape[1]]))],
)
for name, model in {
    # An odd number of trees: a tie between two classes is broken differently by the export.
    "random-forest": RandomForestClassifier(21, random_state=1),
    "extra-trees": ExtraTreesClassifier(21, random_state=1),
    "decision-tree": DecisionTreeClassifier(max_depth=3, random_state=1),
    "gradient-boosting": GradientBoostingClassifier(n_estimators=10, random_state=1),
    "bagging": BaggingClassifier(n_estimators=5, random_state=1),
    "ada-boost": AdaBoostClassifier(n_estimators=5, random_state=1),
    "nearest-neighbours": KNeighborsClassifier(),
    "naive-bayes": GaussianNB(),
    "network": make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=300, random_state=1)),
    "support-vectors": SVC(probability=True, random_state=1),
    "one-vs-rest": OneVsRestClassifier(LogisticRegression(max_iter=500)),
    "voting": VotingClassifier(
        [("a", LogisticRegression(max_iter=500)), ("b", DecisionTreeClassifier(random_state=1))],
        voting="soft",
        flatten_transform=False,
    ),
    "stacking": StackingClassifier([("a", GaussianNB()), ("b", DecisionTreeClassifier(max_depth=2, random_state=1))]),
    "calibrated": CalibratedClassifierCV(LogisticRegression(max_iter=500)),
    "descent": SGDClassifier(loss="log_loss", random_state=1),
    # Without probabilities: what the export calls so are distances and votes.
    "linear-support-vectors": LinearSVC(random_state=1),
    "support-vectors-without-probabilities": SVC(random_state=1),
    "ridge": RidgeClassifier(),
    "perceptron": Perceptron(random_state=1),
}.items():
    write(name, model.fit(iris.to_numpy(), names), iris)
    write(f"{name}-of-two", model.fit(cancer.to_numpy(), malignant), cancer)

# Their exports are right for some kinds of labels only.
write("one-vs-one", OneVsOneClassifier(LogisticRegression(max_iter=500)).fit(iris.to_numpy(), species), iris)
write("discriminant-analysis", LinearDiscriminantAnalysis().fit(iris.to_numpy(), names), iris)

for name, model in {
    "linear-regression": LinearRegression(),
    "random-forest-regression": RandomForestRegressor(10, random_state=1),
    "gradient-boosting-regression": GradientBoostingRegressor(n_estimators=10, random_state=1),
    "nearest-neighbours-regression": KNeighborsRegressor(),
    "support-vector-regression": make_pipeline(StandardScaler(), SVR()),
}.items():
    write(name, model.fit(diabetes.to_numpy(), progression), diabetes)

# One input per column, of different types.
homes = pd.DataFrame(
    {
        "area": np.float32([50, 60.5, 70, 120, 90, 45, 200, 33]),
        "rooms": np.int64([2, 3, 3, 5, 4, 1, 7, 1]),
        "city": ["Rome", "Oslo", "Rome", "Kyiv", "Oslo", "Kyiv", "Rome", "Oslo"],
        "heating": ["gas", "gas", "wood", "wood", "gas", "wood", "gas", "gas"],
    }
)
sold = np.array(["no", "yes", "no", "yes", "yes", "no", "yes", "no"])
split = ColumnTransformer(
    [
        ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), ["area", "rooms"]),
        ("texts", OneHotEncoder(handle_unknown="ignore"), ["city", "heating"]),
    ]
)
per_column = [
    ("area", FloatTensorType([None, 1])),
    ("rooms", Int64TensorType([None, 1])),
    ("city", StringTensorType([None, 1])),
    ("heating", StringTensorType([None, 1])),
]
write("one-input-per-column", make_pipeline(split, LogisticRegression()).fit(homes, sold), homes, types=per_column, rows=homes)

# A matrix of numbers beside a matrix of texts.
matrices = ColumnTransformer([("numbers", StandardScaler(), [0, 1]), ("texts", OneHotEncoder(), [2, 3])])
mixed = make_pipeline(matrices, LogisticRegression()).fit(homes.to_numpy(dtype=object), sold)
write(
    "two-matrices",
    mixed,
    homes,
    types=[("numbers", FloatTensorType([None, 2])), ("texts", StringTensorType([None, 2]))],
    metadata={"feature_names": {"numbers": ["area", "rooms"], "texts": ["city", "heating"]}},
    rows=homes.to_numpy(dtype=object),
)

# Several labels for each row.
labels = np.stack([species == 0, iris.iloc[:, 0] > 5.8, iris.iloc[:, 2] > 4], axis=1).astype(int)
for name, model in {
    # Neighbours at the same distance are told apart differently by the export: one neighbour, and that is the row itself.
    "nearest-neighbour": KNeighborsClassifier(1),
    "random-forest": RandomForestClassifier(10, random_state=1),
    "decision-tree": DecisionTreeClassifier(max_depth=3, random_state=1),
    "one-vs-rest": OneVsRestClassifier(LogisticRegression()),
    "a-model-each": MultiOutputClassifier(LogisticRegression()),
    "network": MLPClassifier((8,), max_iter=300, random_state=1),
}.items():
    write(f"several-labels-{name}", model.fit(iris.to_numpy(), labels), iris)
    write(f"several-labels-{name}-without-map", model, iris, options=no_map if name != "a-model-each" else None)

write("outliers", IsolationForest(n_estimators=5, random_state=1).fit(iris.to_numpy()), iris, target_opset={"": 18, "ai.onnx.ml": 3})
write("clusters", KMeans(3, random_state=1).fit(iris.to_numpy()), iris)

(folder / "cases.json").write_text(json.dumps(cases))
