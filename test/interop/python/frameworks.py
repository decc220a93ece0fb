"""Trains a model of every kind that the Python predictor knows, and writes what Python itself predicts for the rows of rows.csv.

`frameworks.py FOLDER` makes rows.csv, the models, and expected.json: by model, the labels and the probabilities. Numbers are written with
all their digits.
"""

import json
import os
import pickle
import sys
import warnings

import joblib
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
os.chdir(sys.argv[1])
random = np.random.default_rng(7)
count = 600
written = pd.DataFrame(
    {
        "mean size": random.normal(size=count),
        "age": random.integers(18, 90, count),
        "gap": np.where(random.random(count) < 0.2, np.nan, random.normal(size=count)),
        "kind": random.choice(["red", "grün", "blue, or so", None], count),
        "code": [f"c{i}" for i in random.integers(0, 9000, count)],
        "flag": random.random(count) < 0.5,
    }
)
written.to_csv("rows.csv", index=False)
rows = pd.read_csv("rows.csv")
noise = random.normal(size=count)
positive = (rows["mean size"] + 0.02 * rows["age"] + (rows["kind"] == "red") + noise > 1).astype(int)
words = positive.map({0: "no", 1: "yes"})
three = np.select([rows["mean size"] < -0.5, rows["mean size"] > 0.5], ["low", "high"], "middle")
several = pd.DataFrame({"one": positive, "two": (rows["gap"] > 0).astype(int), "never": 0})
several_some = several[["one", "two"]]
numbers = ["mean size", "age", "gap"]
categorical = rows[[*numbers, "kind"]].assign(kind=rows["kind"].astype("category"))
expected = {}


def written_down(value):
    value = value.toarray() if hasattr(value, "toarray") else np.asarray(value)
    return value.tolist()


def save(name, model, table, by=pickle):
    if by is not None:
        with open(f"{name}.{'pkl' if by is pickle else 'joblib'}", "wb") as file:
            by.dump(model, file)
    expected[name] = {"labels": written_down(model.predict(table))}
    if hasattr(model, "predict_proba"):
        probabilities = model.predict_proba(table)
        if isinstance(probabilities, list):  # of several labels, how likely each is
            probabilities = [p[:, 1] if p.shape[1] > 1 else 0 * p[:, 0] for p in probabilities]
            probabilities = np.column_stack(probabilities)
        expected[name]["probabilities"] = written_down(np.asarray(probabilities, dtype=float))


def scikit_learn():
    from sklearn import calibration, compose, ensemble, impute, linear_model, model_selection, multiclass, multioutput, neighbors
    from sklearn import neural_network, pipeline, preprocessing, tree

    small = {"n_estimators": 10, "random_state": 1}
    whole = rows[["mean size", "age"]]
    columns = compose.make_column_transformer(
        (pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler()), numbers),
        (
            pipeline.make_pipeline(
                impute.SimpleImputer(strategy="constant", fill_value="none"), preprocessing.OneHotEncoder(handle_unknown="ignore")
            ),
            ["kind", "code"],
        ),
        (preprocessing.OneHotEncoder(), ["flag"]),
    )
    forest = ensemble.RandomForestClassifier(**small)
    save("sk-pipeline", pipeline.make_pipeline(columns, linear_model.LogisticRegression()).fit(rows, words), rows, joblib)
    save("sk-forest", forest.fit(whole, words), whole)
    save("sk-booleans", ensemble.ExtraTreesClassifier(**small).fit(whole, positive == 1), whole)
    save("sk-tree-floats", tree.DecisionTreeClassifier(max_depth=4).fit(whole, 2.0 * positive), whole)
    save("sk-histogram", ensemble.HistGradientBoostingClassifier(max_iter=10).fit(rows[numbers], three), rows[numbers])
    save("sk-gradient", ensemble.GradientBoostingClassifier(**small).fit(whole, three), whole)
    save("sk-calibrated", calibration.CalibratedClassifierCV(forest, cv=2).fit(whole, words), whole)
    save("sk-perceptron", neural_network.MLPClassifier((4,), max_iter=20, random_state=1).fit(whole, words), whole)
    save("sk-neighbours", neighbors.KNeighborsClassifier(4).fit(whole, words), whole)
    save("sk-search", model_selection.GridSearchCV(forest, {"max_depth": [2, 3]}, cv=2).fit(whole, words), whole)
    save("sk-threshold", model_selection.FixedThresholdClassifier(forest, threshold=0.8).fit(whole, positive), whole)
    save("sk-quantile", ensemble.HistGradientBoostingRegressor(loss="quantile", quantile=0.9).fit(rows[numbers], noise), rows[numbers])
    save("several-forest", ensemble.RandomForestClassifier(**small).fit(whole, several), whole)
    save("several-boosted", multioutput.MultiOutputClassifier(ensemble.HistGradientBoostingClassifier(max_iter=5)).fit(whole, several_some), whole)
    save("several-one-by-one", multiclass.OneVsRestClassifier(tree.DecisionTreeClassifier(max_depth=3)).fit(whole, several_some), whole)
    with open("two-values.pkl", "wb") as file:
        pickle.dump(linear_model.LinearRegression().fit(whole, rows[["mean size", "age"]]), file)


