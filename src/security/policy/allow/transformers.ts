// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const transformers: AllowList = {
  framework: 'transformers',
  versions: ['sentence-transformers 6.2.0', 'tokenizers 0.23.3', 'transformers 5.24.0'],
  groups: [
    {
      condition: 'dataArguments',
      reason: 'the output of a network',
      names: nameTable(`
transformers.modeling_outputs: SequenceClassifierOutput
`),
    },
    {
      condition: 'looksUpMember',
      reason: 'a member of an enumeration',
      names: nameTable(`
transformers.trainer_utils: FSDPOption HubStrategy IntervalStrategy SaveStrategy SchedulerType
transformers.training_args: OptimizerNames ParallelMode
transformers.utils.quantization_config: QuantizationMethod
`),
    },
    {
      condition: 'newFromData',
      reason: 'a tokenizer, from JSON that the library parses',
      names: nameTable(`
tokenizers: Tokenizer
`),
    },
    {
      condition: 'newFromData',
      reason: 'a tuple with names',
      names: nameTable(`
transformers.trainer_utils: PredictionOutput TrainOutput
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a configuration, the arguments of a training, or a network: restoring it copies settings and parameters',
      names: nameTable(`
tokenizers: AddedToken
tokenizers.models: Model
transformers.activations: GELUActivation NewGELUActivation SiLUActivation
transformers.configuration_utils: PreTrainedConfig
transformers.data.data_collator: DefaultDataCollator
transformers.generation.configuration_utils: GenerationConfig
transformers.models.albert.configuration_albert: AlbertConfig
transformers.models.bart.configuration_bart: BartConfig
transformers.models.bart.modeling_bart: BartAttention BartClassificationHead BartDecoder BartDecoderLayer BartEncoder
    BartEncoderLayer BartForSequenceClassification BartLearnedPositionalEmbedding BartModel BartScaledWordEmbedding
transformers.models.bert.configuration_bert: BertConfig
transformers.models.bert.modeling_bert: BertAttention BertEmbeddings BertEncoder BertForSequenceClassification
    BertIntermediate BertLayer BertModel BertOutput BertPooler BertSelfAttention BertSelfOutput
transformers.models.bloom.configuration_bloom: BloomConfig
transformers.models.clip.configuration_clip: CLIPConfig CLIPTextConfig CLIPVisionConfig
transformers.models.deberta_v2.configuration_deberta_v2: DebertaV2Config
transformers.models.distilbert.configuration_distilbert: DistilBertConfig
transformers.models.distilbert.modeling_distilbert: DistilBertForSequenceClassification DistilBertModel
    DistilBertSelfAttention Embeddings FFN Transformer TransformerBlock
transformers.models.electra.configuration_electra: ElectraConfig
transformers.models.electra.modeling_electra: ElectraAttention ElectraClassificationHead ElectraEmbeddings ElectraEncoder
    ElectraForSequenceClassification ElectraIntermediate ElectraLayer ElectraModel ElectraOutput ElectraSelfAttention
    ElectraSelfOutput
transformers.models.falcon.configuration_falcon: FalconConfig
transformers.models.gemma.configuration_gemma: GemmaConfig
transformers.models.gpt2.configuration_gpt2: GPT2Config
transformers.models.gpt2.modeling_gpt2: GPT2Attention GPT2Block GPT2ForSequenceClassification GPT2MLP GPT2Model
transformers.models.gpt_neox.configuration_gpt_neox: GPTNeoXConfig
transformers.models.layoutlm.configuration_layoutlm: LayoutLMConfig
transformers.models.llama.configuration_llama: LlamaConfig
transformers.models.llama.modeling_llama: LlamaAttention LlamaDecoderLayer LlamaForSequenceClassification LlamaMLP LlamaModel
    LlamaRMSNorm LlamaRotaryEmbedding
transformers.models.longformer.configuration_longformer: LongformerConfig
transformers.models.mistral.configuration_mistral: MistralConfig
transformers.models.mistral.modeling_mistral: MistralAttention MistralDecoderLayer MistralForSequenceClassification MistralMLP
    MistralModel MistralRMSNorm MistralRotaryEmbedding
transformers.models.mobilebert.configuration_mobilebert: MobileBertConfig
transformers.models.mpnet.configuration_mpnet: MPNetConfig
transformers.models.mpnet.modeling_mpnet: MPNetAttention MPNetClassificationHead MPNetEmbeddings MPNetEncoder
    MPNetForSequenceClassification MPNetIntermediate MPNetLayer MPNetModel MPNetOutput MPNetPooler MPNetSelfAttention
transformers.models.opt.configuration_opt: OPTConfig
transformers.models.phi.configuration_phi: PhiConfig
transformers.models.qwen2.configuration_qwen2: Qwen2Config
transformers.models.resnet.configuration_resnet: ResNetConfig
transformers.models.roberta.configuration_roberta: RobertaConfig
transformers.models.roberta.modeling_roberta: RobertaAttention RobertaClassificationHead RobertaEmbeddings RobertaEncoder
    RobertaForSequenceClassification RobertaIntermediate RobertaLayer RobertaModel RobertaOutput RobertaPooler
    RobertaSelfAttention RobertaSelfOutput
transformers.models.swin.configuration_swin: SwinConfig
transformers.models.t5.configuration_t5: T5Config
transformers.models.t5.modeling_t5: T5Attention T5Block T5ClassificationHead T5DenseActDense T5ForSequenceClassification
    T5LayerCrossAttention T5LayerFF T5LayerNorm T5LayerSelfAttention T5Model T5Stack
transformers.models.vit.configuration_vit: ViTConfig
transformers.models.vit.modeling_vit: ViTAttention ViTEmbeddings ViTLayer ViTMLP ViTModel ViTPatchEmbeddings ViTPooler
transformers.models.wav2vec2.configuration_wav2vec2: Wav2Vec2Config
transformers.models.whisper.configuration_whisper: WhisperConfig
transformers.models.xlm_roberta.configuration_xlm_roberta: XLMRobertaConfig
transformers.models.xlm_roberta.modeling_xlm_roberta: XLMRobertaAttention XLMRobertaClassificationHead XLMRobertaEmbeddings
    XLMRobertaEncoder XLMRobertaForSequenceClassification XLMRobertaIntermediate XLMRobertaLayer XLMRobertaModel
    XLMRobertaOutput XLMRobertaPooler XLMRobertaSelfAttention XLMRobertaSelfOutput
transformers.pytorch_utils: Conv1D
transformers.tokenization_utils_base: BatchEncoding
transformers.tokenization_utils_tokenizers: TokenizersBackend
transformers.trainer_callback: DefaultFlowCallback EarlyStoppingCallback PrinterCallback ProgressCallback TrainerControl
    TrainerState
transformers.trainer_pt_utils: AcceleratorConfig
transformers.trainer_utils: EvalPrediction
transformers.training_args: TrainingArguments
transformers.training_args_seq2seq: Seq2SeqTrainingArguments
transformers.utils.quantization_config: BitsAndBytesConfig
`),
    },
  ],
}
