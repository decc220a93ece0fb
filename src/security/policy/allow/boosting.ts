import type { AllowGroup } from '../allow-group.ts'

export const boosting: readonly AllowGroup[] = [
  {
    framework: 'XGBoost, LightGBM, CatBoost',
    reason: 'a boosted model: restoring it hands the trees, as text or bytes, to the library, which only parses them',
    names: {
      'xgboost.core': ['Booster'],
      'xgboost.sklearn': ['XGBClassifier', 'XGBModel', 'XGBRanker', 'XGBRegressor', 'XGBRFClassifier', 'XGBRFRegressor'],
      'lightgbm.basic': ['Booster'],
      'lightgbm.sklearn': ['LGBMClassifier', 'LGBMModel', 'LGBMRanker', 'LGBMRegressor'],
      'catboost.core': ['CatBoost', 'CatBoostClassifier', 'CatBoostRanker', 'CatBoostRegressor'],
    },
  },
  {
    framework: 'XGBoost',
    reason: 'a callback that a model keeps: it stops training early and does nothing when it is restored',
    names: { 'xgboost.callback': ['EarlyStopping'] },
  },
]
