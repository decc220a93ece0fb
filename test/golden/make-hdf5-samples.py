"""Writes hdf5-samples.json: small HDF5 files of h5py, deflated and in base64, for the tests of the scanner.

    python test/golden/make-hdf5-samples.py > test/golden/hdf5-samples.json
"""

import base64
import json
import sys
import tempfile
import zlib
from pathlib import Path

import h5py
import numpy as np

LAMBDA = {"class_name": "Lambda", "config": {"function": ["AAAA", None, None], "function_type": "lambda"}}
DENSE = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 1}}]}}


def escaped(config, padding=0):
    return json.dumps({**config, "pad": "p" * padding}).replace("Lambda", "\\u004cambda")


def in_header(file):
    file.attrs["model_config"] = escaped(LAMBDA)


def fixed_length(file):
    file.attrs["model_config"] = np.bytes_(escaped(LAMBDA))


def large(file):
    file.attrs["model_config"] = np.bytes_(escaped(LAMBDA, 100_000))


def many(file):
    for i in range(200):
        file.attrs[f"a{i}"] = f"v{i}"
    group = file.create_group("deep", track_order=True)
    for i in range(1500):
        group.create_group(f"n{i:04}")
    group["n0700"].attrs["model_config"] = escaped(LAMBDA)


def training(file):
    file.attrs["model_config"] = json.dumps(DENSE)
    file.attrs["training_config"] = json.dumps({"loss": {"module": "os", "class_name": "function", "config": "system"}})


def external_link(file):
    file["x"] = h5py.ExternalLink("/etc/hostname", "/a")


def external_storage(file):
    file.create_dataset("x", shape=(10,), dtype="u1", external=[("/etc/hostname", 0, 10)])


def virtual(file):
    layout = h5py.VirtualLayout(shape=(10,), dtype="f8")
    layout[:] = h5py.VirtualSource("other.h5", "d", shape=(10,))
    file.create_virtual_dataset("v", layout)


def pickled(file):
    file.attrs["object"] = np.void(b"cos\nsystem\n(S'true'\ntR.")


def clean(file):
    file.attrs["model_config"] = json.dumps(DENSE)
    file.attrs["weight_names"] = [f"w{i}".encode() for i in range(50)]
    file["soft"] = h5py.SoftLink("/x")
    data = file.create_dataset("x", data=np.zeros((40, 40)), compression="gzip", shuffle=True, chunks=True)
    data.attrs["reference"] = data.ref
    data.attrs["empty"] = h5py.Empty("f")
    file.create_dataset("l", data=np.zeros((40, 40)), compression="lzf", fletcher32=True)
    file["type"] = np.dtype("f8")


def written(make, **options):
    path = Path(tempfile.mkdtemp()) / "sample.h5"
    with h5py.File(path, "w", **options) as file:
        make(file)
    return base64.b64encode(zlib.compress(path.read_bytes(), 9)).decode()


samples = {}
for make in [in_header, fixed_length, many, training, external_link, external_storage, pickled, clean]:
    for version in ["earliest", "latest"]:
        samples[f"{make.__name__} {version}"] = written(make, libver=version)
samples["large latest"] = written(large, libver="latest")
samples["virtual latest"] = written(virtual, libver="latest")
for version in ["earliest", "latest"]:
    samples[f"user block {version}"] = written(in_header, libver=version, userblock_size=1024)
json.dump(samples, sys.stdout, indent=1)
sys.stdout.write("\n")
