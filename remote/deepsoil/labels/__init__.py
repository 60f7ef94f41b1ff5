"""Simulated labels of a region: its distinct soil columns, their water content, and the column of every pixel."""