def xgboost():
    import xgboost

    table = rows[numbers]
    save("xgb", xgboost.XGBClassifier(n_estimators=10).fit(table, positive), table)
    save("xgb-three", xgboost.XGBClassifier(n_estimators=5).fit(table, pd.factorize(three)[0]), table, joblib)
    save("xgb-regressor", xgboost.XGBRegressor(n_estimators=5).fit(table, noise), table)
    save("xgb-several", xgboost.XGBClassifier(n_estimators=5).fit(table, several_some), table)
    save("xgb-categories", xgboost.XGBClassifier(n_estimators=5, enable_categorical=True).fit(categorical, positive), categorical)
    booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(table, positive), 5)
    pickle.dump(booster, open("xgb-booster.pkl", "wb"))
    chance = booster.predict(xgboost.DMatrix(table))
    expected["xgb-booster"] = {"labels": (chance > 0.5).astype(int).tolist(), "probabilities": np.column_stack([1 - chance, chance]).tolist()}


def lightgbm():
    import lightgbm

    quiet = {"n_estimators": 10, "verbose": -1}
    model = lightgbm.LGBMClassifier(**quiet).fit(rows[numbers], words)
    save("lgb", model, rows[numbers])
    save("lgb-categories", lightgbm.LGBMClassifier(**quiet).fit(categorical, three), categorical, joblib)
    save("lgb-quantile", lightgbm.LGBMRegressor(**quiet, objective="quantile", alpha=0.9).fit(rows[numbers], noise), rows[numbers])
    booster = lightgbm.LGBMClassifier(**quiet).fit(categorical, three).booster_
    pickle.dump(booster, open("lgb-booster.pkl", "wb"))
    chances = booster.predict(categorical)
    expected["lgb-booster"] = {"labels": chances.argmax(axis=1).tolist(), "probabilities": chances.tolist()}


def mlflow():
    import mlflow.pyfunc
    import mlflow.sklearn
    from mlflow.models import infer_signature
    from sklearn.ensemble import RandomForestClassifier

    table = rows[["mean size", "age", "flag"]]
    model = RandomForestClassifier(10, random_state=1).fit(table, words)
    mlflow.sklearn.save_model(model, "mlflow-sklearn", signature=infer_signature(table, words), serialization_format="pickle")
    save("mlflow-sklearn", model, table, by=None)
    by_mlflow = mlflow.pyfunc.load_model("mlflow-sklearn").predict(table)
    assert (by_mlflow == model.predict(table)).all()

    import lightgbm
    import mlflow.lightgbm
    import mlflow.xgboost
    import xgboost

    table = rows[numbers]
    boosted = xgboost.XGBClassifier(n_estimators=5).fit(table, positive)
    mlflow.xgboost.save_model(boosted, "mlflow-xgboost")
    save("mlflow-xgboost", boosted, table, by=None)
    booster = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(table, positive).booster_
    mlflow.lightgbm.save_model(booster, "mlflow-lightgbm")
    chance = mlflow.pyfunc.load_model("mlflow-lightgbm").predict(table)
    expected["mlflow-lightgbm"] = {
        "labels": (chance > 0.5).astype(int).tolist(),
        "probabilities": np.column_stack([1 - chance, chance]).tolist(),
    }

    class Own(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return model_input["age"]

    mlflow.pyfunc.save_model("mlflow-own", python_model=Own())


for make in (scikit_learn, xgboost, lightgbm, mlflow):
    try:
        make()
    except ImportError as error:  # the tests of what is missing are skipped
        print(error, file=sys.stderr)
with open("expected.json", "w") as file:
    json.dump(expected, file)
