"""Station readings: daily means and quality control."""
