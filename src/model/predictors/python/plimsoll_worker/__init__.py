"""The Python side of Plimsoll's Python predictor: one model, loaded once, that answers until its input ends."""
