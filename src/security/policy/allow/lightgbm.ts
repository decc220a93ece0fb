// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const lightgbm: AllowList = {
  framework: 'LightGBM',
  versions: ['lightgbm 3.3.5', 'lightgbm 4.3.0', 'lightgbm 4.5.0', 'lightgbm 4.7.0'],
  groups: [
    {
      condition: 'withoutConstructor',
      reason: 'a boosted model: restoring it hands the trees, as text, to the library, which only parses them',
      names: nameTable(`
lightgbm.basic: Booster
lightgbm.callback: _EarlyStoppingCallback _LogEvaluationCallback _RecordEvaluationCallback
lightgbm.engine: CVBooster
lightgbm.sklearn: LGBMClassifier LGBMModel LGBMRanker LGBMRegressor
`),
    },
  ],
}
