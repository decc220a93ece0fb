"""scikit-learn: every estimator fitted, what estimators hold (losses, kernels, splitters, scorers), and compositions of them."""

import inspect
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn import (
    calibration, compose, decomposition, ensemble, feature_selection, gaussian_process, impute, linear_model, metrics, model_selection,
    multiclass, multioutput, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree, utils,
)
from sklearn.base import BaseEstimator
from sklearn.utils import all_estimators

from objects.walk import bare, classes

warnings.filterwarnings("ignore")
random = np.random.RandomState(0)
X = np.abs(random.rand(60, 5)) + 0.1
Y = (X[:, 0] > X[:, 1]).astype(int)
Y3 = (X[:, 0] * 3).astype(int).clip(0, 2)
REAL = X[:, 0] * 2 + X[:, 1] + 0.1
MANY = np.column_stack([Y, 1 - Y])
TEXTS = ["good model", "bad weather today", "some other words"] * 20
INNER = {
    "estimator": lambda: linear_model.LogisticRegression(), "base_estimator": lambda: linear_model.LogisticRegression(),
    "estimators": lambda: [("a", tree.DecisionTreeClassifier()), ("b", linear_model.LogisticRegression())],
    "transformers": lambda: [("a", preprocessing.StandardScaler(), [0, 1])], "transformer_list": lambda: [("a", preprocessing.StandardScaler())],
    "steps": lambda: [("a", preprocessing.StandardScaler()), ("b", linear_model.LogisticRegression())],
    "param_grid": lambda: {"C": [0.1, 1.0]}, "param_distributions": lambda: {"C": [0.1, 1.0]}, "dictionary": lambda: np.eye(5),
}


def fitted(model):
    for args in ((X, Y), (X, REAL), (X, MANY), (X,), (TEXTS,), ([{"a": 1}, {"b": 2}] * 5,), (X[:, 0], REAL), (MANY,), (Y,), (X[:, :1], REAL), (X @ X.T, Y), ([["a"], ["b"]] * 10,)):
        try:
            return model.fit(*args)
        except Exception:
            continue
    return model


def make(found):
    for kind in (None, "regressor"):
        options = {}
        for name, parameter in inspect.signature(found.__init__).parameters.items():
            if name in INNER and (parameter.default is inspect.Parameter.empty or parameter.default is None):
                options[name] = INNER[name]()
        if kind:
            options = {name: (svm.SVR() if "estimator" == name or name == "base_estimator" else value) for name, value in options.items()}
            if "estimators" in options:
                options["estimators"] = [("a", tree.DecisionTreeRegressor()), ("b", svm.SVR())]
            if "param_grid" in options:
                options["param_grid"] = {"C": [0.1, 1.0]}
        try:
            yield found(**options)
        except Exception:
            continue


