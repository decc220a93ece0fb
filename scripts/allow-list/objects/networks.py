"""PyTorch: tensors of all types, layers, optimizers, schedules, distributions; written by `torch.save` in both formats and by pickle."""

import collections
import inspect
import io
import warnings

import numpy as np
import torch
from torch import nn

from objects.walk import bare
from opcode_trace import tracer

warnings.filterwarnings("ignore")


class Loader:
    """Stands for the module `pickle` in `torch.load`."""

    def __init__(self, uses):
        import pickle

        self.Unpickler = tracer(uses)
        self.load = lambda file, **options: self.Unpickler(file, **options).load()
        self.loads = lambda data, **options: self.Unpickler(io.BytesIO(data), **options).load()
        self.__name__ = "pickle"
        self.UnpicklingError = pickle.UnpicklingError


def record(value, uses):
    import record as recorder

    written = 0
    for options in ({}, {"_use_new_zipfile_serialization": False}, {"pickle_protocol": 4}, {"pickle_protocol": 5}):
        file = io.BytesIO()
        try:
            torch.save(value, file, **options)
        except Exception:
            continue
        written += 1
        file.seek(0)
        try:
            torch.load(file, pickle_module=Loader(uses), weights_only=False)
        except Exception:
            pass
    return recorder.record(value, uses) + written


DTYPES = [found for found in vars(torch).values() if isinstance(found, torch.dtype)]
ARGUMENTS = [(), (4,), (4, 4), (4, 2), (2, 4, 4), (4, 4, 2), (2, 2, 2, 2), ((2, 2),), (1, (2, 2)), (2, 2, (1, 1)), (0.0, 1.0), ([nn.ReLU()],), (nn.Linear(2, 2), 1), ({"a": nn.ReLU()},), (nn.TransformerEncoderLayer(4, 2, 8), 1), (1.0,), ("cpu",), (2, 4, 8)]


def objects():
    yield "dtypes", DTYPES
    for dtype in DTYPES:
        yield str(dtype), dtype
        try:
            yield str(dtype), torch.zeros(2, dtype=dtype)
            yield str(dtype), nn.Parameter(torch.zeros(2, dtype=dtype), requires_grad=dtype.is_floating_point)
        except Exception:
            pass
    for make in (
        lambda: torch.eye(3).to_sparse(), lambda: torch.eye(3).to_sparse_csr(), lambda: torch.eye(3).to_sparse_csc(), lambda: torch.eye(4).to_sparse_bsr((2, 2)), lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
        lambda: torch.quantize_per_channel(torch.ones(2, 2), torch.ones(2), torch.zeros(2), 0, torch.quint8), lambda: torch.zeros(2, device="meta"), lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
        lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], layout=torch.jagged), lambda: torch.ones(2, requires_grad=True), lambda: nn.Parameter(torch.ones(2)), lambda: nn.Buffer(torch.ones(2)), lambda: torch.ones(2, dtype=torch.cfloat).conj(),
        lambda: torch.Size([1]), lambda: torch.device("cpu"), lambda: torch.device("cuda:0"), lambda: torch.strided, lambda: torch.sparse_coo, lambda: torch.contiguous_format, lambda: torch.channels_last, lambda: torch.per_tensor_affine, lambda: torch.per_channel_affine,
        lambda: torch.Generator(), lambda: torch.UntypedStorage(4), lambda: torch.FloatStorage(4), lambda: torch.ones(2).storage(), lambda: nn.parameter.UninitializedParameter(), lambda: nn.parameter.UninitializedBuffer(), lambda: torch.finfo(torch.float32), lambda: torch.iinfo(torch.int8),
        lambda: torch.get_rng_state(), lambda: torch.ones(2).as_subclass(nn.Parameter), lambda: torch.tensor(1.0).neg_view() if hasattr(torch.Tensor, "neg_view") else None, lambda: torch._neg_view(torch.ones(2, dtype=torch.cfloat).conj().imag),
        lambda: {"state_dict": nn.Linear(2, 2).state_dict(), "epoch": 1, "args": __import__("argparse").Namespace(lr=0.1), "np": np.float64(1.0), "rng": np.random.get_state()},
        lambda: torch.ones(2, 2).numpy(), lambda: torch.Tensor, lambda: torch.nn.Module, lambda: torch.tensor([1.0]).grad_fn, lambda: torch.memory_format, lambda: torch.layout, lambda: torch.dtype, lambda: torch.torch_version.TorchVersion("2.0"),
    ):
        try:
            yield "tensor", make()
        except Exception:
            pass
    yield from layers()
    yield from optimizers()
    yield from distributions()
    yield from whole_models()
    for module in (nn.functional, torch, nn.init):
        for name in sorted(dir(module)):
            found = getattr(module, name)
            if name in FUNCTIONS and callable(found):
                yield name, found


FUNCTIONS = set("""
relu gelu silu elu selu celu leaky_relu relu6 mish softplus softsign tanh sigmoid softmax log_softmax hardswish hardsigmoid hardtanh prelu
rrelu logsigmoid gumbel_softmax normalize dropout linear conv1d conv2d conv3d max_pool2d avg_pool2d adaptive_avg_pool2d interpolate
pad cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div cosine_similarity
embedding one_hot layer_norm batch_norm group_norm softmin tanhshrink threshold glu scaled_dot_product_attention huber_loss
add sub mul div matmul bmm cat stack flatten exp log sqrt abs sum mean sin cos erf zeros ones
xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_ normal_ uniform_ zeros_ ones_ constant_ trunc_normal_ orthogonal_
""".split())


