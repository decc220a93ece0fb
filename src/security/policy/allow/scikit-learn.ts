// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const scikitLearn: AllowList = {
  framework: 'scikit-learn',
  versions: ['scikit-learn 1.1.3', 'scikit-learn 1.2.1', 'scikit-learn 1.9.1'],
  groups: [
    {
      condition: 'dataArguments',
      reason: 'a criterion of splits, from numbers',
      names: nameTable(`
sklearn.tree._criterion: ClassificationCriterion Criterion Entropy FriedmanMSE Gini MAE MSE Poisson RegressionCriterion
`),
    },
    {
      condition: 'dataArguments',
      reason: 'a heap of neighbours, from numbers',
      names: nameTable(`
sklearn.neighbors._ball_tree: BallTree32 BallTree64 NeighborsHeap NeighborsHeap32 NeighborsHeap64 NodeHeap
sklearn.neighbors._kd_tree: KDTree32 KDTree64 NeighborsHeap NeighborsHeap32 NeighborsHeap64 NodeHeap
`),
    },
    {
      condition: 'dataArguments',
      reason: 'a loss, from a number',
      names: nameTable(`
sklearn._loss._loss: CyAbsoluteError CyExponentialLoss CyHalfBinomialLoss CyHalfGammaLoss CyHalfPoissonLoss CyHalfSquaredError
    CyHalfTweedieLoss CyHalfTweedieLossIdentity CyHuberLoss CyLossFunction CyPinballLoss
sklearn.linear_model._sgd_fast: Classification EpsilonInsensitive Hinge Huber Log LossFunction ModifiedHuber Regression
    SquaredEpsilonInsensitive SquaredHinge SquaredLoss
`),
    },
    {
      condition: 'dataArguments',
      reason: 'a loss, from numbers',
      names: nameTable(`
sklearn.ensemble._gb_losses: ClassificationLossFunction LossFunction MultinomialDeviance RegressionLossFunction
`),
    },
    {
      condition: 'dataArguments',
      reason: 'a splitter, from numbers',
      names: nameTable(`
sklearn.tree._splitter: BestSparseSplitter BestSplitter RandomSparseSplitter RandomSplitter Splitter
`),
    },
    {
      condition: 'dataArguments',
      reason: 'an empty tree, from numbers',
      names: nameTable(`
sklearn.neighbors._quad_tree: _QuadTree
sklearn.tree._tree: Tree
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'an empty distance, which its state fills',
      names: nameTable(`
sklearn.metrics._dist_metrics: newObj
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'an empty search tree, which its state fills',
      names: nameTable(`
sklearn.neighbors._ball_tree: newObj
sklearn.neighbors._kd_tree: newObj
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'restores an object of compiled code; it makes one of the class that it is given and copies its state',
      names: nameTable(`
sklearn._loss._loss: __pyx_unpickle_CyAbsoluteError __pyx_unpickle_CyExponentialLoss __pyx_unpickle_CyHalfBinomialLoss
    __pyx_unpickle_CyHalfGammaLoss __pyx_unpickle_CyHalfMultinomialLoss __pyx_unpickle_CyHalfPoissonLoss
    __pyx_unpickle_CyHalfSquaredError __pyx_unpickle_CyHalfTweedieLoss __pyx_unpickle_CyHalfTweedieLossIdentity
    __pyx_unpickle_CyHuberLoss __pyx_unpickle_CyLossFunction __pyx_unpickle_CyPinballLoss
`),
    },
    {
      condition: 'neverCalled',
      reason: 'a metric, a kernel or a score that an estimator refers to',
      names: nameTable(`
sklearn._config: config_context
sklearn._loss._loss: CyHalfMultinomialLoss
sklearn.cluster._kmeans: _kmeans_single_elkan _kmeans_single_lloyd
sklearn.feature_selection._mutual_info: mutual_info_classif mutual_info_regression
sklearn.feature_selection._univariate_selection: chi2 f_classif f_oneway f_regression r_regression
sklearn.linear_model._coordinate_descent: enet_path lasso_path
sklearn.linear_model._least_angle: lars_path lars_path_gram
sklearn.linear_model._omp: orthogonal_mp orthogonal_mp_gram
sklearn.linear_model._ridge: ridge_regression
sklearn.metrics._classification: accuracy_score balanced_accuracy_score brier_score_loss class_likelihood_ratios
    classification_report cohen_kappa_score confusion_matrix d2_brier_score d2_log_loss_score f1_score fbeta_score
    hamming_loss hinge_loss jaccard_score log_loss matthews_corrcoef multilabel_confusion_matrix
    precision_recall_fscore_support precision_score recall_score zero_one_loss
sklearn.metrics._dist_metrics: BrayCurtisDistance BrayCurtisDistance32 BrayCurtisDistance64 CanberraDistance
    CanberraDistance32 CanberraDistance64 ChebyshevDistance ChebyshevDistance32 ChebyshevDistance64 DiceDistance
    DiceDistance32 DiceDistance64 EuclideanDistance EuclideanDistance32 EuclideanDistance64 HammingDistance HammingDistance32
    HammingDistance64 HaversineDistance HaversineDistance32 HaversineDistance64 JaccardDistance JaccardDistance32
    JaccardDistance64 KulsinskiDistance KulsinskiDistance32 KulsinskiDistance64 MahalanobisDistance MahalanobisDistance64
    ManhattanDistance ManhattanDistance32 ManhattanDistance64 MatchingDistance MatchingDistance32 MatchingDistance64
    MinkowskiDistance MinkowskiDistance32 MinkowskiDistance64 PyFuncDistance PyFuncDistance32 PyFuncDistance64
    RogersTanimotoDistance RogersTanimotoDistance32 RogersTanimotoDistance64 RussellRaoDistance RussellRaoDistance32
    RussellRaoDistance64 SEuclideanDistance SEuclideanDistance32 SEuclideanDistance64 SokalMichenerDistance
    SokalMichenerDistance32 SokalMichenerDistance64 SokalSneathDistance SokalSneathDistance32 SokalSneathDistance64
    WMinkowskiDistance WMinkowskiDistance32
sklearn.metrics._plot.confusion_matrix: plot_confusion_matrix
sklearn.metrics._plot.det_curve: plot_det_curve
sklearn.metrics._plot.precision_recall_curve: plot_precision_recall_curve
sklearn.metrics._plot.roc_curve: plot_roc_curve
sklearn.metrics._ranking: auc average_precision_score confusion_matrix_at_thresholds coverage_error dcg_score det_curve
    label_ranking_average_precision_score label_ranking_loss metric_at_thresholds ndcg_score precision_recall_curve
    roc_auc_score roc_curve top_k_accuracy_score
sklearn.metrics._regression: d2_absolute_error_score d2_pinball_score d2_tweedie_score explained_variance_score max_error
    mean_absolute_error mean_absolute_percentage_error mean_gamma_deviance mean_pinball_loss mean_poisson_deviance
    mean_squared_error mean_squared_log_error mean_tweedie_deviance median_absolute_error r2_score root_mean_squared_error
    root_mean_squared_log_error
sklearn.metrics._scorer: _passthrough_scorer check_scoring get_scorer get_scorer_names make_scorer negative_likelihood_ratio
    positive_likelihood_ratio
sklearn.metrics.cluster._bicluster: consensus_score
sklearn.metrics.cluster._supervised: adjusted_mutual_info_score adjusted_rand_score check_clusterings completeness_score
    contingency_matrix entropy fowlkes_mallows_score homogeneity_completeness_v_measure homogeneity_score mutual_info_score
    normalized_mutual_info_score pair_confusion_matrix rand_score v_measure_score
sklearn.metrics.cluster._unsupervised: calinski_harabasz_score check_number_of_labels davies_bouldin_score silhouette_samples
    silhouette_score
sklearn.metrics.pairwise: additive_chi2_kernel check_paired_arrays check_pairwise_arrays chi2_kernel cosine_distances
    cosine_similarity distance_metrics euclidean_distances haversine_distances kernel_metrics laplacian_kernel linear_kernel
    manhattan_distances nan_euclidean_distances paired_cosine_distances paired_distances paired_euclidean_distances
    paired_manhattan_distances pairwise_distances pairwise_distances_argmin pairwise_distances_argmin_min
    pairwise_distances_chunked pairwise_kernels polynomial_kernel rbf_kernel sigmoid_kernel
sklearn.neighbors._ball_tree: BallTree
sklearn.neighbors._kd_tree: KDTree
sklearn.neural_network._base: binary_log_loss inplace_exp inplace_identity inplace_identity_derivative inplace_logistic
    inplace_logistic_derivative inplace_relu inplace_relu_derivative inplace_softmax inplace_tanh inplace_tanh_derivative
    log_loss poisson_loss squared_loss
sklearn.preprocessing._data: add_dummy_feature binarize maxabs_scale minmax_scale normalize power_transform quantile_transform
    robust_scale scale
sklearn.preprocessing._function_transformer: _identity
sklearn.preprocessing._label: label_binarize
sklearn.utils: gen_batches gen_even_slices get_chunk_n_rows is_scalar_nan
sklearn.utils._array_api: device get_namespace get_namespace_and_device
sklearn.utils._chunking: gen_batches gen_even_slices get_chunk_n_rows
sklearn.utils._missing: is_scalar_nan
sklearn.utils._param_validation: validate_params
sklearn.utils.extmath: cartesian density fast_logdet log_logistic make_nonnegative randomized_range_finder randomized_svd
    row_norms safe_sparse_dot safe_sqr softmax squared_norm stable_cumsum svd_flip weighted_mode
sklearn.utils.fixes: delayed
sklearn.utils.parallel: delayed
sklearn.utils.sparsefuncs: sparse_matmul_to_dense
sklearn.utils.validation: check_array check_non_negative check_random_state
`),
    },
    {
      condition: 'newFromData',
      reason: 'a fitted step of an imputer',
      names: nameTable(`
sklearn.impute._iterative: _ImputerTriplet
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'an estimator of scikit-learn, or a part of one: restoring it copies fitted numbers',
      names: nameTable(`
sklearn._loss.link: HalfLogitLink IdentityLink Interval LogLink LogitLink MultinomialLogit
sklearn._loss.loss: AbsoluteError ExponentialLoss HalfBinomialLoss HalfBinomialLossArrayAPI HalfGammaLoss HalfMultinomialLoss
    HalfMultinomialLossArrayAPI HalfPoissonLoss HalfPoissonLossArrayAPI HalfSquaredError HalfTweedieLoss
    HalfTweedieLossIdentity HuberLoss PinballLoss
sklearn.base: BaseEstimator
sklearn.calibration: CalibratedClassifierCV _CalibratedClassifier _SigmoidCalibration _TemperatureScaling
sklearn.cluster._affinity_propagation: AffinityPropagation
sklearn.cluster._agglomerative: AgglomerativeClustering FeatureAgglomeration
sklearn.cluster._bicluster: SpectralBiclustering SpectralCoclustering
sklearn.cluster._birch: Birch _CFNode _CFSubcluster
sklearn.cluster._bisect_k_means: BisectingKMeans _BisectingTree
sklearn.cluster._dbscan: DBSCAN
sklearn.cluster._hdbscan.hdbscan: HDBSCAN
sklearn.cluster._kmeans: KMeans MiniBatchKMeans
sklearn.cluster._mean_shift: MeanShift
sklearn.cluster._optics: OPTICS
sklearn.cluster._spectral: SpectralClustering
sklearn.compose._column_transformer: ColumnTransformer make_column_selector
sklearn.compose._target: TransformedTargetRegressor
sklearn.covariance._elliptic_envelope: EllipticEnvelope
sklearn.covariance._empirical_covariance: EmpiricalCovariance
sklearn.covariance._graph_lasso: BaseGraphicalLasso GraphicalLasso GraphicalLassoCV _DictWithDeprecatedKeys
sklearn.covariance._robust_covariance: MinCovDet
sklearn.covariance._shrunk_covariance: LedoitWolf OAS ShrunkCovariance
sklearn.cross_decomposition._pls: CCA PLSCanonical PLSRegression PLSSVD
sklearn.decomposition._dict_learning: DictionaryLearning MiniBatchDictionaryLearning SparseCoder
sklearn.decomposition._factor_analysis: FactorAnalysis
sklearn.decomposition._fastica: FastICA
sklearn.decomposition._incremental_pca: IncrementalPCA
sklearn.decomposition._kernel_pca: KernelPCA
sklearn.decomposition._lda: LatentDirichletAllocation
sklearn.decomposition._nmf: MiniBatchNMF NMF _BaseNMF
sklearn.decomposition._pca: PCA
sklearn.decomposition._sparse_pca: MiniBatchSparsePCA SparsePCA _BaseSparsePCA
sklearn.decomposition._truncated_svd: TruncatedSVD
sklearn.discriminant_analysis: LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis
sklearn.dummy: DummyClassifier DummyRegressor
sklearn.ensemble._bagging: BaggingClassifier BaggingRegressor
sklearn.ensemble._forest: ExtraTreesClassifier ExtraTreesRegressor RandomForestClassifier RandomForestRegressor
    RandomTreesEmbedding
sklearn.ensemble._gb: GradientBoostingClassifier GradientBoostingRegressor
sklearn.ensemble._gb_losses: BinomialDeviance ExponentialLoss HuberLossFunction LeastAbsoluteError LeastSquaresError
    QuantileLossFunction
sklearn.ensemble._hist_gradient_boosting.binning: _BinMapper
sklearn.ensemble._hist_gradient_boosting.gradient_boosting: HistGradientBoostingClassifier HistGradientBoostingRegressor
sklearn.ensemble._hist_gradient_boosting.predictor: TreePredictor
sklearn.ensemble._iforest: IsolationForest
sklearn.ensemble._stacking: StackingClassifier StackingRegressor
sklearn.ensemble._voting: VotingClassifier VotingRegressor
sklearn.ensemble._weight_boosting: AdaBoostClassifier AdaBoostRegressor
sklearn.feature_extraction._dict_vectorizer: DictVectorizer
sklearn.feature_extraction._hash: FeatureHasher
sklearn.feature_extraction.image: PatchExtractor
sklearn.feature_extraction.text: CountVectorizer HashingVectorizer TfidfTransformer TfidfVectorizer
sklearn.feature_selection._from_model: SelectFromModel
sklearn.feature_selection._rfe: RFE RFECV
sklearn.feature_selection._sequential: SequentialFeatureSelector
sklearn.feature_selection._univariate_selection: GenericUnivariateSelect SelectFdr SelectFpr SelectFwe SelectKBest
    SelectPercentile
sklearn.feature_selection._variance_threshold: VarianceThreshold
sklearn.frozen._frozen: FrozenEstimator
sklearn.gaussian_process._gpc: GaussianProcessClassifier _BinaryGaussianProcessClassifierLaplace
sklearn.gaussian_process._gpr: GaussianProcessRegressor
sklearn.gaussian_process.kernels: CompoundKernel ConstantKernel DotProduct ExpSineSquared Exponentiation Hyperparameter Kernel
    KernelOperator Matern PairwiseKernel Product RBF RationalQuadratic Sum WhiteKernel
sklearn.impute._base: MissingIndicator SimpleImputer _BaseImputer
sklearn.impute._iterative: IterativeImputer
sklearn.impute._knn: KNNImputer
sklearn.isotonic: IsotonicRegression
sklearn.kernel_approximation: AdditiveChi2Sampler Nystroem PolynomialCountSketch RBFSampler SkewedChi2Sampler
sklearn.kernel_ridge: KernelRidge
sklearn.linear_model._base: LinearRegression
sklearn.linear_model._bayes: ARDRegression BayesianRidge
sklearn.linear_model._coordinate_descent: ElasticNet ElasticNetCV Lasso LassoCV MultiTaskElasticNet MultiTaskElasticNetCV
    MultiTaskLasso MultiTaskLassoCV
sklearn.linear_model._glm._newton_solver: NewtonCholeskySolver NewtonSolver
sklearn.linear_model._glm.glm: GammaRegressor PoissonRegressor TweedieRegressor _GeneralizedLinearRegressor
sklearn.linear_model._huber: HuberRegressor
sklearn.linear_model._least_angle: Lars LarsCV LassoLars LassoLarsCV LassoLarsIC
sklearn.linear_model._linear_loss: LinearModelLoss
sklearn.linear_model._logistic: LogisticRegression LogisticRegressionCV
sklearn.linear_model._omp: OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV
sklearn.linear_model._passive_aggressive: PassiveAggressiveClassifier PassiveAggressiveRegressor
sklearn.linear_model._perceptron: Perceptron
sklearn.linear_model._quantile: QuantileRegressor
sklearn.linear_model._ransac: RANSACRegressor
sklearn.linear_model._ridge: Ridge RidgeCV RidgeClassifier RidgeClassifierCV _BaseRidgeCV _IdentityClassifier
    _IdentityRegressor _RidgeGCV
sklearn.linear_model._stochastic_gradient: SGDClassifier SGDOneClassSVM SGDRegressor
sklearn.linear_model._theil_sen: TheilSenRegressor
sklearn.manifold._classical_mds: ClassicalMDS
sklearn.manifold._isomap: Isomap
sklearn.manifold._locally_linear: LocallyLinearEmbedding
sklearn.manifold._mds: MDS
sklearn.manifold._spectral_embedding: SpectralEmbedding
sklearn.manifold._t_sne: TSNE
sklearn.metrics._dist_metrics: MahalanobisDistance32
sklearn.metrics._scorer: _CurveScorer _DeprecatedScorers _MultimetricScorer _PassthroughScorer _PredictScorer _ProbaScorer
    _Scorer _ThresholdScorer
sklearn.mixture._bayesian_mixture: BayesianGaussianMixture
sklearn.mixture._gaussian_mixture: GaussianMixture
sklearn.model_selection._classification_threshold: BaseThresholdClassifier FixedThresholdClassifier TunedThresholdClassifierCV
sklearn.model_selection._search: GridSearchCV RandomizedSearchCV
sklearn.model_selection._search_successive_halving: HalvingGridSearchCV HalvingRandomSearchCV
sklearn.model_selection._split: GroupKFold GroupShuffleSplit KFold LeaveOneGroupOut LeaveOneOut LeavePGroupsOut LeavePOut
    PredefinedSplit RepeatedKFold RepeatedStratifiedKFold ShuffleSplit StratifiedGroupKFold StratifiedKFold
    StratifiedShuffleSplit TimeSeriesSplit _CVIterableWrapper _RepeatedSplits
sklearn.multiclass: OneVsOneClassifier OneVsRestClassifier OutputCodeClassifier _ConstantPredictor
sklearn.multioutput: ClassifierChain MultiOutputClassifier MultiOutputRegressor RegressorChain
sklearn.naive_bayes: BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB
sklearn.neighbors._classification: KNeighborsClassifier RadiusNeighborsClassifier
sklearn.neighbors._graph: KNeighborsTransformer RadiusNeighborsTransformer
sklearn.neighbors._kde: KernelDensity
sklearn.neighbors._lof: LocalOutlierFactor
sklearn.neighbors._nca: NeighborhoodComponentsAnalysis
sklearn.neighbors._nearest_centroid: NearestCentroid
sklearn.neighbors._regression: KNeighborsRegressor RadiusNeighborsRegressor
sklearn.neighbors._unsupervised: NearestNeighbors
sklearn.neural_network._multilayer_perceptron: MLPClassifier MLPRegressor
sklearn.neural_network._rbm: BernoulliRBM
sklearn.neural_network._stochastic_optimizers: AdamOptimizer SGDOptimizer
sklearn.pipeline: FeatureUnion Pipeline
sklearn.preprocessing._data: Binarizer KernelCenterer MaxAbsScaler MinMaxScaler Normalizer PowerTransformer
    QuantileTransformer RobustScaler StandardScaler
sklearn.preprocessing._discretization: KBinsDiscretizer
sklearn.preprocessing._encoders: OneHotEncoder OrdinalEncoder _BaseEncoder
sklearn.preprocessing._function_transformer: FunctionTransformer
sklearn.preprocessing._label: LabelBinarizer LabelEncoder MultiLabelBinarizer
sklearn.preprocessing._polynomial: PolynomialFeatures SplineTransformer
sklearn.preprocessing._target_encoder: TargetEncoder
sklearn.random_projection: GaussianRandomProjection SparseRandomProjection
sklearn.semi_supervised._label_propagation: LabelPropagation LabelSpreading
sklearn.semi_supervised._self_training: SelfTrainingClassifier
sklearn.svm._classes: LinearSVC LinearSVR NuSVC NuSVR OneClassSVM SVC SVR
sklearn.tree._classes: DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor
sklearn.utils._bunch: Bunch
sklearn.utils._metadata_requests: MetadataRequest MetadataRouter MethodMapping MethodMetadataRequest MethodPair RequestMethod
    RouterMappingPair _MetadataRequester
sklearn.utils._mocking: CheckingClassifier NoSampleWeightWrapper _MockEstimatorOnOffPrediction
sklearn.utils._tags: ClassifierTags InputTags RegressorTags Tags TargetTags TransformerTags
`),
    },
  ],
}
