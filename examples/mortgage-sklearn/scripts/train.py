"""Trains the model: python3 scripts/train.py --config configs/training.json"""

import argparse
import json
import pickle
import sys
from pathlib import Path

import pandas
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_score

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from mortgage.pipeline import make_pipeline, sample_weights  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", default="configs/training.json")
    config = json.loads(Path(parser.parse_args().config).read_text())

    data = pandas.read_csv(config["data"], float_precision="round_trip")
    rows, labels = data[config["features"]], data[config["label"]]
    pipeline = make_pipeline(config["features"], config["inverse_penalty"], config["seed"])

    folds = StratifiedKFold(config["folds"], shuffle=True, random_state=config["seed"])
    losses = -cross_val_score(pipeline, rows, labels, scoring="neg_log_loss", cv=folds)
    pipeline.fit(rows, labels, model__sample_weight=sample_weights(data, config["weights"]))

    probabilities = pipeline.predict_proba(rows)
    metrics = {
        "cv_log_loss": round(float(losses.mean()), 6),
        "rows": len(rows),
        "columns": len(config["features"]),
        "training_log_loss": round(float(log_loss(labels, probabilities, labels=list(pipeline.classes_))), 6),
        "training_accuracy": round(float(accuracy_score(labels, pipeline.predict(rows))), 6),
    }
    write(config["model"], pickle.dumps(pipeline, protocol=4))
    write(config["metrics"], (json.dumps(metrics, indent=2) + "\n").encode())
    print(f"Trained on {len(rows)} applications; cross-validated log loss {losses.mean():.4f}")
    print(f"Wrote {config['model']} and {config['metrics']}")


def write(path, content):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
