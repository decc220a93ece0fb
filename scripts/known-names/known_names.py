"""Writes the names that Keras and TensorFlow know themselves, for src/security/formats.

    KERAS_BACKEND=tensorflow python scripts/known-names/known_names.py src/security/formats

Needs keras (3), tf_keras (2) and tensorflow. Nothing is loaded but these packages.
"""

import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

import keras
import tf_keras
from keras.src.ops.operation import Operation
from tensorflow.python.client import pywrap_tf_session
from tensorflow.core.framework import op_def_pb2

CLASS_MODULES = [
    "layers", "layers.experimental", "layers.experimental.preprocessing", "losses", "metrics", "optimizers", "optimizers.schedules",
    "optimizers.legacy", "optimizers.experimental", "initializers", "regularizers", "constraints", "models", "activations", "dtype_policies",
    "random", "quantizers", "mixed_precision", "mixed_precision.experimental", "experimental",
]
FUNCTION_MODULES = ["activations", "losses", "metrics", "initializers", "regularizers", "constraints", "ops", "backend", "random"]
# Run code that a file carries or names, or read files that it names.
NOT_DATA = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "deserialize", "get", "serialize", "custom_gradient", "eval"}


def module_of(package, path):
    for part in path.split("."):
        package = getattr(package, part, None)
    return package


def public(package, modules, wanted):
    names = set()
    for path in modules:
        module = module_of(package, path)
        for name in dir(module) if module is not None else []:
            if not name.startswith("_") and wanted(getattr(module, name, None)):
                names.add(name)
    return names


def operations():
    names = set()
    package = importlib.import_module("keras.src.ops")
    for found in pkgutil.walk_packages(package.__path__, "keras.src.ops."):
        if found.name.endswith("_test"):
            continue
        for name, value in vars(importlib.import_module(found.name)).items():
            if inspect.isclass(value) and issubclass(value, Operation):
                names.add(name)
    return names


def write(path, comment, constants):
    lines = ["// Written by scripts/known-names/known_names.py.", ""]
    for (name, doc), values in zip(comment, constants):
        words, rows = "", []
        for value in sorted(values):
            if len(words) + len(value) > 116:
                rows.append(words.strip())
                words = ""
            words += value + " "
        rows.append(words.strip())
        body = "\n".join("  " + row for row in rows)
        lines += [f"/** {doc} */", f"export const {name}: ReadonlySet<string> = new Set(", f"  `\n{body}\n`.trim().split(/\\s+/),", ")", ""]
    Path(path).write_text("\n".join(lines).rstrip() + "\n")


def main(folder):
    classes = public(keras, CLASS_MODULES, inspect.isclass) | public(tf_keras, CLASS_MODULES, inspect.isclass) | operations()
    classes |= {"Functional", "Model", "Sequential", "FeatureSpace", "Feature", "Cross", "DTypePolicyMap", "Policy", "LossScaleOptimizer", "AutoCastVariable"}
    classes |= {"MetricsList", "CompileMetrics", "CompileLoss", "SeedGenerator", "NodeMetadata", "Generator", "StateVector"}
    functions = public(keras, FUNCTION_MODULES, inspect.isroutine) | public(tf_keras, FUNCTION_MODULES, inspect.isroutine)
    write(
        f"{folder}/keras/known-names.ts",
        [
            ("KERAS_CLASSES", f"Classes that Keras {keras.__version__} and {tf_keras.__version__} make from a configuration."),
            ("KERAS_FUNCTIONS", "Functions that a configuration may name: activations, losses, metrics and operations."),
        ],
        [classes - NOT_DATA, functions - NOT_DATA],
    )
    operators = op_def_pb2.OpList()
    operators.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    write(
        f"{folder}/tensorflow/known-operators.ts",
        [("TENSORFLOW_OPERATORS", "Operators that TensorFlow has without a library of the model's own.")],
        [{op.name for op in operators.op}],
    )


main(sys.argv[1])
