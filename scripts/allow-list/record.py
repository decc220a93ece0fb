"""Records which names the serialisers of frameworks write, and what loading does with them.

    python scripts/allow-list/record.py [FRAMEWORK ...]
    node scripts/allow-list/generate.mjs

Run it in an environment that has the frameworks (any versions: what is recorded is added to recordings/*.json, so run it
in several). For every object that `objects/*.py` builds, it writes the object by pickle in protocols 0 to 5, by joblib
and, for PyTorch, by `torch.save` in both formats; loads what it has just written; and records every name that was looked
up, and how: as a value, as a class made without its constructor (`new`), or as a call with certain kinds of arguments.
Methods that a loader runs on its own (`__setstate__`, `__del__`, ...) are recorded with the class that defines them.

recordings/FRAMEWORK.json are facts. What is allowed is decided by generate.mjs, which takes them together with
curated.json: reviews of every called name and every such method.
"""

import importlib
import importlib.metadata
import json
import os
import pickle
import subprocess
import sys
import time
import traceback
import warnings
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")
HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
warnings.filterwarnings("ignore")

from opcode_trace import Uses, trace, trace_joblib  # noqa: E402

# Which recording a package belongs to.
FRAMEWORKS = {
    "numpy": "numpy",
    "scipy": "scipy",
    "pandas": "pandas",
    "joblib": "joblib",
    "sklearn": "scikit-learn",
    "torch": "torch",
    "torchvision": "torchvision",
    "xgboost": "xgboost",
    "lightgbm": "lightgbm",
    "catboost": "catboost",
    "_catboost": "catboost",
    "transformers": "transformers",
    "tokenizers": "transformers",
    "huggingface_hub": "transformers",
    "sentence_transformers": "transformers",
    "keras": "keras",
    "tensorflow": "keras",
    "statsmodels": "statsmodels",
    "patsy": "statsmodels",
    "imblearn": "imbalanced-learn",
    "category_encoders": "category-encoders",
    "lightning": "lightning",
    "lightning_fabric": "lightning",
    "lightning_utilities": "lightning",
    "pytorch_lightning": "lightning",
    "torchmetrics": "lightning",
    "pyarrow": "pandas",
    "dateutil": "pandas",
    "pytz": "pandas",
    "prophet": "prophet",
    "gensim": "gensim",
    "skl2onnx": "onnx",
    "pmdarima": "pmdarima",
}
DISTRIBUTIONS = {
    "scikit-learn": ["scikit-learn"],
    "transformers": ["transformers", "tokenizers", "sentence-transformers"],
    "lightning": ["lightning", "pytorch-lightning", "torchmetrics"],
    "keras": ["keras", "tensorflow", "tensorflow-cpu"],
    "imbalanced-learn": ["imbalanced-learn"],
    "category-encoders": ["category_encoders"],
    "xgboost": ["xgboost", "xgboost-cpu"],
    "pandas": ["pandas", "pyarrow", "python-dateutil", "pytz"],
    "statsmodels": ["statsmodels", "patsy"],
    "onnx": ["skl2onnx"],
}


def framework_of(module):
    top = module.split(".")[0]
    if top in sys.stdlib_module_names:
        return "python"
    return FRAMEWORKS.get(top)


def versions_of(framework):
    if framework == "python":
        return {f"Python {sys.version.split()[0]}"}
    found = set()
    for distribution in DISTRIBUTIONS.get(framework, [framework]):
        try:
            found.add(f"{distribution} {importlib.metadata.version(distribution)}".replace("-cpu", ""))
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def record(value, uses):
    written = 0
    for protocol in range(6):
        try:
            data = pickle.dumps(value, protocol)
        except Exception:
            continue
        try:
            trace(data, uses)
        except Exception:
            pass
        written += 1
    if written:
        try:
            trace_joblib(value, uses)
        except Exception:
            pass
    return written


def merge(path, framework, uses):
    known = json.loads(path.read_text()) if path.exists() else {"framework": framework, "versions": [], "modules": {}, "hooks": {}, "texts": {}}
    known["versions"] = sorted(set(known["versions"]) | versions_of(framework), key=natural)
    for key, how in uses.by_name.items():
        module, name = key.split(" ", 1)
        if framework_of(module) != framework:
            continue
        entry = known["modules"].setdefault(module, {})
        forms = sorted(set(entry.get(name, [])) | how)
        entry[name] = forms
    for key, hooks in uses.hooks.items():
        if framework_of(key.split(" ")[0]) == framework and hooks:
            known["hooks"][key] = sorted(set(known["hooks"].get(key, [])) | hooks)
    for key, texts in uses.texts.items():
        if framework_of(key.split(" ")[0]) == framework:
            known["texts"][key] = sorted(set(known["texts"].get(key, [])) | texts)
    path.write_text(render(known))


def natural(text):
    import re

    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


def render(recording):
    """JSON with one module, or one class with its hooks, a line."""
    lines = ["{", f'  "framework": {json.dumps(recording["framework"])},', f'  "versions": {json.dumps(recording["versions"])},']
    for part in ("modules", "hooks", "texts"):
        rows = []
        for key in sorted(recording[part]):
            value = recording[part][key]
            if isinstance(value, dict):
                value = {name: value[name] for name in sorted(value)}
            rows.append(f"    {json.dumps(key)}: {json.dumps(value)}")
        body = "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"
        lines.append(f'  "{part}": {body}' + ("," if part != "texts" else ""))
    return "\n".join(lines + ["}"]) + "\n"


def main(wanted):
    sources = sorted(path.stem for path in (HERE / "objects").glob("*.py") if path.stem not in ("__init__", "walk"))
    if not wanted:
        # Each in a process of its own: a library that breaks takes nothing with it.
        for source in sources:
            subprocess.run([sys.executable, __file__, source])
        return
    uses = Uses()
    for source in wanted:
        started, count, failed = time.time(), 0, []
        try:
            module = importlib.import_module(f"objects.{source}")
            for name, value in module.objects():
                recorder = getattr(module, "record", None)
                written = (recorder or record)(value, uses)
                count += 1
                if not written:
                    failed.append(name)
        except ImportError as missing:
            print(f"{source}: skipped, {missing}")
            continue
        except Exception:
            traceback.print_exc()
        print(f"{source}: {count} objects in {time.time() - started:.0f} s; cannot be pickled: {' '.join(failed) or 'none'}", flush=True)
    (HERE / "recordings").mkdir(exist_ok=True)
    for framework in sorted({framework_of(key.split(" ")[0]) for key in uses.by_name} - {None}):
        merge(HERE / "recordings" / f"{framework}.json", framework, uses)
    strangers = sorted({key.split(" ")[0] for key in uses.by_name if framework_of(key.split(" ")[0]) is None} - {"?"})
    if strangers:
        print("of no framework:", " ".join(strangers))
    for computed in sorted(uses.by_name.get("? ?", [])):
        print("called, though not imported:", computed)


if __name__ == "__main__":
    main(sys.argv[1:])