def all_modules():
    seen = []
    for name in ("torch.nn", "torch.nn.modules", "torch.nn.quantized", "torch.nn.intrinsic", "torch.nn.qat", "torch.ao.nn.quantized", "torch.ao.nn.quantized.dynamic", "torch.ao.nn.intrinsic", "torch.ao.nn.intrinsic.quantized", "torch.ao.nn.intrinsic.qat", "torch.ao.nn.qat", "torch.ao.nn.qat.dynamic", "torch.ao.nn.quantizable", "torch.ao.quantization", "torch.ao.quantization.fake_quantize", "torch.ao.quantization.observer", "torch.ao.nn.quantized.reference", "torch.ao.nn.sparse.quantized", "torch.nn.utils.parametrize", "torch.nn.utils.parametrizations", "torch.nn.attention.bias"):
        try:
            module = __import__(name, fromlist=["x"])
        except Exception:
            continue
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, nn.Module) and found not in seen and found.__module__.startswith("torch."):
                seen.append(found)
    # Quantized layers are made below, by quantizing: without their weights, some end the process when they are copied.
    packed = ("Linear", "Conv", "Embedding", "LSTM", "GRU", "RNN", "Multihead")
    return [found for found in seen if "quantized" not in found.__module__ or not any(word in found.__name__ for word in packed)]


def layers():
    for found in all_modules():
        yield found.__name__, bare(found)
        for args in ARGUMENTS:
            try:
                yield found.__name__, found(*args)
                break
            except BaseException:
                continue


def optimizers():
    for module in (torch.optim, torch.optim.lr_scheduler, torch.optim.swa_utils):
        for name, found in inspect.getmembers(module, inspect.isclass):
            if not found.__module__.startswith("torch.optim"):
                continue
            model = nn.Linear(2, 2)
            try:
                if issubclass(found, torch.optim.Optimizer):
                    made = found(model.parameters(), lr=0.1)
                    model(torch.ones(1, 2)).sum().backward()
                    try:
                        made.step(*([lambda: torch.zeros(1)] if name == "LBFGS" else []))
                    except Exception:
                        pass
                    yield name, made
                    yield name, made.state_dict()
                else:
                    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
                    for args in ((), (2,), ([2],), (0.9,), (0.1, 0.2), (0.1, 10), (lambda epoch: 1,), ([optimizer],)):
                        try:
                            made = found(optimizer, *args)
                            break
                        except Exception:
                            continue
                    yield name, made
                    yield name, made.state_dict()
            except Exception:
                pass


def distributions():
    for name, found in inspect.getmembers(torch.distributions, inspect.isclass):
        for args in ((), (torch.ones(2),), (torch.zeros(2), torch.ones(2)), (torch.zeros(2), torch.eye(2))):
            try:
                yield name, found(*args)
                break
            except Exception:
                continue


def whole_models():
    model = nn.Sequential(collections.OrderedDict(a=nn.Conv2d(3, 4, 3), b=nn.BatchNorm2d(4), c=nn.ReLU(), d=nn.Flatten(), e=nn.Linear(4, 2)))
    yield "whole", model
    yield "whole", {"model": model, "optimizer": torch.optim.Adam(model.parameters()).state_dict()}
    yield "whole", nn.Transformer(8, 2, 1, 1, 8)
    yield "whole", torch.optim.swa_utils.AveragedModel(nn.Linear(2, 2))
    try:
        yield "quantized", torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), {nn.Linear}, dtype=torch.qint8)
        made = nn.Sequential(torch.ao.quantization.QuantStub(), nn.Linear(4, 4), nn.ReLU(), torch.ao.quantization.DeQuantStub())
        made.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
        ready = torch.ao.quantization.prepare(made)
        yield "quantized", ready
        ready(torch.ones(2, 4))
        yield "quantized", torch.ao.quantization.convert(ready)
        made = nn.Sequential(torch.ao.quantization.QuantStub(), nn.Linear(4, 4), nn.ReLU(), torch.ao.quantization.DeQuantStub())
        made.qconfig = torch.ao.quantization.get_default_qat_qconfig("fbgemm")
        yield "quantized", torch.ao.quantization.prepare_qat(made.train())
    except Exception:
        pass
    for wrap in (lambda m: nn.utils.weight_norm(m), lambda m: nn.utils.spectral_norm(m), lambda m: nn.DataParallel(m), lambda m: nn.utils.prune.l1_unstructured(m, "weight", 0.5), lambda m: nn.utils.parametrizations.weight_norm(m)):
        try:
            import torch.nn.utils.prune  # noqa: F401

            yield "wrapped", wrap(nn.Linear(2, 2))
        except Exception:
            pass
    try:
        import torchvision

        for name in torchvision.models.list_models():
            try:
                with torch.device("meta"):
                    made = torchvision.models.get_model(name, weights=None)
                yield name, made
            except Exception:
                pass
        for name, found in inspect.getmembers(torchvision.transforms, inspect.isclass):
            for args in ((), (2,), (0.5,), ([],), ((0.5,), (0.5,)), (torch.eye(2), torch.zeros(2)), (lambda x: x,)):
                try:
                    yield name, found(*args)
                    break
                except Exception:
                    continue
    except ImportError:
        pass
