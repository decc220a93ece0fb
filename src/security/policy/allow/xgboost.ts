// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const xgboost: AllowList = {
  framework: 'XGBoost',
  versions: ['xgboost 1.7.6', 'xgboost 2.0.3', 'xgboost 2.1.4', 'xgboost 3.0.5', 'xgboost 3.2.0'],
  groups: [
    {
      condition: 'neverCalled',
      reason: 'a name that a model refers to',
      names: nameTable(`
xgboost.collective: communicator_print
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a boosted model: restoring it hands the trees, as bytes, to the library, which only parses them',
      names: nameTable(`
xgboost.callback: EarlyStopping EvaluationMonitor
xgboost.core: Booster
xgboost.sklearn: XGBClassifier XGBModel XGBRFClassifier XGBRFRegressor XGBRanker XGBRegressor
`),
    },
  ],
}
