"""Predicts whether a mortgage application is denied."""
