"""Predictions against the readings of stations, always beside the trivial baselines."""
