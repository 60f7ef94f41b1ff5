"""Dates, numbers and sizes as the user reads them."""
