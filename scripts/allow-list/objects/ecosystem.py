"""Packages around: transformers, Keras, statsmodels, imbalanced-learn, category_encoders, Lightning, and others that models are pickled with."""

import importlib
import inspect
import warnings

import numpy as np
import pandas as pd

from objects.walk import bare, classes

warnings.filterwarnings("ignore")
X = np.abs(np.random.RandomState(0).rand(60, 3))
Y = (X[:, 0] > X[:, 1]).astype(int)
ROWS = pd.DataFrame({"y": X[:, 0], "x": X[:, 1], "z": X[:, 2], "k": ["a", "b", "c"] * 20})


def objects():
    for source in (transformers, keras, statsmodels, imblearn, encoders, lightning, others):
        try:
            yield from source()
        except ImportError as missing:
            print(f"  {source.__name__}: {missing}")
        except Exception as wrong:
            print(f"  {source.__name__} stopped: {wrong!r}")


def transformers():
    import transformers as hf

    for make in (
        lambda: hf.TrainingArguments("out", use_cpu=True), lambda: hf.TrainingArguments("out", use_cpu=True, fp16=False, report_to=[], eval_strategy="epoch", save_strategy="epoch", load_best_model_at_end=True, optim="adamw_torch", lr_scheduler_type="cosine", warmup_ratio=0.1),
        lambda: hf.Seq2SeqTrainingArguments("out", use_cpu=True, predict_with_generate=True, generation_config=hf.GenerationConfig()), lambda: hf.TrainerState(), lambda: hf.TrainerControl(),
        lambda: hf.BatchEncoding({"input_ids": [[1]]}), lambda: hf.GenerationConfig(), lambda: hf.PretrainedConfig(), lambda: hf.trainer_utils.EvalPrediction(X, X), lambda: hf.trainer_utils.PredictionOutput(X, X, {}), lambda: hf.trainer_utils.TrainOutput(1, 1.0, {}),
        lambda: hf.IntervalStrategy.EPOCH, lambda: hf.trainer_utils.FSDPOption.FULL_SHARD, lambda: hf.trainer_utils.HubStrategy.END, lambda: hf.SchedulerType.LINEAR, lambda: hf.training_args.OptimizerNames.ADAMW_TORCH, lambda: hf.DebugOption.UNDERFLOW_OVERFLOW,
        lambda: hf.trainer_pt_utils.AcceleratorConfig(), lambda: hf.training_args.ParallelMode.NOT_PARALLEL, lambda: hf.BitsAndBytesConfig(load_in_8bit=True), lambda: hf.PreTrainedTokenizerFast(tokenizer_object=words()), lambda: words(), lambda: hf.AddedToken("a"),
        lambda: hf.modeling_outputs.SequenceClassifierOutput(logits=None), lambda: hf.trainer_utils.IntervalStrategy.STEPS, lambda: hf.DefaultDataCollator(), lambda: hf.EarlyStoppingCallback(), lambda: hf.DefaultFlowCallback(), lambda: hf.ProgressCallback(), lambda: hf.PrinterCallback(),
    ):
        try:
            yield "transformers", make()
        except Exception as wrong:
            print("  transformers:", repr(wrong)[:100])
    small = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8, "vocab_size": 20, "n_embd": 8, "n_layer": 1, "n_head": 2, "d_model": 8, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 8, "decoder_ffn_dim": 8, "encoder_attention_heads": 2, "decoder_attention_heads": 2, "dim": 8, "n_layers": 1, "n_heads": 2, "hidden_dim": 8, "num_layers": 1, "num_heads": 2, "d_ff": 8, "d_kv": 4}
    for name in ("Bert", "DistilBert", "Roberta", "GPT2", "Llama", "T5", "Bart", "Electra", "Albert", "ViT", "Mistral", "DebertaV2", "CLIP", "Whisper", "Wav2Vec2", "XLMRoberta", "OPT", "Gemma", "Qwen2", "Phi", "MPNet", "Swin", "BeiT", "Deit", "SegFormer", "YolosConfig", "LayoutLM", "Longformer", "GPTNeoX", "Falcon", "Bloom", "MobileBert", "Convnext", "ResNet"):
        found = getattr(hf, f"{name}Config", None)
        if not found:
            continue
        yield name, found()
        if name in ("Bert", "DistilBert", "Roberta", "GPT2", "Llama", "T5", "Bart", "Electra", "ViT", "MPNet", "Mistral", "XLMRoberta"):
            for kind in ("Model", "ForSequenceClassification"):
                try:
                    yield name, getattr(hf, name + kind)(found(**small))
                except Exception as wrong:
                    print(f"  {name}{kind}:", repr(wrong)[:100])


