// Written by scripts/known-names/known_names.py.

/** Classes that Keras 3.15.1 and 2.21.0 make from a configuration. */
export const KERAS_CLASSES: ReadonlySet<string> = new Set(
  `
  AUC AWQConfig AWQDTypePolicy Abs AbsMaxQuantizer Absolute AbstractRNNCell Accuracy Activation ActivityRegularization
  Adadelta Adafactor Adagrad Adam AdamW Adamax AdaptiveAveragePool AdaptiveAveragePooling1D AdaptiveAveragePooling2D
  AdaptiveAveragePooling3D AdaptiveMaxPool AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add
  AdditiveAttention AffineTransform All AllClose AlphaDropout Amax Amin Angle Any Append Arange Arccos Arccosh Arcsin
  Arcsinh Arctan Arctan2 Arctanh Argmax Argmin Argpartition Argsort Array ArraySplit AssociativeScan Attention AugMix
  AutoCastVariable AutoContrast Average AveragePool AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D
  AvgPool2D AvgPool3D BatchNorm BatchNormalization Bidirectional BinaryAccuracy BinaryCrossentropy
  BinaryFocalCrossentropy BinaryIoU Bincount BitwiseAnd BitwiseInvert BitwiseLeftShift BitwiseNot BitwiseOr
  BitwiseRightShift BitwiseXor BroadcastTo CDist CTC CTCDecode CTCLoss Cast CategoricalAccuracy
  CategoricalCrossentropy CategoricalFocalCrossentropy CategoricalGeneralizedCrossEntropy CategoricalHinge
  CategoryEncoding Cbrt Ceil Celu CenterCrop Cholesky CholeskyInverse Circle Clip CompileLoss CompileMetrics
  Concatenate ConcordanceCorrelation Cond Conj Conjugate Constant Constraint
  ContrastLimitedAdaptiveHistogramEqualization Conv Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D
  Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D ConvTranspose ConvertToTensor Convolution1D Convolution1DTranspose
  Convolution2D Convolution2DTranspose Convolution3D Convolution3DTranspose Copy Corrcoef Correlate Cos Cosh
  CosineDecay CosineDecayRestarts CosineSimilarity CountNonzero CropImages Cropping1D Cropping2D Cropping3D Cross
  Cumprod Cumsum CutMix DTypePolicy DTypePolicyMap Deg2rad Dense DenseFeatures DepthToSpace DepthwiseConv
  DepthwiseConv1D DepthwiseConv2D Det Diag Diagflat Diagonal Dice Diff Digitize Discretization Divide DivideNoNan Dot
  DotProductAttention Dropout Dsplit Dstack DynamicEmbedding DynamicLookup ELU Eig Eigh Einsum EinsumDense
  ElasticTransform Elu Embedding EmptyLike Equal Equalization Erf Erfc Erfinv Exp Exp2 ExpandDims Expm1
  ExponentialDecay ExtractPatches ExtractSequences F1Score FBetaScore FFT FFT2 Fabs FalseNegatives FalsePositives
  Feature FeatureSpace Flatten Flip Fliplr Flipud Float8QuantizationConfig FloatDTypePolicy Floor FloorDivide Fmax
  Fmin Fmod Fold ForiLoop Ftrl Full FullLike Function Functional GPTQConfig GPTQDTypePolicy GRU GRUCell GaussianBlur
  GaussianDropout GaussianNoise Gcd Gelu Generator Geomspace GetItem GlobalAveragePooling1D GlobalAveragePooling2D
  GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D
  GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GlorotNormal GlorotUniform Glu Greater
  GreaterEqual GroupNormalization GroupQueryAttention HSVToRGB HardShrink HardSigmoid HardSilu HardTanh HashedCrossing
  Hashing HeNormal HeUniform Heaviside Hinge Histogram Hsplit Hstack Huber Hypot I0 IFFT2 IRFFT ISTFT Identity
  IdentityInitializer Imag InTopK Initializer Inner InputLayer InputSpec Int4DTypePolicy Int4QuantizationConfig
  Int8QuantizationConfig IntegerLookup Inv InverseTimeDecay IoU IsIn Isclose Isfinite Isinf Isnan Isneginf Isposinf
  Isreal JVP KLDivergence Kron L1 L1L2 L2 LSTM LSTMCell Lamb Layer LayerNorm LayerNormalization Lcm Ldexp LeakyReLU
  LeakyRelu LearningRateSchedule LecunNormal LecunUniform LeftShift Less LessEqual LinearModel Linspace Lion
  LocallyConnected1D LocallyConnected2D Log Log10 Log1p Log2 LogCosh LogCoshError LogSigmoid LogSoftmax Logaddexp
  Logaddexp2 Logdet LogicalAnd LogicalNot LogicalOr LogicalXor Logspace Logsumexp Loss LossScaleOptimizer Lstsq
  LuFactor Map MapCoordinates Masking Matmul MatrixRank Max MaxNorm MaxNumBoundingBoxes MaxPool MaxPool1D MaxPool2D
  MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D Maximum Mean MeanAbsoluteError MeanAbsolutePercentageError MeanIoU
  MeanMetricWrapper MeanRelativeError MeanSquaredError MeanSquaredLogarithmicError MeanTensor Median MelSpectrogram
  Meshgrid Metric MetricsList Min MinMaxNorm Minimum MixUp Mod Model Moments Moveaxis MultiHeadAttention MultiHot
  MultiOptimizer Multiply Muon Nadam NanToNum Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean Nanmedian Nanmin
  Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Ndim Negative Nextafter NodeMetadata NonNeg Nonzero Norm
  Normalization Normalize NotEqual OneHot OneHotIoU OneHotMeanIoU Ones OnesLike Operation Optimizer OptimizerMap
  Orthogonal OrthogonalInitializer OrthogonalRegularizer Outer PReLU PSNR Pad PadImages PearsonCorrelation Percentile
  Permute PerspectiveTransform PiecewiseConstantDecay Pinv Pipeline Poisson Polar Policy PolynomialDecay Power
  Precision PrecisionAtRecall PreprocessingLayer Prod Ptp Qr Quantile QuantizationConfig QuantizedDTypePolicy
  QuantizedFloat8DTypePolicy Quantizer R2Score RFFT RGBToGrayscale RGBToHSV RMSNorm RMSNormalization RMSprop RNN
  Rad2deg RadialConstraint RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
  RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomFourierFeatures RandomGaussianBlur RandomGrayscale
  RandomHeight RandomHue RandomInvert RandomNormal RandomPerspective RandomPosterization RandomRotation
  RandomSaturation RandomSharpness RandomShear RandomTranslation RandomUniform RandomWidth RandomZoom Ravel ReLU Real
  Rearrange Recall RecallAtPrecision Reciprocal Reduction Regularizer Relu Relu6 Repeat RepeatVector Rescaling Reshape
  Resize Resizing ReversibleEmbedding RightShift Roll RootMeanSquaredError Rot90 Round Rsqrt SGD SSIM STFT
  STFTInitializer STFTSpectrogram SVD SaturateCast ScaleAndTranslate Scan Scatter ScatterUpdate ScheduleFreeAdamW
  SearchSorted SeedGenerator SegmentMax SegmentMin SegmentProd SegmentReduction SegmentSum Select Selu
  SensitivityAtSpecificity SeparableConv SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D
  SequenceFeatures Sequential SidecarEvaluator Sigmoid Sign Signbit Silu SimpleRNN SimpleRNNCell Sin Sinc Sinh Size
  Slice SliceUpdate Slogdet SobelEdges SoftShrink Softmax Softplus Softsign Solarization Solve SolveTriangular Sort
  SpaceToDepth SparseCategoricalAccuracy SparseCategoricalCrossentropy SparsePlus SparseSigmoid
  SparseTopKCategoricalAccuracy Sparsemax SpatialDropout1D SpatialDropout2D SpatialDropout3D SpecificityAtSensitivity
  SpectralNormalization Split Sqrt Square SquaredHinge Squareplus Squeeze Stack StackedRNNCells StateVector Std
  StopGradient StringLookup Subtract Sum Swapaxes Switch SyncBatchNormalization Take TakeAlongAxis Tan Tanh TanhShrink
  Tensordot TextVectorization Threshold ThresholdedReLU Tile TimeDistributed TopK TopKCategoricalAccuracy Trace
  Transpose Trapezoid Tril Triu TrueDivide TrueNegatives TruePositives Trunc TruncatedNormal Tversky Unfold Unique
  UnitNorm UnitNormalization UnravelIndex Unstack UpSampling1D UpSampling2D UpSampling3D Vander Var VarianceScaling
  Vdot VectorizedMap View ViewAsComplex ViewAsReal Vsplit Vstack Where WhileLoop WideDeepModel Wrapper ZeroPadding1D
  ZeroPadding2D ZeroPadding3D Zeros ZerosLike constant glorot_normal glorot_uniform he_normal he_uniform identity l1
  l1_l2 l2 lecun_normal lecun_uniform max_norm min_max_norm non_neg ones orthogonal orthogonal_regularizer
  radial_constraint random_normal random_uniform stft truncated_normal unit_norm variance_scaling zeros
`
    .trim()
    .split(/\s+/),
)

