import type { AllowList } from './allow-group.ts'
import { catboost } from './allow/catboost.ts'
import { categoryEncoders } from './allow/category-encoders.ts'
import { gensim } from './allow/gensim.ts'
import { imbalancedLearn } from './allow/imbalanced-learn.ts'
import { joblib } from './allow/joblib.ts'
import { lightgbm } from './allow/lightgbm.ts'
import { lightning } from './allow/lightning.ts'
import { numpy } from './allow/numpy.ts'
import { pandas } from './allow/pandas.ts'
import { pmdarima } from './allow/pmdarima.ts'
import { prophet } from './allow/prophet.ts'
import { python } from './allow/python.ts'
import { scikitLearn } from './allow/scikit-learn.ts'
import { scipy } from './allow/scipy.ts'
import { statsmodels } from './allow/statsmodels.ts'
import { torch } from './allow/torch.ts'
import { transformers } from './allow/transformers.ts'
import { xgboost } from './allow/xgboost.ts'

/** What every framework needs, as `scripts/allow-list` recorded it. */
export const ALLOWED: readonly AllowList[] = [
  catboost,
  categoryEncoders,
  gensim,
  imbalancedLearn,
  joblib,
  lightgbm,
  lightning,
  numpy,
  pandas,
  pmdarima,
  prophet,
  python,
  scikitLearn,
  scipy,
  statsmodels,
  torch,
  transformers,
  xgboost,
]