def words():
    from tokenizers import Tokenizer, models

    return Tokenizer(models.WordLevel({"a": 0}, "a"))


def keras():
    import keras as k

    model = k.Sequential([k.layers.Input((3,)), k.layers.Dense(2, activation="relu"), k.layers.BatchNormalization(), k.layers.Dropout(0.1), k.layers.Dense(1)])
    model.compile("adam", "mse")
    yield "model", model
    model.fit(X, Y, epochs=1, verbose=0)
    yield "model", model
    yield "history", k.callbacks.History()
    yield "optimizer", k.optimizers.Adam()
    yield "layer", k.layers.Dense(2)


def statsmodels():
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    exog = sm.add_constant(X[:, 1:])
    for make in (
        lambda: sm.OLS(X[:, 0], exog).fit(), lambda: sm.WLS(X[:, 0], exog).fit(), lambda: sm.GLS(X[:, 0], exog).fit(), lambda: sm.Logit(Y, exog).fit(disp=0), lambda: sm.Probit(Y, exog).fit(disp=0), lambda: sm.GLM(Y, exog, family=sm.families.Binomial()).fit(), lambda: sm.GLM(Y, exog, family=sm.families.Poisson()).fit(),
        lambda: sm.GLM(X[:, 0], exog, family=sm.families.Gamma(sm.families.links.Log())).fit(), lambda: sm.GLM(X[:, 0], exog, family=sm.families.Gaussian()).fit(), lambda: sm.RLM(X[:, 0], exog).fit(), lambda: sm.QuantReg(X[:, 0], exog).fit(), lambda: sm.tsa.ARIMA(X[:, 0], order=(1, 0, 0)).fit(),
        lambda: sm.tsa.ExponentialSmoothing(X[:, 0]).fit(), lambda: sm.tsa.SARIMAX(X[:, 0], order=(1, 0, 0)).fit(disp=0), lambda: sm.tsa.AutoReg(X[:, 0], 1).fit(), lambda: sm.tsa.SimpleExpSmoothing(X[:, 0]).fit(), lambda: sm.tsa.VAR(X).fit(1), lambda: sm.Poisson(Y, exog).fit(disp=0), lambda: sm.MNLogit(np.arange(60) % 3, exog).fit(disp=0),
        lambda: smf.ols("y ~ x + z", ROWS).fit(), lambda: smf.ols("y ~ x + C(k)", ROWS).fit(), lambda: smf.logit("b ~ x", ROWS.assign(b=Y)).fit(disp=0), lambda: smf.glm("y ~ x", ROWS).fit(), lambda: smf.mixedlm("y ~ x", ROWS, groups=ROWS["k"]).fit(), lambda: smf.ols("y ~ np.log(x)", ROWS).fit(),
        lambda: sm.OLS(X[:, 0], exog), lambda: sm.tsa.seasonal_decompose(X[:, 0], period=4), lambda: sm.nonparametric.KDEUnivariate(X[:, 0]), lambda: sm.tsa.UnobservedComponents(X[:, 0], "local level").fit(disp=0), lambda: sm.tsa.STL(X[:, 0], period=4).fit(), lambda: sm.NegativeBinomial(Y, exog).fit(disp=0), lambda: sm.PHReg(X[:, 0], X[:, 1:]).fit(),
    ):
        try:
            made = make()
            yield "statsmodels", made
            made.summary()
            yield "statsmodels", made
            made.remove_data()
            yield "statsmodels", made
        except Exception as wrong:
            print("  statsmodels:", repr(wrong)[:100])


