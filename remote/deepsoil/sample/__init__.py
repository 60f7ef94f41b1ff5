"""The synthetic sample region: farmland under a mountain front, with known truth. Never real data."""
