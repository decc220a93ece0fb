"""Every layer and network of widely used families of transformers, made without weights: a pickle of a whole network names them all."""

import importlib
import inspect
import warnings

warnings.filterwarnings("ignore")
FAMILIES = """
albert audio_spectrogram_transformer bart beit bert big_bird biogpt blenderbot bloom blip camembert canine clap clip codegen
convbert convnext convnextv2 cohere ctrl deberta deberta_v2 deepseek_v3 deit detr dinov2 distilbert dpt electra ernie esm falcon
flaubert fnet funnel gemma gemma2 gemma3 git glpn gpt2 gpt_bigcode gpt_neo gpt_neox gptj gpt_oss granite hubert ibert jamba layoutlm
layoutlmv2 layoutlmv3 led levit llama longformer longt5 lxmert m2m_100 mamba mamba2 marian mask2former mbart megatron_bert mistral
mixtral mobilebert mobilenet_v1 mobilenet_v2 mobilevit modernbert mpnet mpt mt5 mvp nezha nystromformer olmo olmo2 opt owlvit
patchtsmixer patchtst pegasus perceiver persimmon phi phi3 phimoe poolformer prophetnet pvt qwen2 qwen2_moe qwen3 qwen3_moe reformer
regnet rembert resnet roberta roberta_prelayernorm roc_bert roformer rwkv sam segformer sew siglip smollm3 speech_to_text speecht5
splinter squeezebert stablelm starcoder2 swiftformer swin swin2sr swinv2 t5 table_transformer time_series_transformer timesformer
trocr umt5 unispeech unispeech_sat upernet vilt vision_encoder_decoder encoder_decoder speech_encoder_decoder
vision_text_dual_encoder videomae vit vit_mae vit_msn vitmatte vits vivit wav2vec2 wav2vec2_bert wav2vec2_conformer wavlm whisper
xglm xlm xlm_roberta xlm_roberta_xl xlnet xmod yolos zamba
""".split()
SHARED = ["transformers.activations", "transformers.pytorch_utils", "transformers.modeling_layers", "transformers.loss.loss_for_object_detection"]


def objects():
    from torch import nn

    for family in FAMILIES:
        for part in ("modeling", "configuration"):
            yield from members(f"transformers.models.{family}.{part}_{family}", nn.Module)
    for shared in SHARED:
        yield from members(shared, nn.Module)


def members(name, base):
    from transformers import PretrainedConfig

    try:
        module = importlib.import_module(name)
    except Exception as wrong:
        print(f"  {name}: {repr(wrong)[:80]}")
        return
    for _, found in inspect.getmembers(module, inspect.isclass):
        if found.__module__ != name:
            continue
        try:
            if issubclass(found, base):
                value = found.__new__(found)
                base.__init__(value)
                yield found.__name__, value
            elif issubclass(found, PretrainedConfig):
                value = found.__new__(found)
                value.__dict__["model_type"] = found.model_type
                yield found.__name__, value
        except Exception as wrong:
            print(f"  {found.__name__}: {repr(wrong)[:80]}")