def imblearn():
    import imblearn as il
    import imblearn.combine, imblearn.ensemble, imblearn.over_sampling, imblearn.pipeline, imblearn.under_sampling  # noqa: E401
    from sklearn.base import BaseEstimator
    from sklearn.linear_model import LogisticRegression

    uneven = (np.arange(60) % 4 == 0).astype(int)
    for module in (il.combine, il.ensemble, il.over_sampling, il.under_sampling):
        for name, found in inspect.getmembers(module, inspect.isclass):
            try:
                made = found()
                try:
                    made.fit_resample(X, uneven) if hasattr(made, "fit_resample") else made.fit(X, uneven)
                except Exception:
                    pass
                yield name, made
            except Exception:
                continue
    yield "pipeline", il.pipeline.make_pipeline(il.over_sampling.SMOTE(k_neighbors=2), LogisticRegression()).fit(X, uneven)
    for found in classes("imblearn", BaseEstimator):
        yield found.__name__, bare(found)
    for name in ("geometric_mean_score", "sensitivity_score", "specificity_score", "make_index_balanced_accuracy"):
        yield name, getattr(importlib.import_module("imblearn.metrics"), name)


def encoders():
    import category_encoders as ce

    for name, found in inspect.getmembers(ce, inspect.isclass):
        try:
            made = found()
            try:
                made.fit(ROWS[["k"]], Y)
            except Exception:
                pass
            yield name, made
        except Exception:
            continue


def lightning():
    try:
        import lightning.pytorch as pl
    except ImportError:
        import pytorch_lightning as pl
    for name, found in inspect.getmembers(pl.callbacks, inspect.isclass):
        for args in ((), ("val_loss",), (1,)):
            try:
                yield name, found(*args)
                break
            except Exception:
                continue
    for make in (lambda: pl.utilities.parsing.AttributeDict(a=1), lambda: importlib.import_module(pl.__name__.replace(".pytorch", ".fabric") + ".utilities.data").AttributeDict(a=1)):
        try:
            yield "dict", make()
        except Exception:
            pass
    import torchmetrics

    for name, found in inspect.getmembers(torchmetrics, inspect.isclass):
        for args in ((), ("binary",), ("multiclass",)):
            try:
                yield name, found(*args) if len(args) == 0 else found(task=args[0], num_classes=2)
                break
            except Exception:
                continue


def others():
    for source in (of_prophet, of_pmdarima, of_gensim, of_skl2onnx):
        try:
            yield from source()
        except Exception as wrong:
            print(f"  {source.__name__}: {wrong!r}"[:150])


def of_prophet():
    from prophet import Prophet

    yield "prophet", Prophet()
    yield "prophet", Prophet().fit(pd.DataFrame({"ds": pd.date_range("2020", periods=60), "y": X[:, 0]}))


def of_pmdarima():
    import pmdarima

    yield "pmdarima", pmdarima.ARIMA((1, 0, 0)).fit(X[:, 0])


def of_gensim():
    from gensim.corpora import Dictionary
    from gensim.models import FastText, KeyedVectors, LdaModel, TfidfModel, Word2Vec

    texts = [["good", "model"], ["bad", "weather"]] * 10
    dictionary = Dictionary(texts)
    bags = [dictionary.doc2bow(text) for text in texts]
    yield "gensim", dictionary
    yield "gensim", Word2Vec(texts, vector_size=4, min_count=1)
    yield "gensim", Word2Vec(texts, vector_size=4, min_count=1).wv
    yield "gensim", FastText(texts, vector_size=4, min_count=1, bucket=10)
    yield "gensim", TfidfModel(bags)
    yield "gensim", LdaModel(bags, 2, dictionary)
    yield "gensim", KeyedVectors(3)


def of_skl2onnx():
    return iter(())