VARIANTS = [
    lambda: linear_model.LogisticRegression(penalty="l1", solver="saga"), lambda: linear_model.SGDClassifier(loss="log_loss"), lambda: linear_model.SGDClassifier(loss="modified_huber"),
    lambda: linear_model.SGDClassifier(loss="perceptron"), lambda: linear_model.SGDClassifier(loss="squared_hinge"), lambda: linear_model.SGDRegressor(loss="huber"),
    lambda: linear_model.SGDRegressor(loss="epsilon_insensitive"), lambda: linear_model.SGDRegressor(loss="squared_epsilon_insensitive"), lambda: linear_model.SGDClassifier(early_stopping=True, average=True),
    lambda: ensemble.GradientBoostingClassifier(n_estimators=3, loss="exponential"), lambda: ensemble.GradientBoostingRegressor(n_estimators=3, loss="huber"), lambda: ensemble.GradientBoostingRegressor(n_estimators=3, loss="quantile"),
    lambda: ensemble.GradientBoostingRegressor(n_estimators=3, loss="absolute_error"), lambda: ensemble.GradientBoostingRegressor(n_estimators=3, init=linear_model.LinearRegression()),
    *[lambda loss=loss: ensemble.HistGradientBoostingRegressor(max_iter=3, loss=loss, **({"quantile": 0.5} if loss == "quantile" else {})) for loss in ("squared_error", "absolute_error", "poisson", "gamma", "quantile")],
    lambda: ensemble.HistGradientBoostingClassifier(max_iter=3, early_stopping=True, scoring="roc_auc"), lambda: ensemble.HistGradientBoostingClassifier(max_iter=3, categorical_features=[4]),
    *[lambda k=k: svm.SVC(kernel=k, probability=True) for k in ("linear", "poly", "rbf", "sigmoid")], lambda: svm.SVC(kernel=metrics.pairwise.chi2_kernel),
    *[lambda a=a, m=m: neighbors.KNeighborsClassifier(algorithm=a, metric=m) for a in ("brute", "kd_tree", "ball_tree") for m in ("euclidean", "manhattan", "chebyshev", "minkowski")],
    *[lambda m=m: neighbors.KNeighborsClassifier(algorithm="ball_tree", metric=m) for m in ("braycurtis", "canberra", "hamming", "jaccard", "dice", "rogerstanimoto", "russellrao", "sokalmichener", "sokalsneath")],
    lambda: neighbors.KNeighborsClassifier(algorithm="ball_tree", metric="mahalanobis", metric_params={"V": np.eye(5)}), lambda: neighbors.KNeighborsClassifier(algorithm="ball_tree", metric="seuclidean", metric_params={"V": np.ones(5)}),
    lambda: neighbors.KNeighborsRegressor(weights="distance"), lambda: neighbors.KernelDensity(kernel="tophat"), lambda: neighbors.LocalOutlierFactor(novelty=True),
    *[lambda c=c: tree.DecisionTreeClassifier(criterion=c) for c in ("gini", "entropy", "log_loss")], *[lambda c=c: tree.DecisionTreeRegressor(criterion=c) for c in ("squared_error", "friedman_mse", "absolute_error", "poisson")],
    *[lambda s=s: neural_network.MLPClassifier((3,), solver=s, max_iter=5) for s in ("adam", "sgd", "lbfgs")], *[lambda a=a: neural_network.MLPRegressor((3,), activation=a, max_iter=5) for a in ("identity", "logistic", "tanh", "relu")],
    lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(), method="isotonic", cv=2), lambda: calibration.CalibratedClassifierCV(svm.LinearSVC(), method="sigmoid", cv=2), lambda: calibration.CalibratedClassifierCV(naive_bayes.GaussianNB(), method="temperature", cv=2),
    lambda: model_selection.GridSearchCV(svm.SVC(), {"C": [1, 2]}, scoring={"a": "accuracy", "b": metrics.make_scorer(metrics.f1_score)}, refit="a", cv=2), lambda: model_selection.GridSearchCV(linear_model.Ridge(), {"alpha": [1, 2]}, scoring="r2", cv=model_selection.KFold(2)),
    lambda: model_selection.RandomizedSearchCV(svm.SVC(), {"C": __import__("scipy.stats").stats.loguniform(0.1, 1), "gamma": __import__("scipy.stats").stats.uniform(0, 1)}, n_iter=2, cv=2),
    lambda: preprocessing.FunctionTransformer(np.log1p, inverse_func=np.expm1), lambda: preprocessing.FunctionTransformer(np.abs), lambda: preprocessing.FunctionTransformer(), lambda: preprocessing.FunctionTransformer(np.clip, kw_args={"a_min": 0, "a_max": 1}),
    lambda: preprocessing.FunctionTransformer(__import__("scipy.special").special.expit), lambda: preprocessing.OneHotEncoder(handle_unknown="ignore", dtype=np.float32), lambda: preprocessing.OneHotEncoder(min_frequency=2), lambda: preprocessing.KBinsDiscretizer(3),
    lambda: preprocessing.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, dtype=np.int32), lambda: preprocessing.PolynomialFeatures(2), lambda: preprocessing.SplineTransformer(), lambda: preprocessing.QuantileTransformer(n_quantiles=10), lambda: preprocessing.PowerTransformer(),
    lambda: impute.KNNImputer(), lambda: impute.SimpleImputer(strategy="most_frequent", add_indicator=True), lambda: feature_selection.SelectKBest(feature_selection.mutual_info_classif, k=2), lambda: feature_selection.SelectKBest(feature_selection.chi2, k=2), lambda: feature_selection.SelectFromModel(svm.LinearSVC()),
    lambda: feature_selection.RFECV(svm.LinearSVC(), cv=2), lambda: feature_selection.SequentialFeatureSelector(svm.LinearSVC(), n_features_to_select=2, cv=2),
    lambda: decomposition.KernelPCA(2, kernel="rbf", fit_inverse_transform=True), lambda: decomposition.FastICA(2, fun="cube"), lambda: decomposition.FastICA(2, fun="exp"),
    lambda: multiclass.OneVsRestClassifier(svm.LinearSVC()), lambda: multioutput.ClassifierChain(linear_model.LogisticRegression()), lambda: ensemble.BaggingClassifier(svm.SVC(), 2), lambda: ensemble.AdaBoostRegressor(n_estimators=2, loss="exponential"),
    lambda: compose.TransformedTargetRegressor(linear_model.Ridge(), func=np.log1p, inverse_func=np.expm1), lambda: compose.TransformedTargetRegressor(linear_model.Ridge(), transformer=preprocessing.StandardScaler()),
    lambda: linear_model.RANSACRegressor(), lambda: linear_model.TweedieRegressor(power=1.5), lambda: linear_model.PoissonRegressor(solver="newton-cholesky"), lambda: sklearn.cluster.KMeans(2, algorithm="elkan", n_init=1), lambda: sklearn.cluster.AgglomerativeClustering(2),
    lambda: sklearn.mixture.BayesianGaussianMixture(2), lambda: sklearn.kernel_approximation.Nystroem(n_components=3), lambda: sklearn.semi_supervised.SelfTrainingClassifier(svm.SVC(probability=True)), lambda: ensemble.RandomForestClassifier(3, oob_score=True), lambda: ensemble.RandomForestRegressor(3, criterion="poisson"),
    lambda: ensemble.StackingRegressor([("a", linear_model.Ridge()), ("b", svm.SVR())]), lambda: ensemble.VotingRegressor([("a", linear_model.Ridge())]), lambda: ensemble.IsolationForest(n_estimators=3),
]
KERNELS = [
    lambda k: k.RBF(), lambda k: k.Matern(), lambda k: k.RationalQuadratic(), lambda k: k.ExpSineSquared(), lambda k: k.DotProduct(), lambda k: k.WhiteKernel() + k.RBF(),
    lambda k: k.ConstantKernel() * k.RBF(), lambda k: k.RBF() ** 2, lambda k: k.PairwiseKernel(), lambda k: k.CompoundKernel([k.RBF()]),
]


