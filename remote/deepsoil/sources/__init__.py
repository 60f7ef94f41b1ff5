"""Published files onto the grid: one module a kind of file, and the recipe that names them."""
