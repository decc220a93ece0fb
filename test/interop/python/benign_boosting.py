"""Fits boosted models and writes each by pickle, joblib in every compression of the standard library, and MLflow."""

import importlib
import pickle
import sys
import warnings
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
folder, framework = Path(sys.argv[1]), sys.argv[2]
x = np.random.RandomState(0).rand(80, 4)
y = (x[:, 0] > x[:, 1]).astype(int)
rows = pd.DataFrame(x, columns=list("abcd"))

# The model that is also saved as a folder of MLflow, where that is installed.
SAVED_BY_MLFLOW = {"xgboost": "XGBClassifier", "lightgbm": "LGBMClassifier", "catboost": "CatBoostClassifier"}
try:
    import mlflow
except ImportError:
    mlflow = None


def models():
    library = importlib.import_module(framework)
    if framework == "xgboost":
        few = {"n_estimators": 3, "max_depth": 2}
        classes = (library.XGBClassifier, library.XGBRegressor, library.XGBRFClassifier, library.XGBRFRegressor)
        yield "booster", library.train({"objective": "binary:logistic"}, library.DMatrix(x, y), 3)
        yield "linear", library.XGBRegressor(**few, booster="gblinear").fit(x, y)
        yield "stopped", library.XGBClassifier(**few, early_stopping_rounds=2).fit(x, y, eval_set=[(x, y)], verbose=False)
        yield "ranker", library.XGBRanker(**few).fit(x, y, group=[40, 40])
    elif framework == "catboost":
        few = {"iterations": 3, "depth": 2, "verbose": False, "allow_writing_files": False}
        classes = (library.CatBoostClassifier, library.CatBoostRegressor)
        words = rows.assign(kind=["one", "two"] * 40)
        yield "categories", library.CatBoostClassifier(**few, cat_features=["kind"]).fit(words, y)
        yield "ranker", library.CatBoostRanker(**few).fit(x, y, group_id=[0] * 40 + [1] * 40)
    else:
        few = {"n_estimators": 3, "max_depth": 2, "verbose": -1, "min_child_samples": 2}
        classes = (library.LGBMClassifier, library.LGBMRegressor)
        yield "booster", library.train({"objective": "binary", "verbose": -1}, library.Dataset(x, y), 3)
        yield "dart", library.LGBMClassifier(**few, boosting_type="dart").fit(x, y)
        yield "ranker", library.LGBMRanker(**few).fit(x, y, group=[40, 40])
    for found in classes:
        yield found.__name__, found(**few).fit(x, y)
        yield f"{found.__name__}-table", found(**few).fit(rows, y)
        yield f"{found.__name__}-pipeline", make_pipeline(StandardScaler(), found(**few)).fit(rows, y)
        yield f"{found.__name__}-grid", GridSearchCV(found(**few), {"depth" if framework == "catboost" else "max_depth": [1, 2]}, cv=2).fit(x, y)


for name, model in models():
    for protocol in range(6):
        (folder / f"{name}-p{protocol}.pkl").write_bytes(pickle.dumps(model, protocol))
    joblib.dump(model, folder / f"{name}.joblib")
    for codec in ("zlib", "gzip", "bz2", "xz", "lzma"):
        joblib.dump(model, folder / f"{name}-{codec}.joblib", compress=(codec, 3))
    if framework == "catboost" and hasattr(model, "save_model"):
        model.save_model(str(folder / f"{name}.cbm"))
    if mlflow and name == SAVED_BY_MLFLOW[framework]:
        save = importlib.import_module(f"mlflow.{framework}").save_model
        save(model, str(folder / f"mlflow-{name}"), pip_requirements=[framework])
