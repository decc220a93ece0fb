import json
import pickle
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import pandas

ROOT = Path(__file__).resolve().parents[2]


class TrainingTest(unittest.TestCase):
    def test_the_saved_model_is_the_same_every_time_and_works_without_this_project(self):
        config = json.loads((ROOT / "configs/training.json").read_text())
        saved = []
        with tempfile.TemporaryDirectory() as folder:
            for name in ("first", "second"):
                path = Path(folder) / f"{name}.json"
                model = Path(folder) / f"{name}.pkl"
                path.write_text(json.dumps({**config, "model": str(model), "metrics": str(Path(folder) / "metrics.json")}))
                subprocess.run([sys.executable, "scripts/train.py", "--config", str(path)], cwd=ROOT, check=True, capture_output=True)
                saved.append(model.read_bytes())
        self.assertEqual(saved[0], saved[1])
        self.assertNotIn(b"mortgage", saved[0])

        rows = pandas.read_csv(ROOT / "data/test/applications.csv")
        predicted = pickle.loads(saved[0]).predict(rows[config["features"]])
        self.assertGreater((predicted == rows[config["label"]]).mean(), 0.88)


if __name__ == "__main__":
    unittest.main()
