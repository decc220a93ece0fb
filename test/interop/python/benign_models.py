"""Fits common estimators and writes each in every pickle protocol and by joblib, plain and compressed.

Beside each pickle goes NAME.names: the names that CPython's own unpickler looks up in it, one a line. Only files that
this program has written itself are loaded.
"""

import io
import pickle
import sys
import warnings
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn import cluster, compose, decomposition, ensemble, feature_selection, gaussian_process, impute, linear_model
from sklearn import model_selection, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer
from sklearn.feature_extraction.text import TfidfVectorizer

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])


class Recorder(pickle.Unpickler):
    def __init__(self, data):
        super().__init__(io.BytesIO(data))
        self.names = set()

    def find_class(self, module, name):
        self.names.add(f"{module} {name}")
        return super().find_class(module, name)


def save(name, model):
    for protocol in range(6):
        data = pickle.dumps(model, protocol)
        path = folder / f"{name}-p{protocol}.pkl"
        path.write_bytes(data)
        recorder = Recorder(data)
        recorder.load()
        path.with_suffix(".names").write_text("\n".join(sorted(recorder.names)))
    joblib.dump(model, folder / f"{name}.joblib")
    joblib.dump(model, folder / f"{name}-zlib.joblib", compress=3)
    joblib.dump(model, folder / f"{name}-gzip.joblib", compress=("gzip", 3))


x, y = load_breast_cancer(return_X_y=True)
x, y = x[:150, :6], y[:150]
rows = pd.DataFrame(x, columns=list("abcdef"))
rows["kind"] = ["one", "two", "three"] * 50
rows["size"] = pd.Categorical(["small", "large"] * 75)
columns = compose.ColumnTransformer(
    [
        ("numbers", pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler()), list("abc")),
        ("words", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["kind", "size"]),
        ("logs", preprocessing.FunctionTransformer(np.log1p), ["d"]),
    ],
    remainder="passthrough",
)
logistic = linear_model.LogisticRegression(max_iter=50)
models = {
    "logistic": logistic,
    "ridge": linear_model.RidgeClassifier(),
    "sgd": linear_model.SGDClassifier(),
    "forest": ensemble.RandomForestClassifier(8),
    "extra-trees": ensemble.ExtraTreesClassifier(8),
    "boosting": ensemble.GradientBoostingClassifier(n_estimators=8),
    "histogram-boosting": ensemble.HistGradientBoostingClassifier(max_iter=8),
    "ada": ensemble.AdaBoostClassifier(n_estimators=5),
    "isolation": ensemble.IsolationForest(n_estimators=5),
    "voting": ensemble.VotingClassifier([("a", logistic), ("b", tree.DecisionTreeClassifier())]),
    "stacking": ensemble.StackingClassifier([("a", logistic), ("b", naive_bayes.GaussianNB())]),
    "tree": tree.DecisionTreeClassifier(),
    "svc": svm.SVC(probability=True),
    "linear-svc": svm.LinearSVC(),
    "neighbors-kd": neighbors.KNeighborsClassifier(algorithm="kd_tree"),
    "neighbors-ball": neighbors.KNeighborsClassifier(algorithm="ball_tree"),
    "bayes": naive_bayes.GaussianNB(),
    "perceptron": neural_network.MLPClassifier((4,), max_iter=20),
    "gaussian-process": gaussian_process.GaussianProcessClassifier(),
    "calibrated": CalibratedClassifierCV(logistic),
    "grid": model_selection.GridSearchCV(logistic, {"C": [0.1, 1.0]}, cv=2),
    "k-means": cluster.KMeans(3, n_init=1),
    "pca": decomposition.PCA(2),
    "select": feature_selection.SelectKBest(k=3),
}
for name, model in models.items():
    save(name, model.fit(x, y))
for name in ("logistic", "forest", "histogram-boosting", "svc"):
    save(f"pipeline-{name}", pipeline.make_pipeline(columns, models[name]).fit(rows, y))
save("text", pipeline.make_pipeline(TfidfVectorizer(), logistic).fit(["good model", "bad weather"] * 5, [1, 0] * 5))
save("table", rows)
save("objects", {"words": np.array(["a", None, {"b": 1}], dtype=object), "dates": pd.date_range("2020", periods=3)})
np.save(folder / "numbers.npy", x)
np.save(folder / "objects.npy", np.array(["a", None], dtype=object))
np.savez(folder / "arrays.npz", x=x, y=y)
np.savez_compressed(folder / "packed.npz", x=x, y=np.array(["a", None], dtype=object))
