"""The synthetic sample region: farmland below a mountain front, with known truth. No real data."""