/** Functions that a configuration may name: activations, losses, metrics and operations. */
export const KERAS_FUNCTIONS: ReadonlySet<string> = new Set(
  `
  KLD MAE MAPE MSE MSLE abs absolute adaptive_average_pool adaptive_max_pool add all allclose amax amin angle any
  append arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argpartition argsort array
  array_split associative_scan average average_pool backend bartlett batch_dot batch_flatten batch_get_value
  batch_normalization batch_set_value beta bias_add binary_accuracy binary_crossentropy binary_focal_crossentropy
  bincount binomial bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift
  bitwise_xor blackman broadcast_to cast cast_to_floatx categorical categorical_accuracy categorical_crossentropy
  categorical_focal_crossentropy categorical_generalized_cross_entropy categorical_hinge cbrt cdist ceil celu cholesky
  cholesky_inverse circle clear_session clip concatenate concordance_correlation cond conj conjugate constant conv
  conv1d conv2d conv2d_transpose conv3d conv_transpose convert_to_numpy convert_to_tensor copy corrcoef correlate cos
  cosh cosine_similarity count_nonzero count_params cross ctc ctc_batch_cost ctc_decode ctc_label_dense_to_sparse
  ctc_loss cumprod cumsum deg2rad depth_to_space depthwise_conv depthwise_conv2d det diag diagflat diagonal dice diff
  digitize divide divide_no_nan dot dot_product_attention dropout dsplit dstack dtype eig eigh einsum elu empty
  empty_like epsilon equal erf erfc erfinv exp exp2 expand_dims expm1 exponential extract_sequences eye fabs fft
  fft2 flatten flip fliplr flipud floatx floor floor_divide fmax fmin fmod fold foldl foldr fori_loop full full_like
  function gamma gather gcd gelu geomspace get_item get_uid get_value glu gradients greater greater_equal hamming
  hanning hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh heaviside hinge histogram hsplit hstack huber hypot
  i0 identity ifft2 imag image_data_format in_test_phase in_top_k in_train_phase inner int_shape inv irfft
  is_float_dtype is_int_dtype is_keras_tensor is_sparse is_tensor isclose isfinite isin isinf isnan isneginf isposinf
  isreal istft jvp kaiser kl_divergence kld kron kullback_leibler_divergence l1_l2 l2_normalize layer_normalization
  lcm ldexp leaky_relu learning_phase learning_phase_scope left_shift less less_equal linear linspace local_conv1d
  local_conv2d log log10 log1p log2 log_cosh log_sigmoid log_softmax logaddexp logaddexp2 logcosh logdet logical_and
  logical_not logical_or logical_xor logspace logsumexp lstsq lu_factor mae manual_variable_initialization map map_fn
  mape matmul matrix_rank max max_pool maximum mean mean_absolute_error mean_absolute_percentage_error
  mean_squared_error mean_squared_logarithmic_error median meshgrid min minimum mish mod moments moveaxis
  moving_average_update mse msle multi_hot multiply name_scope nan_to_num nanargmax nanargmin nancumprod nancumsum
  nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar ndim negative nextafter
  nonzero norm normal normalize normalize_batch_in_training not_equal one_hot ones ones_like outer pad
  pearson_correlation percentile permute_dimensions pinv placeholder poisson polar pool2d pool3d pow power
  print_tensor prod psnr ptp qr quantile rad2deg randint random_bernoulli random_binomial random_normal
  random_normal_variable random_uniform random_uniform_variable ravel real rearrange reciprocal relu relu6 repeat
  repeat_elements reset_uids reshape resize_images resize_volumes result_type reverse rfft right_shift
  rms_normalization rnn roll rot90 round rsqrt saturate_cast scan scatter scatter_update searchsorted segment_max
  segment_min segment_prod segment_sum select selu separable_conv separable_conv2d set_epsilon set_floatx
  set_image_data_format set_learning_phase set_value shape shuffle sigmoid sign signbit silu sin sinc sinh size slice
  slice_update slogdet soft_shrink softmax softplus softsign solve solve_triangular sort space_to_depth
  sparse_categorical_accuracy sparse_categorical_crossentropy sparse_plus sparse_sigmoid
  sparse_top_k_categorical_accuracy sparsemax spatial_2d_padding spatial_3d_padding split sqrt square squared_hinge
  squareplus squeeze stack standardize_dtype std stft stop_gradient subtract sum svd swapaxes swish switch take
  take_along_axis tan tanh tanh_shrink temporal_padding tensordot threshold tile to_dense top_k
  top_k_categorical_accuracy trace transpose trapezoid tri tril triu true_divide trunc truncated_normal tversky unfold
  uniform unique unravel_index unstack update update_add update_sub vander var variable vdot vectorize vectorized_map
  view view_as_complex view_as_real vsplit vstack where while_loop zeros zeros_like
`
    .trim()
    .split(/\s+/),
)
