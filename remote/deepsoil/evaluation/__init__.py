"""Predictions compared with the readings of stations, always with the trivial baselines."""
