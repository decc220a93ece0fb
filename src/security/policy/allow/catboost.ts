// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const catboost: AllowList = {
  framework: 'CatBoost',
  versions: ['catboost 1.2.2', 'catboost 1.2.10'],
  groups: [
    {
      condition: 'withoutConstructor',
      reason: 'a boosted model: restoring it hands the trees, as bytes, to the library, which only parses them',
      names: nameTable(`
catboost.core: CatBoost CatBoostClassifier CatBoostRanker CatBoostRegressor
`),
    },
  ],
}
