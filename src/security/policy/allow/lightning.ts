// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const lightning: AllowList = {
  framework: 'PyTorch Lightning, torchmetrics',
  versions: ['pytorch-lightning 2.6.6', 'torchmetrics 1.9.0'],
  groups: [
    {
      condition: 'looksUpMember',
      reason: 'a member of an enumeration',
      names: nameTable(`
pytorch_lightning.callbacks.early_stopping: EarlyStoppingReason
pytorch_lightning.callbacks.prediction_writer: WriteInterval
pytorch_lightning.callbacks.timer: Interval
pytorch_lightning.trainer.states: RunningStage
torchmetrics.functional.regression.kendall: _MetricVariant
`),
    },
    {
      condition: 'neverCalled',
      reason: 'a class or a function that a checkpoint refers to',
      names: nameTable(`
pytorch_lightning.callbacks.finetuning: multiplicative
torchmetrics.metric: jit_distributed_available
torchmetrics.utilities.data: dim_zero_cat dim_zero_max dim_zero_mean dim_zero_min dim_zero_sum
`),
    },
    {
      condition: 'newFromData',
      reason: 'a metric',
      names: nameTable(`
torchmetrics.aggregation: CatMetric MaxMetric MeanMetric MinMetric RunningMean RunningSum SumMetric
torchmetrics.audio._deprecated: _ScaleInvariantSignalDistortionRatio _ScaleInvariantSignalNoiseRatio _SignalDistortionRatio
    _SignalNoiseRatio
torchmetrics.classification.accuracy: BinaryAccuracy
torchmetrics.classification.auroc: BinaryAUROC
torchmetrics.classification.average_precision: BinaryAveragePrecision
torchmetrics.classification.calibration_error: BinaryCalibrationError
torchmetrics.classification.cohen_kappa: BinaryCohenKappa
torchmetrics.classification.confusion_matrix: BinaryConfusionMatrix
torchmetrics.classification.exact_match: MulticlassExactMatch
torchmetrics.classification.f_beta: BinaryF1Score BinaryFBetaScore
torchmetrics.classification.hamming: BinaryHammingDistance
torchmetrics.classification.hinge: BinaryHingeLoss
torchmetrics.classification.jaccard: BinaryJaccardIndex
torchmetrics.classification.logauc: BinaryLogAUC
torchmetrics.classification.matthews_corrcoef: BinaryMatthewsCorrCoef
torchmetrics.classification.negative_predictive_value: BinaryNegativePredictiveValue
torchmetrics.classification.precision_recall: BinaryPrecision BinaryRecall
torchmetrics.classification.precision_recall_curve: BinaryPrecisionRecallCurve
torchmetrics.classification.roc: BinaryROC
torchmetrics.classification.specificity: BinarySpecificity
torchmetrics.classification.stat_scores: BinaryStatScores
torchmetrics.image._deprecated: _ErrorRelativeGlobalDimensionlessSynthesis _MultiScaleStructuralSimilarityIndexMeasure
    _PeakSignalNoiseRatio _RelativeAverageSpectralError _RootMeanSquaredErrorUsingSlidingWindow _SpectralAngleMapper
    _SpectralDistortionIndex _StructuralSimilarityIndexMeasure _TotalVariation _UniversalImageQualityIndex
torchmetrics.nominal.fleiss_kappa: FleissKappa
torchmetrics.regression.concordance: ConcordanceCorrCoef
torchmetrics.regression.cosine_similarity: CosineSimilarity
torchmetrics.regression.explained_variance: ExplainedVariance
torchmetrics.regression.kendall: KendallRankCorrCoef
torchmetrics.regression.kl_divergence: KLDivergence
torchmetrics.regression.log_cosh: LogCoshError
torchmetrics.regression.log_mse: MeanSquaredLogError
torchmetrics.regression.mae: MeanAbsoluteError
torchmetrics.regression.mape: MeanAbsolutePercentageError
torchmetrics.regression.mse: MeanSquaredError
torchmetrics.regression.nrmse: NormalizedRootMeanSquaredError
torchmetrics.regression.pearson: PearsonCorrCoef
torchmetrics.regression.r2: R2Score
torchmetrics.regression.rse: RelativeSquaredError
torchmetrics.regression.spearman: SpearmanCorrCoef
torchmetrics.regression.symmetric_mape: SymmetricMeanAbsolutePercentageError
torchmetrics.regression.tweedie_deviance: TweedieDevianceScore
torchmetrics.regression.wmape: WeightedMeanAbsolutePercentageError
torchmetrics.retrieval._deprecated: _RetrievalFallOut _RetrievalHitRate _RetrievalMAP _RetrievalMRR _RetrievalNormalizedDCG
    _RetrievalPrecision _RetrievalPrecisionRecallCurve _RetrievalRPrecision _RetrievalRecall _RetrievalRecallAtFixedPrecision
torchmetrics.text._deprecated: _BLEUScore _CHRFScore _CharErrorRate _ExtendedEditDistance _MatchErrorRate _Perplexity _SQuAD
    _SacreBLEUScore _TranslationEditRate _WordErrorRate _WordInfoLost _WordInfoPreserved
torchmetrics.wrappers.running: Running
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a callback\'s or a metric\'s state: restoring it copies values',
      names: nameTable(`
pytorch_lightning.callbacks.batch_size_finder: BatchSizeFinder
pytorch_lightning.callbacks.callback: Callback
pytorch_lightning.callbacks.checkpoint: Checkpoint
pytorch_lightning.callbacks.device_stats_monitor: DeviceStatsMonitor
pytorch_lightning.callbacks.early_stopping: EarlyStopping
pytorch_lightning.callbacks.finetuning: BackboneFinetuning BaseFinetuning
pytorch_lightning.callbacks.lambda_function: LambdaCallback
pytorch_lightning.callbacks.lr_finder: LearningRateFinder
pytorch_lightning.callbacks.lr_monitor: LearningRateMonitor
pytorch_lightning.callbacks.model_checkpoint: ModelCheckpoint
pytorch_lightning.callbacks.model_summary: ModelSummary
pytorch_lightning.callbacks.on_exception_checkpoint: OnExceptionCheckpoint
pytorch_lightning.callbacks.prediction_writer: BasePredictionWriter
pytorch_lightning.callbacks.progress.progress_bar: ProgressBar
pytorch_lightning.callbacks.progress.rich_progress: RichProgressBar RichProgressBarTheme
pytorch_lightning.callbacks.progress.tqdm_progress: TQDMProgressBar
pytorch_lightning.callbacks.rich_model_summary: RichModelSummary
pytorch_lightning.callbacks.spike: SpikeDetection
pytorch_lightning.callbacks.throughput_monitor: ThroughputMonitor
pytorch_lightning.callbacks.timer: Timer
pytorch_lightning.callbacks.weight_averaging: WeightAveraging
pytorch_lightning.utilities.parsing: AttributeDict
torchmetrics.functional.text.sacre_bleu: _SacreBLEUTokenizer
torchmetrics.functional.text.ter: _TercomTokenizer
`),
    },
  ],
}
