"""Predictions against what stations measured, always beside the trivial baselines."""
