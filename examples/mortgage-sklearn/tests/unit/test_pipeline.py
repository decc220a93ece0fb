import unittest

import pandas

from mortgage.pipeline import make_pipeline, sample_weights

ROWS = pandas.DataFrame(
    {
        "pirat": [0.2, 0.3, 0.4, 0.5],
        "lvrat": [0.95, 0.8, 1.1, 0.96],
        "phist": ["no", "no", "yes", "yes"],
    }
)
LABELS = ["no", "no", "yes", "yes"]


def fitted():
    return make_pipeline(["pirat", "lvrat", "phist"], inverse_penalty=1, seed=1).fit(ROWS, LABELS)


class PipelineTest(unittest.TestCase):
    def test_learns_the_direction_of_each_feature(self):
        pipeline = fitted()
        self.assertEqual(list(pipeline.classes_), ["no", "yes"])
        self.assertTrue((pipeline.named_steps["model"].coef_ > 0).all())

    def test_a_loan_of_exactly_95_percent_is_not_high(self):
        high = fitted().named_steps["features"].named_transformers_["high"].named_steps["mark"]
        self.assertEqual(high.transform(ROWS[["lvrat"]]).ravel().tolist(), [0, 0, 1, 1])

    def test_an_answer_that_is_neither_yes_nor_no_is_refused(self):
        with self.assertRaisesRegex(ValueError, "maybe"):
            fitted().predict(ROWS.assign(phist="maybe"))

    def test_a_column_without_a_feature_is_named(self):
        with self.assertRaisesRegex(ValueError, "shoe_size"):
            make_pipeline(["pirat", "shoe_size"], inverse_penalty=1, seed=1)

    def test_weights_multiply_where_several_rules_meet(self):
        data = pandas.DataFrame({"deny": ["no", "yes", "yes"], "afam": ["yes", "no", "yes"]})
        rules = [{"where": {"deny": "yes"}, "weight": 2}, {"where": {"deny": "yes", "afam": "yes"}, "weight": 3}]
        self.assertEqual(sample_weights(data, rules).tolist(), [1, 2, 6])


if __name__ == "__main__":
    unittest.main()
