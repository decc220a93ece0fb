// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const imbalancedLearn: AllowList = {
  framework: 'imbalanced-learn',
  versions: ['imbalanced-learn 0.9.1', 'imbalanced-learn 0.14.2'],
  groups: [
    {
      condition: 'neverCalled',
      reason: 'a metric or a class that a sampler refers to',
      names: nameTable(`
imblearn.metrics._classification: geometric_mean_score make_index_balanced_accuracy sensitivity_score specificity_score
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a sampler or an estimator: restoring it copies its parameters',
      names: nameTable(`
imblearn.base: FunctionSampler
imblearn.combine._smote_enn: SMOTEENN
imblearn.combine._smote_tomek: SMOTETomek
imblearn.ensemble._bagging: BalancedBaggingClassifier
imblearn.ensemble._easy_ensemble: EasyEnsembleClassifier
imblearn.ensemble._forest: BalancedRandomForestClassifier
imblearn.ensemble._weight_boosting: RUSBoostClassifier
imblearn.metrics.pairwise: ValueDifferenceMetric
imblearn.over_sampling._adasyn: ADASYN
imblearn.over_sampling._random_over_sampler: RandomOverSampler
imblearn.over_sampling._smote.base: SMOTE SMOTEN SMOTENC
imblearn.over_sampling._smote.cluster: KMeansSMOTE
imblearn.over_sampling._smote.filter: BorderlineSMOTE SVMSMOTE
imblearn.pipeline: Pipeline
imblearn.under_sampling._prototype_generation._cluster_centroids: ClusterCentroids
imblearn.under_sampling._prototype_selection._condensed_nearest_neighbour: CondensedNearestNeighbour
imblearn.under_sampling._prototype_selection._edited_nearest_neighbours: AllKNN EditedNearestNeighbours
    RepeatedEditedNearestNeighbours
imblearn.under_sampling._prototype_selection._instance_hardness_threshold: InstanceHardnessThreshold
imblearn.under_sampling._prototype_selection._nearmiss: NearMiss
imblearn.under_sampling._prototype_selection._neighbourhood_cleaning_rule: NeighbourhoodCleaningRule
imblearn.under_sampling._prototype_selection._one_sided_selection: OneSidedSelection
imblearn.under_sampling._prototype_selection._random_under_sampler: RandomUnderSampler
imblearn.under_sampling._prototype_selection._tomek_links: TomekLinks
`),
    },
  ],
}
