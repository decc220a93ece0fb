"""XGBoost, LightGBM and CatBoost: boosters, estimators, callbacks."""

import numpy as np
import pandas as pd

X = np.random.RandomState(0).rand(60, 4)
Y = (X[:, 0] > X[:, 1]).astype(int)
Y3 = (X[:, 0] * 3).astype(int)
GROUPS = [30, 30]


def attempt(*makers):
    for maker in makers:
        try:
            yield "model", maker()
        except Exception:
            pass


def objects():
    yield from of_xgboost()
    yield from of_lightgbm()
    yield from of_catboost()


def of_xgboost():
    try:
        import xgboost as xgb
    except ImportError:
        return
    data = xgb.DMatrix(X, Y)
    few = {"n_estimators": 3, "max_depth": 2}
    yield from attempt(
        lambda: xgb.train({"max_depth": 2, "objective": "binary:logistic"}, data, 3), lambda: xgb.train({"booster": "gblinear"}, data, 2), lambda: xgb.train({"booster": "dart"}, data, 2), lambda: xgb.Booster(),
        lambda: xgb.XGBClassifier(**few).fit(X, Y), lambda: xgb.XGBClassifier(**few).fit(X, Y3), lambda: xgb.XGBRegressor(**few).fit(X, Y), lambda: xgb.XGBRanker(**few).fit(X, Y, group=GROUPS),
        lambda: xgb.XGBRFClassifier(**few).fit(X, Y), lambda: xgb.XGBRFRegressor(**few).fit(X, Y), lambda: xgb.XGBClassifier(**few, enable_categorical=True).fit(pd.DataFrame(X), Y), lambda: xgb.XGBClassifier(),
        lambda: xgb.XGBClassifier(**few, early_stopping_rounds=2).fit(X, Y, eval_set=[(X, Y)]), lambda: xgb.XGBClassifier(**few, callbacks=[xgb.callback.EarlyStopping(2)]).fit(X, Y, eval_set=[(X, Y)]),
        lambda: xgb.XGBRegressor(**few, callbacks=[xgb.callback.EvaluationMonitor()]), lambda: xgb.XGBRegressor(**few, callbacks=[xgb.callback.LearningRateScheduler([0.1, 0.2, 0.3])]), lambda: xgb.XGBModel(**few).fit(X, Y),
        lambda: __import__("sklearn.pipeline").pipeline.make_pipeline(xgb.XGBClassifier(**few)).fit(X, Y), lambda: xgb.XGBClassifier(**few, eval_metric=__import__("sklearn.metrics").metrics.log_loss).fit(X, Y),
        lambda: xgb.XGBClassifier(**few, feature_types=["q"] * 4).fit(X, Y), lambda: xgb.XGBRegressor(**few, objective="reg:quantileerror", quantile_alpha=np.array([0.1, 0.9])).fit(X, Y),
    )


def of_lightgbm():
    try:
        import lightgbm as lgb
    except ImportError:
        return
    few = {"n_estimators": 3, "verbose": -1, "min_child_samples": 2}
    data = lgb.Dataset(X, Y)
    yield from attempt(
        lambda: lgb.train({"objective": "binary", "verbose": -1}, data, 3), lambda: lgb.LGBMClassifier(**few).fit(X, Y), lambda: lgb.LGBMClassifier(**few).fit(X, Y3), lambda: lgb.LGBMRegressor(**few).fit(X, Y),
        lambda: lgb.LGBMRanker(**few).fit(X, Y, group=GROUPS), lambda: lgb.LGBMClassifier(**few, boosting_type="dart").fit(pd.DataFrame(X, columns=list("abcd")), Y), lambda: lgb.LGBMModel(objective="regression", **few).fit(X, Y), lambda: lgb.LGBMClassifier(),
        lambda: lgb.LGBMClassifier(**few).fit(X, Y, eval_set=[(X, Y)], callbacks=[lgb.early_stopping(2)]), lambda: lgb.early_stopping(2), lambda: lgb.log_evaluation(1), lambda: lgb.record_evaluation({}), lambda: lgb.cv({"verbose": -1}, lgb.Dataset(X, Y), 2, return_cvbooster=True, nfold=2),
        lambda: __import__("sklearn.model_selection").model_selection.GridSearchCV(lgb.LGBMClassifier(**few), {"max_depth": [1, 2]}, cv=2).fit(X, Y),
    )


def of_catboost():
    try:
        import catboost
    except ImportError:
        return
    few = {"iterations": 3, "verbose": False, "allow_writing_files": False}
    yield from attempt(
        lambda: catboost.CatBoostClassifier(**few).fit(X, Y), lambda: catboost.CatBoostClassifier(**few).fit(X, Y3), lambda: catboost.CatBoostRegressor(**few).fit(X, Y), lambda: catboost.CatBoost({**few}).fit(X, Y),
        lambda: catboost.CatBoostRanker(**few).fit(X, Y, group_id=[0] * 30 + [1] * 30), lambda: catboost.CatBoostClassifier(**few), lambda: catboost.CatBoostClassifier(**few, loss_function="CrossEntropy").fit(X, Y),
    )
