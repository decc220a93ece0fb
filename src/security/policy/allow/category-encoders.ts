// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const categoryEncoders: AllowList = {
  framework: 'category_encoders',
  versions: ['category_encoders 2.6.0', 'category_encoders 2.11.2'],
  groups: [
    {
      condition: 'withoutConstructor',
      reason: 'an encoder: restoring it copies its tables',
      names: nameTable(`
category_encoders.backward_difference: BackwardDifferenceEncoder
category_encoders.basen: BaseNEncoder
category_encoders.binary: BinaryEncoder
category_encoders.cat_boost: CatBoostEncoder
category_encoders.count: CountEncoder
category_encoders.count_target: CountTargetEncoder
category_encoders.glmm: GLMMEncoder
category_encoders.gray: GrayEncoder
category_encoders.hashing: HashingEncoder
category_encoders.helmert: HelmertEncoder
category_encoders.james_stein: JamesSteinEncoder
category_encoders.leave_one_out: LeaveOneOutEncoder
category_encoders.m_estimate: MEstimateEncoder
category_encoders.multi_hot: MultiHotEncoder
category_encoders.one_hot: OneHotEncoder
category_encoders.ordinal: OrdinalEncoder
category_encoders.polynomial: PolynomialEncoder
category_encoders.quantile_encoder: QuantileEncoder SummaryEncoder
category_encoders.rankhot: RankHotEncoder
category_encoders.sum_coding: SumEncoder
category_encoders.target_encoder: TargetEncoder
category_encoders.woe: WOEEncoder
`),
    },
  ],
}
