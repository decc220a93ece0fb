"""Writes PyTorch networks in every form that `torch.save`, `torch.jit` and pickle have: whole, as state, and as a checkpoint."""

import pickle
import sys
import warnings
from pathlib import Path

import torch
from torch import nn, optim

warnings.filterwarnings("ignore")
torch.manual_seed(0)
folder = Path(sys.argv[1])


def networks():
    yield "dense", nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Dropout(0.1), nn.Linear(3, 2), nn.Softmax(1)), torch.rand(2, 4)
    yield "norm", nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.LayerNorm(4), nn.GELU()), torch.rand(2, 4)
    yield "picture", nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 2)), torch.rand(2, 1, 8, 8)
    yield "up", nn.Sequential(nn.ConvTranspose2d(1, 2, 3), nn.Upsample(scale_factor=2), nn.AdaptiveAvgPool2d(1)), torch.rand(2, 1, 4, 4)
    yield "series", nn.Sequential(nn.Conv1d(1, 2, 3), nn.LeakyReLU(), nn.AvgPool1d(2)), torch.rand(2, 1, 8)
    yield "lstm", nn.LSTM(4, 3, num_layers=2, bidirectional=True), torch.rand(5, 2, 4)
    yield "gru", nn.GRU(4, 3), torch.rand(5, 2, 4)
    yield "words", nn.Sequential(nn.Embedding(10, 4, padding_idx=0), nn.Linear(4, 2)), torch.tensor([[1, 2]])
    yield "bag", nn.EmbeddingBag(10, 4), torch.tensor([[1, 2]])
    yield "attention", nn.TransformerEncoderLayer(4, 2, 8), torch.rand(3, 2, 4)
    yield "encoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2), torch.rand(3, 2, 4)
    yield "lists", nn.ModuleDict({"a": nn.Linear(2, 2), "b": nn.ModuleList([nn.Tanh(), nn.PReLU()]), "c": nn.ParameterList([nn.Parameter(torch.ones(2))])}), None


def save(value, name):
    torch.save(value, folder / f"{name}.pt")
    torch.save(value, folder / f"{name}-before-1.6.pth", _use_new_zipfile_serialization=False)


for name, network, example in networks():
    save(network, f"{name}-whole")
    save(network.state_dict(), f"{name}-state")
    for protocol in (2, 4):
        (folder / f"{name}-p{protocol}.pkl").write_bytes(pickle.dumps(network, protocol))
    if example is not None:
        network.eval()
        torch.jit.trace(network, example).save(str(folder / f"{name}-traced.pt"))
        torch.jit.script(network).save(str(folder / f"{name}-scripted.pt"))

network = nn.Linear(4, 2)
for kind in (optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad):
    optimizer = kind(network.parameters(), lr=0.1)
    network(torch.rand(3, 4)).sum().backward()
    optimizer.step()
    scheduler = optim.lr_scheduler.StepLR(optimizer, 2)
    state = {"epoch": 3, "model": network.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "random": torch.get_rng_state()}
    save(state, f"checkpoint-{kind.__name__}")

kinds = (torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.uint8, torch.int64, torch.bool, torch.complex64)
save({str(kind): torch.zeros(3).to(kind) for kind in kinds}, "kinds")
save(torch.zeros(3, 3).to_sparse(), "sparse")
save(torch.arange(12).reshape(3, 4).t()[1:, ::2], "view")
save(torch.quantize_per_tensor(torch.rand(3), 0.1, 0, torch.quint8), "quantized")
save({"size": torch.Size([1, 2]), "device": torch.device("cpu"), "kind": torch.float32, "layout": torch.strided}, "values")
