"""Reads published files onto the grid: one module per kind of file, and the recipe that names them."""