def objects():
    import sklearn.cluster, sklearn.kernel_approximation, sklearn.mixture, sklearn.semi_supervised  # noqa: E401
    for name, found in all_estimators():
        for model in make(found):
            yield name, fitted(model)
            yield name, model
    for variant in VARIANTS:
        try:
            yield "variant", fitted(variant())
        except Exception:
            pass
    for kernel in KERNELS:
        made = kernel(gaussian_process.kernels)
        yield "kernel", made
        yield "kernel", fitted(gaussian_process.GaussianProcessRegressor(made, optimizer=None))
    yield "kernel", gaussian_process.GaussianProcessClassifier().fit(X, Y3)
    rows = pd.DataFrame(X, columns=list("abcde")).assign(kind=["x", "y", "z"] * 20, size=pd.Categorical(["s", "l"] * 30))
    columns = compose.ColumnTransformer(
        [("n", pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler()), compose.make_column_selector(dtype_include="number")), ("c", preprocessing.OneHotEncoder(), ["kind"]), ("d", "drop", ["size"])],
        remainder="passthrough", verbose_feature_names_out=False,
    )
    for last in (linear_model.LogisticRegression(), ensemble.RandomForestClassifier(3), ensemble.HistGradientBoostingClassifier(max_iter=3), "passthrough"):
        made = pipeline.Pipeline([("columns", columns), ("last", last)])
        yield "pipeline", made.fit(rows, Y)
    scaled = pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(2))
    yield "pipeline", (scaled.set_output(transform="pandas") if hasattr(scaled, "set_output") else scaled).fit(rows[list("abcde")])
    yield "union", pipeline.FeatureUnion([("a", preprocessing.StandardScaler()), ("b", decomposition.PCA(2))]).fit(X)
    yield "text", pipeline.make_pipeline(sklearn.feature_extraction.text.TfidfVectorizer(ngram_range=(1, 2)), linear_model.LogisticRegression()).fit(TEXTS, Y)
    yield "text", sklearn.feature_extraction.text.HashingVectorizer().fit(TEXTS)
    yield "text", sklearn.feature_extraction.text.CountVectorizer(stop_words="english", tokenizer=str.split, preprocessor=str.lower).fit(TEXTS)
    for name in vars(model_selection._split).get("__all__", []):
        found = getattr(model_selection, name, None)
        for args in ((), (2,), (np.array([0, 1] * 30),)):
            try:
                yield name, found(*args)
                break
            except Exception:
                continue
    scorers = metrics.get_scorer_names() if hasattr(metrics, "get_scorer_names") else sorted(metrics.SCORERS)
    for name in scorers:
        yield name, metrics.get_scorer(name)
    for name in ("threshold", "proba", "predict"):
        try:
            yield "scorer", metrics.make_scorer(metrics.log_loss, **({"response_method": "predict_proba"} if name == "proba" else {}))
        except Exception:
            pass
    for module in (metrics, metrics.pairwise, metrics.cluster, feature_selection, linear_model, preprocessing, utils.extmath):
        for name, found in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and found.__module__.startswith("sklearn.") and not FILES(found):
                yield name, found
    for found in classes("sklearn", BaseEstimator):
        yield found.__name__, bare(found)
    for module, base in (("sklearn._loss.loss", "BaseLoss"), ("sklearn._loss.link", "BaseLink"), ("sklearn.ensemble._gb_losses", "LossFunction"), ("sklearn.gaussian_process.kernels", "Kernel"), ("sklearn.metrics._scorer", "_BaseScorer")):
        try:
            loaded = __import__(module, fromlist=["x"])
            for _, found in inspect.getmembers(loaded, inspect.isclass):
                if issubclass(found, getattr(loaded, base)):
                    for args in ((), (2,), (0.5,)):
                        try:
                            yield found.__name__, found(*args)
                            break
                        except Exception:
                            continue
        except (ImportError, AttributeError):
            pass
    for module in ("sklearn.metrics._dist_metrics",):
        loaded = __import__(module, fromlist=["x"])
        for name in dir(loaded):
            found = getattr(loaded, name)
            if isinstance(found, type) and name.endswith(("Distance", "Distance32", "Distance64")):
                for args in ((), (2,), (np.ones(5),), (2, np.ones(5))):
                    try:
                        yield name, found(*args)
                        break
                    except Exception:
                        continue
    for algorithm in (neighbors.KDTree, neighbors.BallTree):
        yield "tree", algorithm(X)
    yield "bunch", utils.Bunch(a=1)
    from sklearn.datasets import load_iris

    yield "data", load_iris()


def FILES(found):
    """Functions of datasets read files or the network."""
    return found.__module__.startswith("sklearn.datasets")
