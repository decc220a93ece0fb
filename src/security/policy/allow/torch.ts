// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const torch: AllowList = {
  framework: 'PyTorch',
  versions: ['torch 2.15.0'],
  groups: [
    {
      condition: 'anyCall',
      reason: 'a layout of tensors by its name',
      names: nameTable(`
torch.serialization: _get_layout
`),
    },
    {
      condition: 'anyCall',
      reason: 'a list of numbers, or a value with the name of its type, of a TorchScript program',
      names: nameTable(`
torch.jit._pickle: build_boollist build_doublelist build_intlist build_tensor_from_id build_tensorlist restore_type_tag
`),
    },
    {
      condition: 'anyCall',
      reason: 'a tensor, over numbers that are in the file',
      names: nameTable(`
torch._utils: _rebuild_device_tensor_from_cpu_tensor _rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage
    _rebuild_nested_tensor _rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor
    _rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3
`),
    },
    {
      condition: 'anyCall',
      reason: 'the name of a device',
      names: nameTable(`
torch: device
`),
    },
    {
      condition: 'anyCall',
      reason: 'the shape of a tensor',
      names: nameTable(`
torch: Size
`),
    },
    {
      condition: 'dataArguments',
      reason: 'a parameter whose shape is not known yet',
      names: nameTable(`
torch.nn.parameter: Buffer Parameter UninitializedBuffer UninitializedParameter
`),
    },
    {
      condition: 'dataArguments',
      reason: 'a random generator of a device',
      names: nameTable(`
torch._C: Generator
`),
    },
    {
      condition: 'firstIsAllowedClass',
      reason: 'a tensor of a subclass',
      names: nameTable(`
torch._utils: _rebuild_wrapper_subclass
`),
    },
    {
      condition: 'loadsExamined',
      reason: 'numbers of a tensor, from bytes that are examined as a file of their own',
      names: nameTable(`
torch.storage: _load_from_bytes
`),
    },
    {
      condition: 'neverCalled',
      reason: 'a type of numbers or a function on tensors that a layer or a tensor refers to',
      names: nameTable(`
torch: BFloat16Storage BFloat16Tensor BoolStorage BoolTensor ByteStorage ByteTensor CharStorage CharTensor
    ComplexDoubleStorage ComplexFloatStorage DoubleStorage DoubleTensor FloatStorage FloatTensor HalfStorage HalfTensor
    IntStorage IntTensor LongStorage LongTensor QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage
    ShortStorage ShortTensor Tensor bcomplex32 bfloat16 bits16 bits1x8 bits2x4 bits4x2 bits8 bool cdouble cfloat channels_last
    complex128 complex32 complex64 contiguous_format double dtype float float16 float32 float4_e2m1fn_x2 float64 float8_e4m3fn
    float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu half int int1 int16 int2 int3 int32 int4 int5 int6 int64 int7
    int8 layout long memory_format per_channel_affine per_channel_affine_float_qparams per_channel_symmetric per_tensor_affine
    per_tensor_symmetric preserve_format qint32 qint8 quint2x4 quint4x2 quint8 short sparse_coo sparse_csr strided uint1
    uint16 uint2 uint3 uint32 uint4 uint5 uint6 uint64 uint7 uint8
torch._C._nn: gelu
torch._utils: torch.channels_last torch.contiguous_format
torch.cuda: BFloat16Storage BFloat16Tensor BoolStorage BoolTensor ByteStorage ByteTensor CharStorage CharTensor
    ComplexDoubleStorage ComplexFloatStorage DoubleStorage DoubleTensor FloatStorage FloatTensor HalfStorage HalfTensor
    IntStorage IntTensor LongStorage LongTensor QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage
    ShortStorage ShortTensor
torch.cuda.sparse: BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor
    ShortTensor
torch.nested._internal.nested_tensor: NestedTensor _rebuild_njt
torch.nn.functional: celu elu gelu leaky_relu log_softmax mish relu relu6 selu sigmoid silu softmax softplus tanh
torch.optim.lr_scheduler: CyclicLR._triangular_scale_fn
torch.optim.swa_utils: SWALR._cosine_anneal
torch.sparse: BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor
    ShortTensor
torch.storage: UntypedStorage
`),
    },
    {
      condition: 'newFromData',
      reason: 'a version',
      names: nameTable(`
torch.torch_version: TorchVersion
`),
    },
    {
      condition: 'rebuildsFromType',
      reason: 'a tensor of a subclass; it calls its first argument',
      names: nameTable(`
torch._tensor: _rebuild_from_type_v2
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a layer, an optimizer, a distribution or a tensor of PyTorch: restoring it sets its parameters',
      names: nameTable(`
torch.ao.nn.intrinsic.modules.fused: BNReLU2d BNReLU3d ConvAdd2d ConvAddReLU2d ConvBn1d ConvBn2d ConvBn3d ConvBnReLU1d
    ConvBnReLU2d ConvBnReLU3d ConvReLU1d ConvReLU2d ConvReLU3d LinearBn1d LinearLeakyReLU LinearReLU LinearTanh _FusedModule
torch.ao.nn.intrinsic.qat.modules.conv_fused: ConvBn1d ConvBn2d ConvBn3d ConvBnReLU1d ConvBnReLU2d ConvBnReLU3d ConvReLU1d
    ConvReLU2d ConvReLU3d
torch.ao.nn.intrinsic.qat.modules.linear_fused: LinearBn1d
torch.ao.nn.intrinsic.qat.modules.linear_relu: LinearReLU
torch.ao.nn.intrinsic.quantized.modules.bn_relu: BNReLU2d BNReLU3d
torch.ao.nn.qat.dynamic.modules.linear: Linear
torch.ao.nn.qat.modules.conv: Conv1d Conv2d Conv3d
torch.ao.nn.qat.modules.embedding_ops: Embedding EmbeddingBag
torch.ao.nn.qat.modules.linear: Linear
torch.ao.nn.quantizable.modules.activation: MultiheadAttention
torch.ao.nn.quantizable.modules.rnn: LSTM LSTMCell _LSTMLayer _LSTMSingleLayer
torch.ao.nn.quantized.modules: DeQuantize Quantize
torch.ao.nn.quantized.modules.activation: ELU Hardswish LeakyReLU PReLU ReLU6 Sigmoid Softmax
torch.ao.nn.quantized.modules.batchnorm: BatchNorm2d BatchNorm3d
torch.ao.nn.quantized.modules.dropout: Dropout
torch.ao.nn.quantized.modules.functional_modules: FXFloatFunctional FloatFunctional QFunctional
torch.ao.nn.quantized.modules.normalization: GroupNorm InstanceNorm1d InstanceNorm2d InstanceNorm3d LayerNorm
torch.ao.quantization: _DerivedObserverOrFakeQuantize
torch.ao.quantization.fake_quantize: FakeQuantize FixedQParamsFakeQuantize FusedMovingAvgObsFakeQuantize
torch.ao.quantization.observer: FixedQParamsObserver HistogramObserver MinMaxObserver MovingAverageMinMaxObserver
    MovingAveragePerChannelMinMaxObserver NoopObserver PerChannelMinMaxObserver PlaceholderObserver RecordingObserver
    ReuseInputObserver
torch.ao.quantization.stubs: DeQuantStub QuantStub QuantWrapper
torch.distributions.bernoulli: Bernoulli
torch.distributions.binomial: Binomial
torch.distributions.categorical: Categorical
torch.distributions.cauchy: Cauchy
torch.distributions.chi2: Chi2
torch.distributions.continuous_bernoulli: ContinuousBernoulli
torch.distributions.dirichlet: Dirichlet
torch.distributions.distribution: Distribution
torch.distributions.exp_family: ExponentialFamily
torch.distributions.exponential: Exponential
torch.distributions.geometric: Geometric
torch.distributions.gumbel: Gumbel
torch.distributions.half_cauchy: HalfCauchy
torch.distributions.half_normal: HalfNormal
torch.distributions.independent: Independent
torch.distributions.laplace: Laplace
torch.distributions.log_normal: LogNormal
torch.distributions.logistic_normal: LogisticNormal
torch.distributions.multivariate_normal: MultivariateNormal
torch.distributions.normal: Normal
torch.distributions.one_hot_categorical: OneHotCategorical OneHotCategoricalStraightThrough
torch.distributions.poisson: Poisson
torch.distributions.relaxed_bernoulli: LogitRelaxedBernoulli RelaxedBernoulli
torch.distributions.relaxed_categorical: ExpRelaxedCategorical RelaxedOneHotCategorical
torch.distributions.studentT: StudentT
torch.distributions.transforms: AbsTransform AffineTransform ComposeTransform CorrCholeskyTransform
    CumulativeDistributionTransform ExpTransform LowerCholeskyTransform PositiveDefiniteTransform PowerTransform
    SigmoidTransform SoftmaxTransform SoftplusTransform StickBreakingTransform TanhTransform Transform _InverseTransform
torch.distributions.uniform: Uniform
torch.distributions.von_mises: VonMises
torch.nn.modules.activation: CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish
    MultiheadAttention PReLU RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax Softmax2d Softmin Softplus Softshrink Softsign Tanh
    Tanhshrink Threshold
torch.nn.modules.adaptive: AdaptiveLogSoftmaxWithLoss
torch.nn.modules.batchnorm: BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d SyncBatchNorm
torch.nn.modules.channelshuffle: ChannelShuffle
torch.nn.modules.container: Container ModuleDict ModuleList ParameterDict ParameterList Sequential
torch.nn.modules.conv: Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv1d LazyConv2d LazyConv3d
    LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d
torch.nn.modules.distance: CosineSimilarity PairwiseDistance
torch.nn.modules.dropout: AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout
torch.nn.modules.flatten: Flatten Unflatten
torch.nn.modules.fold: Fold Unfold
torch.nn.modules.instancenorm: InstanceNorm1d InstanceNorm2d InstanceNorm3d LazyInstanceNorm1d LazyInstanceNorm2d
    LazyInstanceNorm3d
torch.nn.modules.linear: Bilinear Identity LazyLinear Linear NonDynamicallyQuantizableLinear
torch.nn.modules.loss: BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CrossEntropyLoss GaussianNLLLoss
    HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss LinearCrossEntropyLoss MSELoss MarginRankingLoss MultiLabelMarginLoss
    MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PoissonNLLLoss SmoothL1Loss SoftMarginLoss TripletMarginLoss
    TripletMarginWithDistanceLoss
torch.nn.modules.module: Module _WrappedHook
torch.nn.modules.normalization: CrossMapLRN2d GroupNorm LayerNorm LocalResponseNorm RMSNorm
torch.nn.modules.padding: CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d ReflectionPad1d
    ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d ZeroPad1d ZeroPad2d ZeroPad3d
torch.nn.modules.pixelshuffle: PixelShuffle PixelUnshuffle
torch.nn.modules.pooling: AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d
    AdaptiveMaxPool3d AvgPool1d AvgPool2d AvgPool3d FractionalMaxPool2d FractionalMaxPool3d LPPool1d LPPool2d LPPool3d
    MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d
torch.nn.modules.rnn: GRU GRUCell LSTM LSTMCell RNN RNNBase RNNCell RNNCellBase
torch.nn.modules.sparse: Embedding EmbeddingBag
torch.nn.modules.transformer: Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder
    TransformerEncoderLayer
torch.nn.modules.upsampling: Upsample UpsamplingBilinear2d UpsamplingNearest2d
torch.nn.parallel.data_parallel: DataParallel
torch.nn.utils.parametrizations: _Orthogonal _SpectralNorm _WeightNorm
torch.nn.utils.parametrize: ParametrizationList
torch.optim: Adafactor
torch.optim.adadelta: Adadelta
torch.optim.adagrad: Adagrad
torch.optim.adam: Adam
torch.optim.adamax: Adamax
torch.optim.adamw: AdamW
torch.optim.asgd: ASGD
torch.optim.lbfgs: LBFGS
torch.optim.lr_scheduler: ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR ExponentialLR LinearLR MultiStepLR
    OneCycleLR PolynomialLR ReduceLROnPlateau StepLR _enable_get_lr_call _initial_mode
torch.optim.nadam: NAdam
torch.optim.radam: RAdam
torch.optim.rmsprop: RMSprop
torch.optim.rprop: Rprop
torch.optim.sgd: SGD
torch.optim.sparse_adam: SparseAdam
torch.optim.swa_utils: AveragedModel SWALR
torch.storage: TypedStorage
torch.utils.hooks: RemovableHandle
`),
    },
  ],
}
